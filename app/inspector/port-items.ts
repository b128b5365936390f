import type { PortItems } from '../api/run-shapes.ts';

/** How many items a port carried. */
export const countOf = (items: PortItems | undefined): number => items?.length ?? 0;

/** How many items all ports together carried. */
export const countAll = (ports: Readonly<Record<string, PortItems>>): number =>
  Object.values(ports).reduce((sum, items) => sum + countOf(items), 0);
