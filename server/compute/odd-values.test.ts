import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonScan } from '../text/json-scan.ts';
import { parseInPieces } from '../text/json-pieces.ts';
import { Turns } from '../text/turns.ts';
import { wideFrom, wideKeys } from '../text/wide-object.ts';
import { withoutOdd, withOdd } from './odd-values.ts';

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

async function travelled(value: unknown): Promise<unknown> {
  const { json, odd } = withoutOdd(value);
  return odd === undefined ? throughJson(json) : withOdd(throughJson(json), throughJson(odd), new Turns());
}

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(undefined, NaN, Infinity, -Infinity, -0, 0, null, true, 'a', '\ud800', '', 1e21),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '9', '__proto__', ''), tie('value')), { maxLength: 4 })
      .map(Object.fromEntries),
  ),
})).value;

/** The order of keys, and what is there without a value, count too. */
const written = (one: unknown): unknown =>
  typeof one === 'object' && one !== null
    ? [Array.isArray(one), Object.entries(one).map(([key, inner]) => [key, written(inner)])]
    : one;

test('what JSON has no word for comes back where it was, and everything else as it was', async () => {
  await fc.assert(
    fc.asyncProperty(value, async (one) => {
      expect(written(await travelled(one))).toStrictEqual(written(one));
    }),
    { numRuns: 500 },
  );
});

test('a value that JSON can say is not copied', () => {
  const item = { a: [1, { b: null }] };
  expect(withoutOdd(item)).toEqual({ json: item });
  expect(withoutOdd(item).json).toBe(item);
});

test('it comes back in an object of very many keys, which cannot be changed', async () => {
  const wide = Object.fromEntries(Array.from({ length: wideFrom + 2 }, (_, at) => [`k${at}`, at === 7 ? NaN : at]));
  const { json, odd } = withoutOdd(wide);
  const come = await parseInPieces(new JsonScan(JSON.stringify(json), 'none'), new Turns());
  expect(wideKeys(come as object)).toBeDefined();
  expect(written(await withOdd(come, odd!, new Turns()))).toEqual(written(wide));
});
