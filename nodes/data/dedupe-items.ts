import type { Budget } from '../../flow/facts/budget.ts';
import { readPath } from './path.ts';
import { joinKeys, keyOf } from './value-key.ts';

/** Parts items into one of each kind and the others; both in the order in which they came. */
export function dedupeItems(
  items: readonly unknown[],
  { by, keep }: { readonly by: readonly string[]; readonly keep: 'first' | 'last' },
  { engine, budget }: { readonly engine?: number; readonly budget?: Budget | undefined } = {},
): { kept: unknown[]; dropped: unknown[] } {
  const keys = items.map((item) =>
    by.length === 0 ? keyOf(item, budget) : joinKeys(by.map((field) => keyOf(readPath(item, field, engine), budget))),
  );
  const chosen = new Map<string, number>();
  keys.forEach((key, index) => {
    if (keep === 'last' || !chosen.has(key)) chosen.set(key, index);
  });
  const isChosen = (_item: unknown, index: number): boolean => chosen.get(keys[index]!) === index;
  return { kept: items.filter(isChosen), dropped: items.filter((item, index) => !isChosen(item, index)) };
}
