import type { PortOutput } from './fact.ts';
import type { ItemState } from './state.ts';

/** The outputs of a node carried out item by item, in item order, with the item each came from. */
export function outOfItems(items: ReadonlyMap<number, ItemState>): Record<string, PortOutput> {
  const out: Record<string, { items: unknown[]; from: number[] }> = {};
  const inOrder = items.size < 2 ? items : [...items].toSorted(([a], [b]) => a - b);
  for (const [index, item] of inOrder)
    for (const [port, values] of Object.entries(item.out ?? {})) {
      const list = (out[port] ??= { items: [], from: [] });
      for (const value of values) {
        list.items.push(value);
        list.from.push(index);
      }
    }
  return out;
}
