import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byMatch, byPosition, combinations, mergeLimit, sidesOf } from './merge-items.ts';
import type { Keep } from './merge-items.ts';

const row = (side: string) =>
  fc.array(
    fc
      .record({ k: fc.constantFrom(1, 2, 3, '1', null, undefined), [side]: fc.nat(9) })
      .map((item) => (item.k === undefined ? { [side]: item[side] } : item)),
    { maxLength: 8 },
  );
const both = fc.tuple(row('l'), row('r'));
const sides = (left: readonly unknown[], right: readonly unknown[]) => {
  const [one, two] = sidesOf({ in1: left, in2: right });
  if (!one || !two) throw new Error('two sides');
  return [one, two] as const;
};
const on = [{ left: 'k', right: 'k' }];
const match = (left: readonly unknown[], right: readonly unknown[], keep: Keep) =>
  byMatch(...sides(left, right), { on, keep, clash: 'prefer-right', loose: false });
const parents = (rows: readonly { $from: number | readonly number[] }[]) => rows.map(({ $from }) => $from);

describe('matching', () => {
  test('pairs are exactly those a nested loop finds, in its order', () => {
    fc.assert(
      fc.property(both, ([left, right]) => {
        const wanted = left.flatMap((a, i) =>
          right.flatMap((b, j) => ('k' in a && a.k !== null && 'k' in b && a.k === b.k ? [[i, left.length + j]] : [])),
        );
        expect(parents(match(left, right, 'matches'))).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  test('matches and non-matches part every item; everything is both of them', () => {
    fc.assert(
      fc.property(both, ([left, right]) => {
        const matched = match(left, right, 'matches');
        const lonely = match(left, right, 'non-matches');
        const used = new Set(parents(matched).flat());
        expect(
          parents(lonely)
            .flat()
            .filter((index) => used.has(index)),
        ).toEqual([]);
        expect(used.size + lonely.length).toBe(left.length + right.length);
        expect(match(left, right, 'everything')).toEqual([...matched, ...lonely]);
      }),
      { numRuns: 200 },
    );
  });

  test('enriching keeps every item of its side, in order', () => {
    fc.assert(
      fc.property(both, ([left, right]) => {
        const own = parents(match(left, right, 'enrich-left')).map((from) =>
          typeof from === 'number' ? from : from[0],
        );
        expect([...new Set(own)]).toEqual([...left.keys()]);
        expect(own).toEqual(own.toSorted((a, b) => Number(a) - Number(b)));
        const other = parents(match(left, right, 'enrich-right')).map((from) =>
          typeof from === 'number' ? from : from[1],
        );
        expect([...new Set(other)]).toEqual([...right.keys()].map((index) => index + left.length));
      }),
      { numRuns: 200 },
    );
  });
});

test('by position: as long as the shortest, or the longest when everything is kept', () => {
  fc.assert(
    fc.property(both, ([left, right]) => {
      expect(byPosition(sides(left, right), 'matches', { clash: 'suffix' })).toHaveLength(
        Math.min(left.length, right.length),
      );
      expect(byPosition(sides(left, right), 'everything', { clash: 'suffix' })).toHaveLength(
        Math.max(left.length, right.length),
      );
    }),
    { numRuns: 200 },
  );
});

test('combinations: the product of the lengths, each pair once', () => {
  fc.assert(
    fc.property(both, ([left, right]) => {
      const pairs = parents(combinations(sides(left, right), { clash: 'prefer-left' }));
      expect(pairs).toHaveLength(left.length * right.length);
      expect(new Set(pairs.map(String)).size).toBe(pairs.length);
    }),
    { numRuns: 200 },
  );
});

test('a product over the limit is refused before it is made', () => {
  const many = Array.from({ length: 400 }, (_, n) => ({ n }));
  expect(400 * 400).toBeGreaterThan(mergeLimit);
  expect(() => combinations(sides(many, many), { clash: 'prefer-left' })).toThrow(
    expect.objectContaining({ code: 'items.limit' }),
  );
  const same = many.map(() => ({ k: 1 }));
  expect(() => match(same, same, 'matches')).toThrow(expect.objectContaining({ code: 'items.limit' }));
});

test.each([
  ['prefer-left', { k: 1, price: 10, both: true }],
  ['prefer-right', { k: 1, price: 12, both: true }],
  ['suffix', { k: 1, price_1: 10, price_2: 12, both: true }],
] as const)('when both have a field, %s', (clash, expected) => {
  const [left, right] = sides([{ k: 1, price: 10 }], [{ k: 1, price: 12, both: true }]);
  expect(byMatch(left, right, { on, keep: 'matches', clash, loose: false })).toEqual([
    { value: expected, $from: [0, 1] },
  ]);
});
