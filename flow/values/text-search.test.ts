import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, TooLong } from '../facts/budget.ts';
import { indexIn, isIn, lastIndexIn, splitBy } from './text-search.ts';

/** Texts in which beginnings of others stand often: few letters, and pieces that come again. */
const texts = fc
  .array(
    fc.tuple(fc.constantFrom('a', 'ab', 'aab', 'b', 'aba', 'é', '\ud83d', '\ude00'), fc.integer({ min: 1, max: 40 })),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.map(([piece, times]) => piece.repeat(times)).join(''));

/** A text and one to look for, which is a stretch of it as often as not. */
const searches = fc
  .tuple(texts, texts, fc.nat(200), fc.nat(200), fc.boolean())
  .map(([whole, other, one, two, isOwn]) => ({
    whole: whole.repeat(3),
    part: isOwn ? whole.repeat(3).slice(Math.min(one, two), Math.max(one, two)) : other,
  }));
const places = fc.oneof(fc.integer({ min: -5, max: 900 }), fc.constantFrom(Infinity, -Infinity, Number.NaN));

test('a search tells what the host tells, from any place, in both directions, and cuts as it cuts', () => {
  fc.assert(
    fc.property(searches, places, fc.nat(20), ({ whole, part }, from, most) => {
      const long = whole.repeat(Math.ceil(20_000 / (1 + whole.length)));
      expect(indexIn(whole, part, from)).toBe(whole.indexOf(part, from));
      expect(isIn(whole, part, from)).toBe(whole.includes(part, from));
      expect(lastIndexIn(long, part, from)).toBe(long.lastIndexOf(part, from));
      expect(splitBy(whole, part, most)).toEqual(whole.split(part, most));
    }),
    { numRuns: 200 },
  );
});

const spent = (work: () => unknown): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
};

test('a long text is looked for in a longer one in time that grows with their lengths', () => {
  const whole = 'a'.repeat(1_000_000);
  const half = 'a'.repeat(200_000);
  // The host takes a minute for each.
  for (const part of [`${half}b${half}`, `b${half}`, `${half}b`])
    expect(
      spent(() => {
        expect(indexIn(whole, part)).toBe(-1);
        expect(lastIndexIn(whole, part)).toBe(-1);
        expect(splitBy(whole, part, 10)).toHaveLength(1);
      }),
    ).toBeLessThan(2_000);
  expect(lastIndexIn(whole, half)).toBe(800_000);
});

test('a search that would take longer than its stage may is not begun', () => {
  const budget = new Budget({ ms: 1_000, stretchMs: 1, bytes: 1, items: 1 }, () => 0);
  budget.begins('may-leave');
  const half = 'a'.repeat(400_000);
  expect(() => isIn(half + half, `${half}b`, 0, budget)).toThrow(TooLong);
});
