import { same } from './values.ts';
import type { Clash, Judge, Three } from './values.ts';

/** Names that are in a set after two people added to it and took from it. */
export function members({ base, ours, theirs }: Record<keyof Three<unknown>, readonly string[]>): Set<string> {
  const [old, mine, yours] = [new Set(base), new Set(ours), new Set(theirs)];
  const all = [...new Set([...yours, ...mine])];
  return new Set(all.filter((name) => (old.has(name) ? mine.has(name) && yours.has(name) : true)));
}

/**
 * Puts names in order: as the side that alone changed the list has them, else as theirs, with what only the other has at the end. Where
 * `place` is given, the order means something, and two new orders of the same names are a clash.
 */
export function arranged(
  { base, ours, theirs }: Record<keyof Three<unknown>, readonly string[]>,
  kept: ReadonlySet<string>,
  judge?: { judge: Judge; place: Pick<Clash, 'id' | 'path'> },
): string[] {
  const first = leading({ base, ours, theirs }, judge);
  const list = first === 'ours' ? [...ours, ...theirs] : [...theirs, ...ours];
  return [...new Set(list)].filter((name) => kept.has(name));
}

function leading(
  { base, ours, theirs }: Record<keyof Three<unknown>, readonly string[]>,
  judge?: { judge: Judge; place: Pick<Clash, 'id' | 'path'> },
): 'ours' | 'theirs' {
  if (same(base, ours)) return 'theirs';
  if (same(base, theirs)) return 'ours';
  const [old, mine, yours] = [new Set(base), new Set(ours), new Set(theirs)];
  const common = (list: readonly string[]) => list.filter((name) => old.has(name) && mine.has(name) && yours.has(name));
  const [before, here, there] = [common(base), common(ours), common(theirs)];
  if (same(before, here) || same(here, there)) return 'theirs';
  if (same(before, there)) return 'ours';
  return judge ? judge.judge.settle({ ...judge.place, ours: here, theirs: there }) : 'theirs';
}
