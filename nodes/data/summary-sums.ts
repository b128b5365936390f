import { currentEngine } from '../../flow/compile/plan.ts';
import { DecimalSum, decimalSum } from '../../flow/values/decimal.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { printJson } from '../kit/print-json.ts';
import { shorten, toNumber } from './convert.ts';
import { assertLength } from './limits.ts';
import { compareRanks, naturalRank } from './order.ts';
import { keyOf } from './value-key.ts';

export type SumOp = 'count' | 'unique' | 'sum' | 'average' | 'min' | 'max' | 'median' | 'concat' | 'first' | 'last';

/** A sum being taken: every value that is there (not missing, not null) is added, then asked for the result. */
export interface Running {
  add(value: unknown): void;
  result(): unknown;
}

/** Over which field, with what between the texts of `concat`, and by the rules of which engine number. */
export interface Summing {
  readonly field: string;
  readonly separator: string;
  readonly engine?: number | undefined;
  readonly budget?: Budget | undefined;
}

/** Begins a sum over a field. */
export const beginSum = (op: SumOp, how: Summing): Running => begin[op](how);

/** Sums as money is added up; those of engine 1 as JavaScript adds. */
function adder({ engine = currentEngine }: Summing): { add(value: number): void; value(): number } {
  if (engine >= 2) return new DecimalSum();
  let sum = 0;
  return { add: (value) => void (sum += value), value: () => sum };
}

const begin: Readonly<Record<SumOp, (how: Summing) => Running>> = {
  count: () => {
    let count = 0;
    return { add: () => void (count += 1), result: () => count };
  },
  unique: ({ budget }) => {
    const seen = new Set<string>();
    return { add: (value) => void seen.add(keyOf(value, budget)), result: () => seen.size };
  },
  sum: (how) => {
    const sum = adder(how);
    return { add: (value) => sum.add(numberIn(value, how)), result: () => sum.value() };
  },
  average: (how) => {
    const sum = adder(how);
    let count = 0;
    const add = (value: unknown): void => {
      sum.add(numberIn(value, how));
      count += 1;
    };
    return { add, result: () => (count === 0 ? null : sum.value() / count) };
  },
  min: ({ budget }) => extreme(-1, budget),
  max: ({ budget }) => extreme(1, budget),
  median: (how) => {
    const numbers: number[] = [];
    return { add: (value) => void numbers.push(numberIn(value, how)), result: () => medianOf(numbers) };
  },
  concat: ({ separator, budget }) => {
    const texts: string[] = [];
    let length = 0;
    const add = (value: unknown): void => {
      const text = typeof value === 'object' ? printJson(value, budget) : String(value);
      assertLength((length += text.length + separator.length));
      budget?.makes(text.length + separator.length);
      texts.push(text);
    };
    return { add, result: () => texts.join(separator) };
  },
  first: () => {
    let first: unknown = null;
    return { add: (value) => void (first ??= value), result: () => first };
  },
  last: () => {
    let last: unknown = null;
    return { add: (value) => void (last = value), result: () => last };
  },
};

/** The smallest or largest by natural order, so that dates written in ISO 8601 and text work as numbers do. */
function extreme(sign: 1 | -1, budget: Budget | undefined): Running {
  let best: unknown = null;
  let standing: ReturnType<typeof naturalRank> | undefined;
  const add = (value: unknown): void => {
    if (typeof value === 'number' && typeof best === 'number') {
      if (sign * (value - best) > 0) [best, standing] = [value, undefined];
      return;
    }
    const other = naturalRank(value, budget);
    if (best !== null && sign * compareRanks(other, (standing ??= naturalRank(best, budget)), budget) <= 0) return;
    [best, standing] = [value, other];
  };
  return { add, result: () => best };
}

function medianOf(numbers: number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : decimalSum([sorted[middle - 1]!, upper]) / 2;
}

function numberIn(value: unknown, { field, budget }: Summing): number {
  const number = typeof value === 'number' ? value : toNumber(value, budget);
  if (number !== undefined) return number;
  throw new Fault('data.invalid', `“${field}” is not a number: ${shorten(value)}.`, {
    mend: 'Make the field a number with Set fields first, or filter out the items without one.',
  });
}
