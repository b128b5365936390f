import { currentEngine } from '../../flow/compile/plan.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { Derived } from '../kit/define-node.ts';
import { assertCount } from './limits.ts';
import { assignPlace, omitPaths, pickPaths, placeOf, readPath } from './path.ts';
import type { Fresh, FieldPath } from './path.ts';

export interface Split {
  readonly field: string | readonly string[];
  readonly as?: string | readonly string[] | undefined;
  readonly carry: 'none' | 'all' | readonly string[];
}

/**
 * One item for each entry of a list inside each item. Without `as` and with nothing carried the entry is the item, so that
 * splitting undoes `data.aggregate`; several fields are split side by side. A missing field gives no items.
 */
export function splitItems(
  items: readonly unknown[],
  split: Split,
  { engine = currentEngine, budget }: { readonly engine?: number; readonly budget?: Budget | undefined } = {},
): Derived[] {
  const fields = asList(split.field);
  const names = split.as === undefined ? fields : asList(split.as);
  const isBare = fields.length === 1 && split.as === undefined && split.carry === 'none';
  const made: Derived[] = [];
  for (const [index, item] of items.entries()) {
    const lists = fields.map((field) => entriesOf(readPath(item, field, engine)));
    const length = Math.max(...lists.map((list) => list.length));
    assertCount(made.length + length);
    budget?.spend(stepsAnItem);
    const rest = isBare || length === 0 ? undefined : carried(item, split.carry, fields, engine);
    const like = split.as === undefined && engine >= 2 ? item : undefined;
    const places = names.map((name) => placeOf(like ?? rest, name, engine));
    const width = rest === undefined ? 1 : Object.keys(rest).length + 1;
    for (let entry = 0; entry < length; entry += 1) {
      // Its own fields are copied for each entry.
      budget?.spend(4 + width);
      budget?.makes(8 * width);
      const value = rest === undefined ? lists[0]![entry] : withEntry(rest, places, lists, entry);
      made.push({ value, $from: index });
    }
  }
  return made;
}

/** What finding the lists of one item takes, in steps of expressions. */
const stepsAnItem = 16;

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** A list's entries, an object's values, a single value by itself, nothing for what is missing. */
function entriesOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [value];
}

function carried(item: unknown, carry: Split['carry'], fields: readonly string[], engine: number): Fresh {
  if (carry === 'none') return {};
  return carry === 'all' ? omitPaths(item, fields, engine) : pickPaths(item, carry, engine);
}

function withEntry(
  rest: Fresh,
  places: readonly FieldPath[],
  lists: readonly (readonly unknown[])[],
  entry: number,
): Fresh {
  const made = { ...rest };
  for (const [at, list] of lists.entries()) {
    const place = places[at];
    if (place !== undefined && entry < list.length) assignPlace(made, place, list[entry]);
  }
  return made;
}
