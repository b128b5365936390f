import { isObject } from '../document/json.ts';
import { fullBudget, looksInAStep, spend, TooLarge } from './table-budget.ts';
import type { Budget } from './table-budget.ts';

/** A set of an axis' regions: bit n is region n. */
export type Mask = bigint;

/** Stands for a condition that cannot be judged from the table alone. */
export const opaque = -1n;

/** One column cut into regions in each of which every condition of the table is either true or false throughout. */
export interface Axis {
  readonly id: string;
  readonly title: string;
  readonly regions: readonly Region[];
  /** All regions. */
  readonly whole: Mask;
}

/** A number, the open interval between two numbers, a word or a truth value; `other` is any word that the table does not name. */
export type Region =
  | { readonly kind: 'point'; readonly value: number }
  | { readonly kind: 'between'; readonly above: number; readonly below: number }
  | { readonly kind: 'word'; readonly value: string | boolean }
  | { readonly kind: 'other' };

type Fields = Readonly<Record<string, unknown>>;

/** Sets of regions are numbers of as many bits. Rows that tell that many apart cost more than a whole budget anyway. */
const mostRegions = 2_000;

/**
 * The axes of the columns that can be judged: number, whole, boolean and choice. Others are left to the rows' opacity.
 * Throws `TooLarge`.
 */
export function axesOf(columns: readonly Fields[], whens: readonly Fields[], budget: Budget = fullBudget()): Axis[] {
  return columns.flatMap((column): Axis[] => {
    const { id, title } = column;
    if (typeof id !== 'string') return [];
    spend(budget, whens.length);
    const cells = whens.map((when) => (Object.hasOwn(when, id) ? when[id] : undefined));
    const regions = regionsOf(column, constantsOf(cells, budget));
    if (regions.length > mostRegions) throw new TooLarge();
    if (regions.length === 0) return [];
    return [
      {
        id,
        title: typeof title === 'string' && title !== '' ? title : id,
        regions,
        whole: (1n << BigInt(regions.length)) - 1n,
      },
    ];
  });
}

/** The regions in which a cell holds; `opaque` when that depends on more than the column's value. Throws `TooLarge`. */
export function maskOf(cell: unknown, axis: Axis, budget: Budget = fullBudget()): Mask {
  if (cell === undefined || cell === null || cell === '' || cell === '-') return axis.whole;
  let mask = axis.whole;
  for (const [op, right] of testsOf(cell)) {
    const test = judge(op, right);
    if (test === undefined) return opaque;
    spend(budget, axis.regions.length / looksInAStep);
    // Put together as text: setting one bit at a time copies all of them for each region.
    mask &= BigInt(
      `0b${axis.regions
        .map((region) => (test(region) ? '1' : '0'))
        .toReversed()
        .join('')}`,
    );
  }
  return mask;
}

const testsOf = (cell: unknown): readonly (readonly [op: string, right: unknown])[] =>
  isObject(cell) ? Object.entries(cell) : [[Array.isArray(cell) ? 'in' : 'equals', cell]];

/** Every value that the table compares this column with; what is compared otherwise makes its cell opaque. */
function constantsOf(cells: readonly unknown[], budget: Budget): (string | number | boolean)[] {
  return cells.flatMap((cell) =>
    testsOf(cell).flatMap(([op, right]) => {
      if (!isJudged(op)) return [];
      const values: readonly unknown[] = Array.isArray(right) ? right : [right];
      spend(budget, values.length);
      return values.filter(isConstant);
    }),
  );
}

const isConstant = (value: unknown): value is string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !value.includes('{{'));

function regionsOf(column: Fields, constants: readonly unknown[]): Region[] {
  switch (column['type']) {
    case 'number':
      return numberRegions(constants, false);
    case 'whole':
      return numberRegions(constants, true);
    case 'boolean':
      return [true, false].map((value) => ({ kind: 'word', value }));
    case 'choice':
      return choiceRegions(column['choices'], constants);
    default:
      return [];
  }
}

function numberRegions(constants: readonly unknown[], isWhole: boolean): Region[] {
  const numbers = [...new Set(constants.filter((value) => typeof value === 'number'))].toSorted((a, b) => a - b);
  const bounds = [Number.NEGATIVE_INFINITY, ...numbers, Number.POSITIVE_INFINITY];
  return bounds.slice(1).flatMap((below, at): Region[] => {
    const above = bounds[at]!;
    const between: Region[] = isWhole && !hasWholeBetween(above, below) ? [] : [{ kind: 'between', above, below }];
    const isPoint = Number.isFinite(below) && (!isWhole || Number.isInteger(below));
    return isPoint ? [...between, { kind: 'point', value: below }] : between;
  });
}

const hasWholeBetween = (above: number, below: number): boolean => Math.floor(above) + 1 < below;

function choiceRegions(choices: unknown, constants: readonly unknown[]): Region[] {
  const declared = Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : [];
  const words = declared.length > 0 ? declared : constants.filter((value) => typeof value === 'string');
  const regions = [...new Set(words)].map((value): Region => ({ kind: 'word', value }));
  return declared.length > 0 ? regions : [...regions, { kind: 'other' }];
}

type Test = (region: Region) => boolean;

/** What an operation says of a region; undefined when it cannot be judged. */
function judge(op: string, right: unknown): Test | undefined {
  if (op === 'in' || op === 'not-in') {
    if (!Array.isArray(right) || !right.every(isConstant)) return undefined;
    const values = new Set<unknown>(right);
    return (region) => (isSingle(region) && values.has(region.value)) === (op === 'in');
  }
  if (!isConstant(right)) return undefined;
  if (op === 'equals' || op === 'not-equals') return (region) => isAt(region, right) === (op === 'equals');
  if (op === 'is-true' || op === 'is-false') return (region) => isAt(region, (op === 'is-true') === (right !== false));
  return typeof right === 'number' && Object.hasOwn(orders, op) ? orders[op]?.(right) : undefined;
}

const isSingle = (region: Region): region is Extract<Region, { kind: 'point' | 'word' }> =>
  region.kind === 'point' || region.kind === 'word';

const isAt = (region: Region, value: unknown): boolean => isSingle(region) && region.value === value;

// The bounds of the regions are the very numbers compared with, so an interval lies wholly on one side of each.
const orders: Readonly<Record<string, (right: number) => Test>> = {
  gt: (right) => (region) => lowest(region) >= right && !isAt(region, right),
  gte: (right) => (region) => lowest(region) >= right,
  lt: (right) => (region) => highest(region) <= right && !isAt(region, right),
  lte: (right) => (region) => highest(region) <= right,
};

const isJudged = (op: string): boolean =>
  ['in', 'not-in', 'equals', 'not-equals'].includes(op) || Object.hasOwn(orders, op);

const lowest = (region: Region): number =>
  region.kind === 'point' ? region.value : region.kind === 'between' ? region.above : Number.NaN;
const highest = (region: Region): number =>
  region.kind === 'point' ? region.value : region.kind === 'between' ? region.below : Number.NaN;
