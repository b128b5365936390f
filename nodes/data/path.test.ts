import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignPath, isRefused, objectWith, omitPaths, pickPaths, placeIn, placeOf, readPath } from './path.ts';
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

  test.each(['__proto__', 'a.__proto__.b', 'constructor.prototype', 'a["prototype"]', '["__proto__"]'])(
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

describe('a name that exists wins over a path', () => {
  const vat = 'price (incl. VAT)';
  const order = { [vat]: 12, 'v1.0': 1, sub: { 'a.b': { c: 3 }, [vat]: 4 }, 'list[0]': 'name', a: { b: 1 }, 'a.b': 2 };

  test.each<[string, readonly string[], unknown]>([
    [vat, [vat], 12],
    [`sub.${vat}`, ['sub', vat], 4],
    ['sub.a.b', ['sub', 'a.b'], { c: 3 }],
    ['sub.a.b.c', ['sub', 'a.b', 'c'], 3],
    ['v1.0', ['v1.0'], 1],
    ['list[0]', ['list[0]'], 'name'],
    ['a.b', ['a.b'], 2],
    ['$.a.b', ['a', 'b'], 1],
    ['["a.b"]', ['a.b'], 2],
    ["sub['a.b'].c", ['sub', 'a.b', 'c'], 3],
    ['["no.such"]', ['no.such'], undefined],
    ['sub.a.b.d', ['sub', 'a.b', 'd'], undefined],
  ])('%s is at %j', (path, place, value) => {
    expect(placeOf(order, path)).toEqual(place);
    expect(readPath(order, path)).toEqual(value);
  });

  test.each<[string, readonly string[]]>([
    [vat, [vat]],
    ['e.g. this', ['e.g. this']],
    ['No.', ['No.']],
    ['.hidden', ['.hidden']],
    ['Total [EUR]', ['Total [EUR]']],
    ['sum(a.b)', ['sum(a.b)']],
    ['customer.first name', ['customer', 'first name']],
    ['lines[0].sku', ['lines', '0', 'sku']],
    ['a.b', ['a', 'b']],
    ['["a.b"]', ['a.b']],
    ['x["a.b"].y', ['x', 'a.b', 'y']],
    ['$.No.1', ['No', '1']],
  ])('%s is made at %j where nothing is', (path, place) => {
    expect(placeOf({}, path)).toEqual(place);
  });

  test('keeping only a column with a dot keeps it as it is, and dropping it drops it', () => {
    expect(pickPaths(order, [vat, `sub.${vat}`])).toEqual({ [vat]: 12, sub: { [vat]: 4 } });
    expect(omitPaths({ [vat]: 1, b: 2 }, [vat])).toEqual({ b: 2 });
    expect(omitPaths({ sub: { [vat]: 1, b: 2 } }, [`sub.${vat}`])).toEqual({ sub: { b: 2 } });
  });

  test('what is written goes where the item has it, also when nothing else of it is kept', () => {
    const made: Fresh = {};
    assignPath(made, 'a.b', 5, { like: { 'a.b': 1 } });
    assignPath(made, 'c.d', 6, { like: { 'a.b': 1 } });
    expect(made).toEqual({ 'a.b': 5, c: { d: 6 } });
  });

  test('a group takes the place that the first item with the field has', () => {
    expect(placeIn([{}, { 'a.b': 1 }, { a: { b: 1 } }], 'a.b')).toEqual(['a.b']);
    expect(placeIn([{}], 'a.b')).toEqual(['a', 'b']);
  });

  test('any name of an item is picked as it is, and whatever is picked is where it was', () => {
    const key = fc.stringMatching(/^[a-z. ()[\]0-9]{1,6}$/).filter((text) => !isRefused(text));
    fc.assert(
      fc.property(fc.dictionary(key, fc.dictionary(key, fc.nat())), (item) => {
        for (const name of Object.keys(item)) expect(pickPaths(item, [name])).toEqual({ [name]: item[name] });
        expect(pickPaths(item, Object.keys(item))).toEqual(item);
        expect(omitPaths(item, Object.keys(item))).toEqual({});
      }),
    );
  });

  test('a plan of engine 1 reads and writes as it did', () => {
    expect(pickPaths({ [vat]: 1 }, [vat], 1)).toEqual({ 'price (incl': { ' VAT)': 1 } });
  });
});
