import { expect, test } from 'vitest';
import { farFrom } from './edge-under.ts';

test('a point is as far from a line as from the nearest of its points', () => {
  expect(
    farFrom(
      [3, 4],
      [
        [0, 0],
        [100, 0],
      ],
    ),
  ).toBe(5);
  expect(farFrom([3, 4], [[3, 4]])).toBe(0);
  expect(farFrom([3, 4], [])).toBe(Infinity);
});
