import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignPath, isRefused, objectWith, omitPaths, pickPaths, readPath } from './path.ts';
import type { Fresh } from './path.ts';

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const paths = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));

// Without lists, which take only indexes.
const branch = fc.oneof(fc.nat(), fc.constant(null), fc.dictionary(name, fc.dictionary(name, fc.nat())));

describe('paths', () => {
  test.each([
    [{ a: { b: [{ c: 7 }] } }, 'a.b[0].c', 7],
    [{ a: { b: [{ c: 7 }] } }, 'a.b.0.c', 7],
    [{ 'price (incl. VAT)': 3 }, 'price (incl. VAT)', 3],
    [{ 'a.b': 1, a: { b: 2 } }, 'a.b', 1],
    [{ a: 'text' }, 'a.length', undefined],
    [{}, 'toString', undefined],
    [{ a: null }, 'a.b', undefined],
    [[5, 6], '1', 6],
    ['text', 'x', undefined],
    [{ å: { ä: 'ö' } }, 'å.ä', 'ö'],
    [42, '', 42],
  ])('in %j, %s is %j', (item, path, value) => {
    expect(readPath(item, path)).toEqual(value);
  });

  test('what is written at a path is read there, and the object it came from is as before', () => {
    fc.assert(
      fc.property(paths, paths, branch, fc.jsonValue(), (before, path, first, value) => {
        const item = objectWith(before, first);
        const kept = structuredClone(item);
        const made: Fresh = { ...item };
        assignPath(made, path, value);
        expect(readPath(made, path)).toEqual(value);
        expect(item).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });

  test('picking and omitting the same paths never write to the item and leave nothing in both', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.dictionary(name, fc.nat(9))),
        fc.array(paths, { maxLength: 3 }),
        (item, chosen) => {
          const kept = structuredClone(item);
          const rest = omitPaths(item, chosen);
          const picked = pickPaths(item, chosen);
          for (const path of chosen) expect(readPath(rest, path)).toBeUndefined();
          for (const path of chosen) expect(readPath(picked, path)).toEqual(readPath(item, path));
          expect(item).toEqual(kept);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(['__proto__', 'a.__proto__.b', 'constructor.prototype', 'a[prototype]', '[__proto__]'])(
    '%s is refused',
    (path) => {
      expect(isRefused(path)).toBe(true);
      expect(() => assignPath({}, path, { polluted: 1 })).toThrow('No field may be called');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  test('a list is not stretched by a large index', () => {
    expect(() => assignPath({ list: [1] }, 'list[999999999]', 2)).toThrow('has no entry');
    const made: Fresh = { list: [1] };
    assignPath(made, 'list[1]', 2);
    expect(made).toEqual({ list: [1, 2] });
  });

  test('an own __proto__ key that came in as JSON stays data', () => {
    const item: unknown = JSON.parse('{"__proto__":{"admin":true},"a":1}');
    const made = omitPaths(item, ['a']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(readPath(made, 'admin')).toBeUndefined();
  });
});
