import { expect, test } from 'vitest';
import { holds, lineOf } from './law.ts';

const gap = { name: 'a gap', unit: 'ms' };

test('a law holds up to its bound, and what could not be measured does not hold', () => {
  expect(holds({ ...gap, is: 250, most: 250 })).toBe(true);
  expect(holds({ ...gap, is: 250.5, most: 250 })).toBe(false);
  expect(holds({ ...gap, is: 89, least: 90 })).toBe(false);
  expect(holds({ ...gap, is: Number.NaN, most: 250 })).toBe(false);
  expect(holds({ ...gap, is: Math.max(), most: 250 }), 'the longest of nothing').toBe(false);
});

test('a law is one line: its name, its figure, its bound and whether it holds', () => {
  expect(lineOf({ ...gap, is: 187.4, most: 250 })).toBe('ok     a gap: 187 ms (at most 250)');
  expect(lineOf({ ...gap, is: 354, most: 250 })).toBe('BROKEN a gap: 354 ms (at most 250)');
});
