import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLarge, jsonInTurns, jsonOf, rememberJson, rememberLarge } from './known-json.ts';
import { CountedTurns } from './testing/counted-turns.ts';

test('a value is written in turns as JSON.stringify writes it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), fc.array(fc.nat(6), { maxLength: 6 }), async (value, sizes) => {
      // Long texts put in here and there, so that some of what holds them is longer than a piece.
      const long = sizes.map((size) => ({
        value,
        text: 'x'.repeat(size * 20_000),
        gone: undefined,
        list: [undefined, value],
      }));
      expect(await jsonInTurns(long)).toBe(JSON.stringify(long));
    }),
    { numRuns: 100 },
  );
});

test('a long text is never cut through a character', async () => {
  for (const before of ['', 'x', 'xy']) {
    const text = before + '🎈\u0001é\ud800'.repeat(40_000);
    expect((await jsonInTurns({ text })) === JSON.stringify({ text })).toBe(true);
  }
});

test('dates, and what is no JSON, are as ever', async () => {
  for (const value of [
    new Date(0),
    undefined,
    null,
    'a',
    [new Date(0)],
    { at: new Date(0), text: 'x'.repeat(100_000) },
  ])
    expect(await jsonInTurns(value)).toBe(JSON.stringify(value) ?? 'null');
});

test('a large value gives its turn away again and again', async () => {
  const turns = new CountedTurns();
  const rows = Array.from({ length: 50_000 }, (_, n) => ({ n, name: `order ${n}` }));
  await jsonInTurns({ rows }, turns);
  expect(turns.times).toBeGreaterThan(20);
});

test('what is known of a value is not written again, wherever it stands', async () => {
  const body = { a: 1 };
  rememberJson(body, '{"a": 1}');
  const item = { body, n: 1 };
  expect(isLarge(body)).toBe(true);
  expect(isLarge(item)).toBe(false);
  rememberLarge(item);
  expect(await jsonOf([item, { n: 2 }])).toBe('[{"body":{"a": 1},"n":1},{"n":2}]');
  expect(await jsonOf({ n: 2 })).toBe('{"n":2}');
});
