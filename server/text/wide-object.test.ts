import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonScan } from './json-scan.ts';
import { jsonInTurns } from './known-json.ts';
import { parseInPieces } from './json-pieces.ts';
import { Turns } from './turns.ts';
import { ObjectBuilder, wideFrom, wideKeys } from './wide-object.ts';

const built = (entries: readonly (readonly [string, unknown])[]) => {
  const builder = new ObjectBuilder();
  for (const [key, value] of entries) builder.set(key, value);
  return builder.value;
};

const filling = Array.from({ length: wideFrom + 1 }, (_, n) => [`f${n}`, n] as const);
const plainOf = (entries: readonly (readonly [string, unknown])[]) => {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of entries)
    Object.defineProperty(plain, key, { value, enumerable: true, configurable: true, writable: true });
  return plain;
};

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', '7', '4294967294', '4294967295', '-1', '01', 'f3'),
);

test('an object of very many keys is read, listed, copied and written as any other', { timeout: 240_000 }, () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 20 }), fc.boolean(), (some, isFirst) => {
      const entries = isFirst ? [...some, ...filling] : [...filling, ...some];
      const [wide, plain] = [built(entries), plainOf(entries)];
      expect(wideKeys(wide)).toHaveLength(Object.keys(plain).length);
      expect(Object.keys(wide).join('\n')).toBe(Object.keys(plain).join('\n'));
      expect(JSON.stringify(wide) === JSON.stringify(plain)).toBe(true);
      expect(JSON.stringify({ ...wide }) === JSON.stringify({ ...plain })).toBe(true);
      for (const [asked] of [...some, ['absent'], ['hasOwnProperty']] as const) {
        expect(wide[asked]).toStrictEqual(plain[asked]);
        expect(Object.hasOwn(wide, asked)).toBe(Object.hasOwn(plain, asked));
        expect(asked in wide).toBe(asked in plain);
      }
      expect([Object.getPrototypeOf(wide) === Object.prototype, Array.isArray(wide)]).toStrictEqual([true, false]);
    }),
    { numRuns: 15 },
  );
});

test('an object of very many keys cannot be changed by who holds it', () => {
  const wide = built(filling);
  expect(() => (wide['f1'] = 'changed')).toThrow(TypeError);
  expect(() => delete wide['f1']).toThrow(TypeError);
  expect(wide['f1']).toBe(1);
});

test('JSON of half a million different keys becomes an object whose parts are all small, and whose text is written without listing it', async () => {
  const count = 500_000;
  const text = `{"wide":{${Array.from({ length: count }, (_, n) => `"${n.toString(36)}x":${n}`).join(',')}}}`;
  const value = (await parseInPieces(new JsonScan(text), new Turns())) as { wide: Record<string, unknown> };
  expect(wideKeys(value.wide)).toHaveLength(count);
  expect(value.wide[`${(count - 1).toString(36)}x`]).toBe(count - 1);
  expect((await jsonInTurns(value)) === text).toBe(true);
});
