import type { ComponentType } from 'react';
import * as icons from './icons.ts';

const byName: Readonly<Record<string, ComponentType<{ className?: string }>>> = icons.byName;

/** Whether a picture is at hand, as those of all shipped nodes are. */
export const isAtHand = (name: string): boolean => Object.hasOwn(byName, name);

/**
 * A node's picture by the name on its card; a box for a name that is not at hand. All of Lucide would be 180 kB, or with a file an
 * icon two thousand files of which each costs a request.
 */
export function NodeIcon({ name, size = 18 }: { name: string; size?: 12 | 14 | 16 | 18 }) {
  const Known = (isAtHand(name) ? byName[name] : undefined) ?? icons.byName.box;
  return <Known className={size === 16 ? 'i' : `i i-${size}`} aria-hidden />;
}
