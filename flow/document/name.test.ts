import { expect, test } from 'vitest';
import { nameOf } from './name.ts';

test.each([
  ['Orders', 'Orders'],
  ['  All orders \t', 'All orders'],
  ['', undefined],
  ['   ', undefined],
  ['\u00A0\n', undefined],
])('%j names %j', (typed, name) => {
  expect(nameOf(typed)).toBe(name);
});
