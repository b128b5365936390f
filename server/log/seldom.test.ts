import { expect, test } from 'vitest';
import { seldom } from './seldom.ts';

test('the first is said at once, what comes too soon is counted, and the next that is said tells how many', () => {
  let now = 0;
  const said: [string, number][] = [];
  const say = seldom<string>(
    5_000,
    (about, unsaid) => said.push([about, unsaid]),
    () => now,
  );
  for (const [at, about] of [
    [0, 'a'],
    [1, 'b'],
    [4_999, 'c'],
    [5_000, 'd'],
    [9_000, 'e'],
    [20_000, 'f'],
  ] as const) {
    now = at;
    say(about);
  }
  expect(said).toEqual([
    ['a', 0],
    ['d', 2],
    ['f', 1],
  ]);
});
