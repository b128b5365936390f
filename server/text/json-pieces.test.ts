import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInPieces } from './json-pieces.ts';
import { JsonScan } from './json-scan.ts';
import { readJson } from '../http/body/json-body.ts';
import { Turns } from './turns.ts';

/** As if a piece were a few characters long, so that small texts are put together from many. */
const inPieces = (text: string, size: number) => parseInPieces(new JsonScan(text), new Turns(), size);

const spaced = fc.constantFrom('', ' ', '\n\t', '   ');

test('a text put together from pieces is what JSON.parse says, key by key in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue({ maxDepth: 6 }),
      fc.constantFrom(undefined, 1),
      fc.integer({ min: 1, max: 40 }),
      spaced,
      async (value, indent, size, around) => {
        const text = around + JSON.stringify(value, undefined, indent) + around;
        const whole: unknown = JSON.parse((await cleaned(text)) ?? text);
        expect(JSON.stringify(await inPieces(text, size))).toBe(JSON.stringify(whole));
      },
    ),
    { numRuns: 500 },
  );
});

/** Texts with what the scan mends are compared with what it makes of them in one go. */
const cleaned = async (text: string) => JSON.stringify((await readJson(text)).value);

test('what is no JSON is none in pieces either', async () => {
  const token = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u0000"',
    '1',
    'null',
    '12345678901234567890',
    ' ',
  );
  const near = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(''));
  await fc.assert(
    fc.asyncProperty(near, fc.integer({ min: 1, max: 12 }), async (text, size) => {
      const whole = await cleaned(text).catch(() => 'none');
      const pieces = await inPieces(text, size).then(
        (value) => JSON.stringify(value),
        () => 'none',
      );
      expect(pieces).toBe(whole);
    }),
    { numRuns: 5_000 },
  );
});

test.each(['[[1,2,3],4,5,[6,7,8],9]', '{"a":{"b":[1,2,3]},"__proto__":{"c":[4,5,6]},"a":{"d":1}}', '  "text" '])(
  '%s is parsed, however small the pieces',
  async (text) => {
    for (let size = 1; size < 12; size++) expect(await inPieces(text, size)).toEqual(JSON.parse(text));
  },
);

test.each([
  '[[1,2,3] 4]',
  '[[1,2,3],]',
  '[,[1,2,3]]',
  '[4 [1,2,3]]',
  '{"a":[1,2,3]]',
  '[[1,2,3]',
  '[[1,2,3]]]',
  '{[1]}',
])('%s is refused, however small the pieces', async (text) => {
  for (let size = 1; size < 12; size++) await expect(inPieces(text, size)).rejects.toThrow(SyntaxError);
});

test('of our own text nothing is mended, however it is cut: NUL, half a pair, long digits and depth stay as they are', async () => {
  const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 'bottom');
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 1, max: 40 }), async (value, size) => {
      const text = JSON.stringify([value, '\0 \ud800', deep, 2 ** 60 + 3_000]);
      const parsed = await parseInPieces(new JsonScan(text, 'none'), new Turns(), size);
      expect(JSON.stringify(parsed)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});
