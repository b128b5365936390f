import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { joinKeys, keyOf, softKeyOf } from '../data/value-key.ts';
import { readPath } from '../data/path.ts';
import type { Derived } from '../kit/define-node.ts';

export type Clash = 'prefer-left' | 'prefer-right' | 'suffix';
export type Keep = 'matches' | 'non-matches' | 'everything' | 'enrich-left' | 'enrich-right';

/** Items of one input with the index of its first one among the items of all inputs, for lineage. */
export interface Side {
  readonly items: readonly unknown[];
  readonly start: number;
}

/** No merge makes more items than this: two lists of 1,000 combine to a million. */
export const mergeLimit = 100_000;

/** Inputs as sides, in port order. */
export function sidesOf(inputs: Readonly<Record<string, readonly unknown[]>>): Side[] {
  let start = 0;
  return Object.values(inputs).map((items) => {
    const side = { items, start };
    start += items.length;
    return side;
  });
}

/** First with first, second with second. What has no partner everywhere is left out, unless `everything` is kept. */
export function byPosition(sides: readonly Side[], keep: Keep, how: Joining): Derived[] {
  const lengths = sides.map(({ items }) => items.length);
  const count = keep === 'everything' ? Math.max(...lengths) : Math.min(...lengths);
  return Array.from({ length: count }, (_, index) => {
    const present = sides.filter(({ items }) => index < items.length);
    return joined(
      present.map(({ items, start }) => ({ item: items[index], from: start + index })),
      how,
    );
  });
}

/** Every item with every other: the product of the inputs, the last one changing fastest. */
export function combinations(sides: readonly Side[], how: Joining): Derived[] {
  const count = sides.reduce((product, { items }) => product * items.length, 1);
  assertFew(count);
  how.budget?.about(count * sides.length * 4);
  const rows = sides.reduce<Part[][]>(
    (before, { items, start }) =>
      before.flatMap((row) => items.map((item, index) => [...row, { item, from: start + index }])),
    [[]],
  );
  return rows.map((row) => joined(row, how));
}

/** What becomes of a field that two items have. */
export interface Joining {
  readonly clash: Clash;
  readonly budget?: Budget | undefined;
}

export interface Matching extends Joining {
  readonly on: readonly { readonly left: string; readonly right: string }[];
  readonly keep: Keep;
  readonly loose: boolean;
}

/**
 * Pairs of the left and right items whose fields agree; several partners make several pairs. A missing or null field agrees with
 * nothing. Pairs come in the order of the left (`enrich-right`: the right) items, then unmatched left ones, then unmatched right ones.
 */
export function byMatch(left: Side, right: Side, how: Matching): Derived[] {
  if (how.keep === 'enrich-right')
    return enrich(right, left, { ...how, on: how.on.map((pair) => ({ left: pair.right, right: pair.left })) }, false);
  if (how.keep === 'enrich-left') return enrich(left, right, how, true);
  const { pairs, usedLeft, usedRight } = pair(left, right, how);
  const lonely = [...alone(left, usedLeft), ...alone(right, usedRight)];
  if (how.keep === 'matches') return pairs.map(([a, b]) => joined([a, b], how));
  return how.keep === 'non-matches' ? lonely : [...pairs.map(([a, b]) => joined([a, b], how)), ...lonely];
}

/** All items of one side, each with what the other side knows of it. */
function enrich(base: Side, other: Side, how: Matching, baseIsLeft: boolean): Derived[] {
  const { pairs, usedLeft } = pair(base, other, how);
  const rows = [
    ...pairs.map(([a, b]) => ({ at: a.from, row: joined(baseIsLeft ? [a, b] : [b, a], how) })),
    ...alone(base, usedLeft).map((row) => ({ at: row.$from as number, row })),
  ];
  return rows.toSorted((one, two) => one.at - two.at).map(({ row }) => row);
}

interface Part {
  readonly item: unknown;
  readonly from: number;
}

function pair(
  left: Side,
  right: Side,
  how: Matching,
): { pairs: [Part, Part][]; usedLeft: Set<number>; usedRight: Set<number> } {
  const index = new Map<string, number[]>();
  right.items.forEach((item, position) => {
    const key = matchKey(
      item,
      how.on.map((on) => on.right),
      how,
    );
    if (key === undefined) return;
    const same = index.get(key);
    if (same) same.push(position);
    else index.set(key, [position]);
  });
  const pairs: [Part, Part][] = [];
  const usedLeft = new Set<number>();
  const usedRight = new Set<number>();
  left.items.forEach((item, position) => {
    const key = matchKey(
      item,
      how.on.map((on) => on.left),
      how,
    );
    for (const partner of key === undefined ? [] : (index.get(key) ?? [])) {
      usedLeft.add(position);
      usedRight.add(partner);
      assertFew(pairs.length + 1);
      pairs.push([
        { item, from: left.start + position },
        { item: right.items[partner], from: right.start + partner },
      ]);
    }
  });
  return { pairs, usedLeft, usedRight };
}

function matchKey(item: unknown, paths: readonly string[], { loose, budget }: Matching): string | undefined {
  budget?.spend(8);
  const values = paths.map((path) => readPath(item, path));
  if (values.some((value) => value === undefined || value === null)) return undefined;
  return joinKeys(values.map((value) => (loose ? softKeyOf(value, { loose, budget }) : keyOf(value, budget))));
}

const alone = ({ items, start }: Side, used: ReadonlySet<number>): Derived[] =>
  items.flatMap((item, index) => (used.has(index) ? [] : [{ value: item, $from: start + index }]));

/** One item of several. A field that differs between two is decided by `clash`; what agrees is written once. */
function joined(parts: readonly Part[], { clash, budget }: Joining): Derived {
  const [only] = parts;
  if (parts.length === 1 && only) return { value: only.item, $from: only.from };
  const objects = parts.map(({ item }) => objectOf(item));
  return {
    value: clash === 'suffix' ? suffixed(objects, budget) : overlaid(objects, clash, budget),
    $from: parts.map(({ from }) => from),
  };
}

function overlaid(objects: readonly Fields[], clash: Clash, budget: Budget | undefined): unknown {
  const entries = (clash === 'prefer-left' ? objects.toReversed() : objects).flatMap((fields) =>
    Object.entries(fields),
  );
  told(entries.length, budget);
  return Object.fromEntries(entries);
}

/** Fields are copied; what is in them is not. */
function told(fields: number, budget: Budget | undefined): void {
  budget?.spend(8 + 4 * fields);
  budget?.makes(8 * fields);
}

/** Fields that differ get the number of their input: `price_1`, `price_2`. */
function suffixed(objects: readonly Fields[], budget: Budget | undefined): unknown {
  const values = new Map<string, Set<string>>();
  for (const fields of objects)
    for (const [name, value] of Object.entries(fields))
      values.set(name, (values.get(name) ?? new Set()).add(keyOf(value, budget)));
  told(values.size, budget);
  return Object.fromEntries(
    objects.flatMap((fields, index) =>
      Object.entries(fields).map(([name, value]) => [
        (values.get(name)?.size ?? 0) > 1 ? `${name}_${index + 1}` : name,
        value,
      ]),
    ),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(item: unknown): Fields {
  if (isObject(item)) return item;
  throw new Fault('data.invalid', 'Only objects can be merged field by field, and this item is not an object.', {
    mend: 'Put the value into a field first with Set fields, or use mode Append.',
    done: 'no',
  });
}

function assertFew(count: number): void {
  if (count <= mergeLimit) return;
  throw new Fault('items.limit', `Merging would make more than ${mergeLimit.toLocaleString('en')} items.`, {
    mend: 'Match on fields that tell items apart, or filter or loop before merging.',
    done: 'no',
  });
}
