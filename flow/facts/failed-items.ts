import type { FaultRecord } from './fact.ts';

/** How many of a node's items failed and went on, by `error` or unchanged; a fault that names no item is that of its whole batch. */
export function failedItems(faults: readonly FaultRecord[], batch: number): number {
  if (faults.some(({ item }) => item === undefined)) return Math.max(1, batch);
  return new Set(faults.map(({ item }) => item)).size;
}
