import { expect, test } from 'vitest';
import { Patience, reaches } from './until.ts';

test('patience counts from the last time that things had come further, and what goes back and forth is no further', () => {
  let now = 0;
  const patience = new Patience(10, () => now);
  const after = (ms: number, far?: number) => {
    now += ms;
    return patience.lasts(far);
  };
  expect(after(9, 1), 'it begins').toBe(true);
  expect(after(9, 2), 'further, long after the start').toBe(true);
  expect(after(9, 1), 'back').toBe(true);
  expect(after(1, 2), 'where it was').toBe(false);
  expect(after(50, 3), 'further once more').toBe(true);
  expect(after(10), 'told nothing').toBe(false);
});

test('a figure is waited for as long as it grows, and given up when it stands still', async () => {
  let grown = 0;
  expect(await reaches(() => grown++, { least: 40, everyMs: 1, stillMs: 10_000 })).toBe(true);
  expect(grown, 'looked at no more often than it took').toBe(41);
  expect(await reaches(() => 39, { least: 40, everyMs: 1, stillMs: 5 })).toBe(false);
  expect(await reaches(() => Number.NaN, { everyMs: 1, stillMs: 5 }), 'what cannot be read').toBe(false);
  expect(await reaches(async () => true, { stillMs: 0 }), 'what holds already needs none').toBe(true);
});
