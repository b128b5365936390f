import type { Wiring } from '../compile/wiring.ts';
import type { Budget } from '../facts/budget.ts';

/** How one node stands to another that reads it: surely before, surely after (or the same), aside, or not known. */
export type Relation = 'before' | 'later' | 'aside' | 'unknown';
export type Upstream = (read: string, reader: string) => Relation;

/**
 * Tells how any node stands to any other, by a row of bits for each: 5,000 nodes take 3 MB and no time. Nodes on a circle,
 * and parts, which run inside their owners, are not known.
 */
export function upstreamOf(wiring: Wiring, sorted: readonly string[], budget: Budget): Upstream {
  const places = new Map(sorted.map((key, index) => [key, index]));
  const width = Math.ceil(sorted.length / 32);
  const rows = sorted.map(() => new Uint32Array(width));
  const parents = Map.groupBy(wiring.forward, ({ to }) => to.node);
  sorted.forEach((key, index) => {
    for (const { from } of parents.get(key) ?? []) {
      budget.spend(width / wordsAStep);
      const parent = places.get(from.node) as number;
      rows[parent]!.forEach((bits, word) => (rows[index]![word] = rows[index]![word]! | bits));
      set(rows[index]!, parent);
    }
  });
  const parts = new Set(wiring.parts.map(({ from }) => from.node));
  return (read, reader) => {
    const [from, to] = [places.get(read), places.get(reader)];
    if (from === undefined || to === undefined || parts.has(reader) || parts.has(read)) return 'unknown';
    if (from === to || has(rows[from]!, to)) return 'later';
    return has(rows[to]!, from) ? 'before' : 'aside';
  };
}

/** Words of a row that are joined in a step. */
const wordsAStep = 4;

const set = (row: Uint32Array, bit: number): void => {
  row[bit >> 5] = row[bit >> 5]! | (1 << (bit & 31));
};
const has = (row: Uint32Array, bit: number): boolean => ((row[bit >> 5]! >>> (bit & 31)) & 1) === 1;
