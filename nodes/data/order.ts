import type { Budget } from '../../flow/facts/budget.ts';
import { printJson } from '../kit/print-json.ts';
import { toNumber } from './convert.ts';
import { readDate } from '../../flow/values/date.ts';
import { withShortMarks } from '../../flow/values/mark-runs.ts';
import { readPath } from './path.ts';

/** How values are compared: numbers before text with `file2` before `file10`; by code units; as numbers; as dates. */
export type Comparison = 'natural' | 'text' | 'number' | 'date';

export interface SortBy {
  readonly field: string;
  readonly order?: 'asc' | 'desc';
  readonly as?: Comparison;
}

/** Where dates without an offset are, and the plan's engine number. */
export interface OrderContext {
  readonly zone: string;
  readonly engine?: number | undefined;
  readonly budget?: Budget | undefined;
}

/** The indexes of the items in sorted order: stable, and what is missing (or not of the kind compared) comes last both ways. */
export function sortedIndexes(items: readonly unknown[], by: readonly SortBy[], how: OrderContext): number[] {
  const columns = by.map((sort) => columnOf(items, sort, how));
  const [only] = columns;
  const indexes = Array.from(items, (_, index) => index);
  const { budget } = how;
  if (only && columns.length === 1)
    return indexes.sort((a, b) => {
      budget?.spend(1);
      return only(a, b) || a - b;
    });
  return indexes.sort((a, b) => {
    budget?.spend(columns.length);
    for (const compare of columns) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

/** Compares two values in natural order, as `data.sort` does. */
export const compareValues = (left: unknown, right: unknown): number =>
  compareRanks(naturalRank(left), naturalRank(right));

/** Where a value stands in natural order: worked out once for one that is compared with many. */
export const naturalRank = (value: unknown, budget?: Budget): Rank => rankOf(value, 'natural', { zone: 'utc', budget });

/** Compares two values in natural order by where they stand in it. */
export const compareRanks = (a: Rank, b: Rank, budget?: Budget): number =>
  a.rank - b.rank || (a.rank === rank.text ? naturally(budget)(a.text, b.text) : a.number - b.number);

const rank = { number: 0, text: 1, truth: 2, structure: 3, missing: 4 } as const;

// One fixed locale: the same items must sort alike on every machine and in the browser.
const natural = new Intl.Collator('en', { numeric: true });

type Compare = (a: number, b: number) => number;

/** Reads one column into flat arrays before sorting, because a comparison happens n log n times. */
function columnOf(items: readonly unknown[], sort: SortBy, how: OrderContext): Compare {
  const as = sort.as ?? 'natural';
  const ranks = new Uint8Array(items.length);
  const numbers = new Float64Array(items.length);
  const texts: string[] = [];
  let isUniform = true;
  items.forEach((item, index) => {
    how.budget?.spend(4);
    const key = rankOf(readPath(item, sort.field, how.engine), as, how);
    ranks[index] = key.rank;
    numbers[index] = key.number;
    if (key.rank === rank.text) texts[index] = key.text;
    if (key.rank !== rank.number) isUniform = false;
  });
  const sign = sort.order === 'desc' ? -1 : 1;
  if (isUniform) return (a, b) => sign * (numbers[a]! - numbers[b]!);
  const compareText = as === 'text' ? byCodeUnits(how.budget) : naturally(how.budget);
  return (a, b) => {
    const [left, right] = [ranks[a]!, ranks[b]!];
    if (left !== right) return left === rank.missing ? 1 : right === rank.missing ? -1 : sign * (left - right);
    return sign * (left === rank.text ? compareText(texts[a]!, texts[b]!) : numbers[a]! - numbers[b]!);
  };
}

/** Long texts that begin alike are compared for long, and copied whole by the host before that. */
function naturally(budget: Budget | undefined): (a: string, b: string) => number {
  return (a, b) => {
    const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
    if (longer.length > longText) budget?.about(shorter.length + longer.length / copiedAStep);
    return natural.compare(a, b);
  };
}

function byCodeUnits(budget: Budget | undefined): (a: string, b: string) => number {
  return (a, b) => {
    const length = Math.min(a.length, b.length);
    if (length > longText) budget?.spend(length / comparedAStep);
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

/** Characters that a comparison need not be estimated for. In the time of a step (50 ns) one digit is compared, or so many characters. */
const longText = 1_000;
const copiedAStep = 256;
const comparedAStep = 128;

/** Where a value stands among others: what kind comes first, and what orders those of one kind. */
interface Rank {
  readonly rank: number;
  readonly number: number;
  readonly text: string;
}

const plain = (of: number, number = 0, text = ''): Rank => ({ rank: of, number, text });
const missing = plain(rank.missing);

function rankOf(value: unknown, as: Comparison, { zone, engine, budget }: OrderContext): Rank {
  if (value === null || value === undefined) return missing;
  if (as === 'date') {
    const date = readDate(value, zone, { engine });
    return date ? plain(rank.number, date.toMillis()) : missing;
  }
  if (as === 'text') return plain(rank.text, 0, typeof value === 'object' ? printJson(value, budget) : String(value));
  const number = toNumber(value, budget);
  if (number !== undefined) return plain(rank.number, number);
  if (as === 'number') return missing;
  if (typeof value === 'string') return plain(rank.text, 0, withShortMarks(value, budget));
  return typeof value === 'boolean' ? plain(rank.truth, Number(value)) : plain(rank.structure);
}
