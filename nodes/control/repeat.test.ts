import { expect, test } from 'vitest';
import { pauseOf } from './repeat.ts';

test.each([
  [1, 'fixed', 2_000],
  [5, 'fixed', 2_000],
  [1, 'exponential', 2_000],
  [2, 'exponential', 4_000],
  [4, 'exponential', 16_000],
  [40, 'exponential', 60_000],
  [4_000, 'exponential', 60_000],
] as const)('before try %i the %s pause is %i ms', (turn, backoff, expected) => {
  expect(pauseOf(turn, { wait: '2s', backoff, atMost: '1m' })).toBe(expected);
});
