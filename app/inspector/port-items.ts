import type { Large, PortItems } from '../api/run-shapes.ts';

/** Whether a list was not sent with its step and has to be fetched. */
export const isLarge = (items: readonly unknown[] | Large): items is Large => !Array.isArray(items);

/** How many items a port carried. */
export const countOf = (items: PortItems | undefined): number =>
  items === undefined ? 0 : isLarge(items) ? (items.count ?? 0) : items.length;

/** How many items all ports together carried. */
export const countAll = (ports: Readonly<Record<string, PortItems>>): number =>
  Object.values(ports).reduce((sum, items) => sum + countOf(items), 0);
