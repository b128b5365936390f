import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregateItems } from './aggregate-items.ts';
import { compareItems } from './compare-items.ts';
import { dedupeItems } from './dedupe-items.ts';
import { sortedIndexes } from './order.ts';
import { readPath } from './path.ts';
import { renameFields } from './rename-fields.ts';
import { setFields } from './set-fields.ts';
import { splitItems } from './split-items.ts';
import { summarizeItems } from './summarize-items.ts';
import { keyOf } from './value-key.ts';

const runs = { numRuns: 200 };
const whole = { fields: [], mergeLists: false, keepMissing: false };

/** Items as they come: mostly objects with a few common fields of any kind, now and then something else. */
const field = fc.constantFrom('a', 'b', 'c', 'ö');
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom('', 'x', 'X', '10', '9', 'file2', 'file10', 'é', '🎈', null, true, false),
);
const object = fc.dictionary(field, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(field, scalar)));
const items = fc.array(fc.oneof({ weight: 6, arbitrary: object }, { weight: 1, arbitrary: fc.jsonValue() }), {
  maxLength: 30,
});
const order = fc.constantFrom('asc' as const, 'desc' as const);
const as = fc.constantFrom('natural' as const, 'text' as const, 'number' as const, 'date' as const);
const by = fc.array(fc.record({ field, order, as }), { minLength: 1, maxLength: 3 });

describe('data.sort', () => {
  test('gives every item exactly once', () => {
    fc.assert(
      fc.property(items, by, (list, sort) => {
        const indexes = sortedIndexes(list, sort, { zone: 'utc' });
        expect(indexes.toSorted((a, b) => a - b)).toEqual([...list.keys()]);
      }),
      runs,
    );
  });

  test('sorting what is sorted changes nothing, and equal items stay in their order', () => {
    fc.assert(
      fc.property(items, by, (list, sort) => {
        const sorted = sortedIndexes(list, sort, { zone: 'utc' }).map((index) => list[index]);
        expect(sortedIndexes(sorted, sort, { zone: 'utc' })).toEqual([...sorted.keys()]);
        const same = list.map(() => ({ a: 1, b: 1, c: 1, ö: 1 }));
        expect(sortedIndexes(same, sort, { zone: 'utc' })).toEqual([...same.keys()]);
      }),
      runs,
    );
  });

  test('numbers come out by size, missing ones last in both orders', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), order, (numbers, direction) => {
        const list = numbers.map((n) => ({ n }));
        const sorted = sortedIndexes(list, [{ field: 'n', order: direction }], { zone: 'utc' }).map(
          (index) => numbers[index],
        );
        const present = numbers
          .filter((n) => n !== undefined)
          .toSorted((a, b) => (direction === 'asc' ? a - b : b - a));
        expect(sorted).toEqual([...present, ...numbers.filter((n) => n === undefined)]);
      }),
      runs,
    );
  });
});

describe('data.split-out and data.aggregate', () => {
  test('splitting undoes aggregating, for items of any kind', () => {
    fc.assert(
      fc.property(items, (list) => {
        const made = aggregateItems(list, { ...whole, into: 'deep.list' });
        const split = splitItems([made], { field: 'deep.list', carry: 'none' });
        expect(split.map(({ value }) => value)).toEqual(list);
        split.forEach(({ value }, index) => expect(value).toBe(list[index]));
      }),
      runs,
    );
  });

  test('splitting gives as many items as there are entries, each from its own item', () => {
    const holders = fc.array(fc.record({ id: fc.nat(), list: fc.array(scalar) }));
    fc.assert(
      fc.property(holders, (list) => {
        const split = splitItems(list, { field: 'list', as: 'entry', carry: ['id'] });
        expect(split.length).toBe(list.reduce((sum, { list: entries }) => sum + entries.length, 0));
        for (const { value, $from } of split) expect(readPath(value, 'id')).toBe(list[$from as number]!.id);
      }),
      runs,
    );
  });

  test('lists of fields kept with their missing values stay in step', () => {
    fc.assert(
      fc.property(items, (list) => {
        const made = aggregateItems(list, { ...whole, fields: [{ name: 'a' }, { name: 'b' }], keepMissing: true });
        expect([readPath(made, 'a'), readPath(made, 'b')]).toEqual([
          list.map((item) => readPath(item, 'a') ?? null),
          list.map((item) => readPath(item, 'b') ?? null),
        ]);
      }),
      runs,
    );
  });
});

describe('data.summarize', () => {
  const rows = fc.array(
    fc.record({ k: fc.constantFrom('x', 'y', 'å', null), n: fc.integer({ min: -1000, max: 1000 }) }),
  );

  test('the groups’ counts and totals add up to those of everything, and each item is in one group', () => {
    const sums = [{ op: 'count' as const }, { op: 'sum' as const, field: 'n', as: 'total' }];
    fc.assert(
      fc.property(rows, (list) => {
        const groups = summarizeItems(list, { by: ['k'], sums, as: 'items' });
        const [all] = summarizeItems(list, { by: [], sums, as: 'items' });
        const add = (path: string): number => groups.reduce((sum, { value }) => sum + Number(readPath(value, path)), 0);
        expect({ count: add('count'), total: add('total') }).toEqual(all!.value);
        expect(groups.flatMap(({ $from }) => $from).toSorted((a, b) => a - b)).toEqual([...list.keys()]);
      }),
      runs,
    );
  });

  test('least, middle and largest are in order, and are those of the sorted numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }), (numbers) => {
        const sums = (['min', 'median', 'max', 'average'] as const).map((op) => ({ op, field: 'n', as: op }));
        const [whole] = summarizeItems(
          numbers.map((n) => ({ n })),
          { by: [], sums, as: 'items' },
        );
        const { min, median, max, average } = whole!.value as Record<string, number>;
        const sorted = numbers.toSorted((a, b) => a - b);
        expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
        expect(sorted.filter((n) => n <= median!).length * 2).toBeGreaterThanOrEqual(sorted.length);
        expect(sorted.filter((n) => n >= median!).length * 2).toBeGreaterThanOrEqual(sorted.length);
        expect(average! * numbers.length).toBeCloseTo(
          numbers.reduce((sum, n) => sum + n, 0),
          6,
        );
      }),
      runs,
    );
  });
});

describe('data.dedupe', () => {
  const how = fc.record({
    by: fc.array(field, { maxLength: 2 }),
    keep: fc.constantFrom('first' as const, 'last' as const),
  });

  test('kept and dropped are all of the items, and a second time drops nothing', () => {
    fc.assert(
      fc.property(items, how, (list, { by: fields, keep }) => {
        const { kept, dropped } = dedupeItems(list, { by: fields, keep });
        expect([...kept, ...dropped].map((item) => keyOf(item)).toSorted()).toEqual(
          list.map((item) => keyOf(item)).toSorted(),
        );
        expect(dedupeItems(kept, { by: fields, keep })).toEqual({ kept, dropped: [] });
      }),
      runs,
    );
  });
});

describe('data.compare', () => {
  const rows = fc.array(fc.record({ k: fc.option(fc.nat(4)), v: fc.nat(2) }), { maxLength: 12 });
  const how = { on: [{ left: 'k' }], ignore: [], loose: false, ignoreCase: false };

  test('every item of both lists is counted once', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const { onlyA, onlyB, same, different } = compareItems(a, b, how);
        expect(onlyA.length + same.length + different.length).toBe(a.length);
        expect(onlyB.length + same.length + different.length).toBe(b.length);
      }),
      runs,
    );
  });

  test('a list compared with itself is the same, but for items without a key', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { onlyA, same, different } = compareItems(list, structuredClone(list), how);
        expect(same).toEqual(list.filter(({ k }) => k !== null));
        expect(onlyA).toEqual(list.filter(({ k }) => k === null));
        expect(different).toEqual([]);
      }),
      runs,
    );
  });
});

describe('data.rename', () => {
  test('keeps every value, and renaming back gives the item again', () => {
    fc.assert(
      fc.property(object, (item) => {
        const there = [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
          { from: 'c', to: 'new' },
        ];
        const back = [
          { from: 'b', to: 'a' },
          { from: 'a', to: 'b' },
          { from: 'new', to: 'c' },
        ];
        // Both a and b, or neither: else one would take the other's place for good.
        fc.pre(Object.hasOwn(item, 'a') === Object.hasOwn(item, 'b'));
        const kept = structuredClone(item);
        const renamed = renameFields(item, there);
        expect(Object.values(renamed as object)).toEqual(Object.values(item));
        expect(renameFields(renamed, back)).toEqual(item);
        expect(item).toEqual(kept);
      }),
      runs,
    );
  });
});

describe('data.set', () => {
  const fields = fc.array(fc.record({ name: fc.constantFrom('a', 'd.x', 'd.y.z', 'ö'), value: scalar }), {
    maxLength: 4,
  });

  test('writes what it says, keeps the rest, and never writes to the item', () => {
    fc.assert(
      fc.property(object, fields, fc.boolean(), (some, written, isDeep) => {
        const item = isDeep ? { ...some, d: { x: 1, y: { v: 2 } } } : some;
        const kept = structuredClone(item);
        const made = setFields(item, { fields: written, keep: 'all' }, { zone: 'utc' });
        const last = new Map(written.map(({ name, value }) => [name, value]));
        for (const [name, value] of last) expect(readPath(made, name)).toEqual(value);
        const others = Object.keys(item).filter((name) => !written.some((one) => one.name.split('.')[0] === name));
        for (const name of others) expect(readPath(made, name)).toBe(readPath(item, name));
        expect(item).toEqual(kept);
      }),
      runs,
    );
  });

  test('with nothing to write the item itself goes on', () => {
    const item = { a: 1 };
    expect(setFields(item, { fields: [], keep: 'all' }, { zone: 'utc' })).toBe(item);
  });

  test('text that is no number, a number too long to hold and an unwritable name are refused', () => {
    const set = (name: string, value: unknown) => () =>
      setFields({}, { fields: [{ name, type: 'number', value }], keep: 'all' }, { zone: 'utc' });
    expect(set('n', 'abc')).toThrow('“n” is not a number: "abc"');
    expect(set('n', '12345678901234567890')).toThrow('not a number');
    expect(set('n', 'Infinity')).toThrow('not a number');
    expect(set('a.__proto__', 1)).toThrow('No field may be called');
  });
});
