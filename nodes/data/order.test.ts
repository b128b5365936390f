import { expect, test } from 'vitest';
import { Budget, OverBudget } from '../../flow/facts/budget.ts';
import { sortedIndexes } from './order.ts';
import { beginSum } from './summary-sums.ts';

/** Milliseconds of this thread's processor time. */
const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
const spent = (work: () => unknown): number => {
  const before = processorMs();
  work();
  return processorMs() - before;
};

test('texts with tens of thousands of marks upon a letter are compared in no time', () => {
  const [one, other] = ['\u0315', '\u0316'].map((mark) => mark.repeat(60_000));
  const texts = [`a${one}${other}b`, `a${other}${one}a`];
  // 6 s before.
  expect(spent(() => sortedIndexes(texts, [{ field: '' }], { zone: 'utc' }))).toBeLessThan(1_000);
});

const long = '漢'.repeat(3_000_000);
const [x, y] = [`${long}b`, `${long}c`];

test.each([
  ['natural', () => sortedIndexes(turns(x, y), [{ field: '' }], how)],
  ['text', () => sortedIndexes(turns(x, y), [{ field: '', as: 'text' }], how)],
  ['a maximum, of which the first is the longest', () => sums('max', [x, ...turns('a', 'b')])],
  ['a minimum', () => sums('min', turns(x, y))],
])('what long texts are compared for is told to the budget: %s', (_, work) => {
  how.budget = new Budget({ ms: 50, bytes: 1e9, items: 1 }, processorMs);
  let thrown: unknown;
  const took = spent(() => {
    try {
      work();
    } catch (error) {
      thrown = error;
    }
  });
  expect(thrown).toBeInstanceOf(OverBudget);
  expect(took).toBeLessThan(1_000);
});

test('a smallest and a largest are those of natural order, whatever comes first', () => {
  how.budget = undefined;
  const values = [7, 'file10', 3, 'file9', true, 12, '4'];
  expect([sums('min', values), sums('max', values)]).toEqual([3, true]);
  expect([sums('min', ['b', 'a', 2]), sums('max', [1, 5, 'a', 9])]).toEqual([2, 'a']);
});

const how: { zone: string; budget: Budget | undefined } = { zone: 'utc', budget: undefined };
const turns = (one: string, other: string) => Array.from({ length: 3_000 }, (_, index) => (index % 2 ? one : other));
function sums(op: 'min' | 'max', values: readonly unknown[]): unknown {
  const sum = beginSum(op, { field: '', separator: '', budget: how.budget });
  for (const value of values) sum.add(value);
  return sum.result();
}
