import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, duration } from './figures.ts';

test.each([
  [0, '0 ms'],
  [7.44, '7.4 ms'],
  [9.99, '9.9 ms'],
  [999.9, '999 ms'],
  [1_000, '1 s'],
  [1_250, '1.2 s'],
  [59_999, '59 s'],
  [60_000, '1 m'],
  [96_400, '1 m 36 s'],
  [7_500_000, '2 h 5 m'],
  [273_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_250, '1.2 kB'],
  [999_999, '999.9 kB'],
  [7_000_000, '7 MB'],
])('%d bytes are %s', (size, words) => {
  expect(bytes(size)).toBe(words);
});

const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What words say, in milliseconds. */
const said = (words: string) =>
  [...words.matchAll(/([\d.]+) (ms|s|m|h|d)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * sizes[unit!]!,
    0,
  );

test('a run of 119.6 s took "1 m 60 s": no part reaches its next unit, none says more than there was, and longer is never less', () => {
  const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(ms, ms, (one, other) => {
      const [less, more] = one < other ? [one, other] : [other, one];
      expect(duration(more)).not.toMatch(/\b(?:[6-9]\d|\d{3,}) [sm]\b|1000 ms/);
      expect(said(duration(more))).toBeLessThanOrEqual(more + 1e-6);
      expect(said(duration(less))).toBeLessThanOrEqual(said(duration(more)) + 1e-6);
    }),
  );
  expect(duration(119_600)).toBe('1 m 59 s');
});
