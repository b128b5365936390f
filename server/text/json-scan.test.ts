import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../http/body/json-body.ts';
import { depthMost } from './json-scan.ts';

test('what JSON can say comes through unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), async (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const whole = JSON.parse(text, (_key, inner: unknown) => (typeof inner === 'string' ? clean(inner) : inner));
      expect(withoutBig((await readJson(text)).value)).toEqual(withoutBig(cleanKeys(whole)));
    }),
    { numRuns: 300 },
  );
});

test('any text is either parsed or refused with 400, and what is parsed can be stored', async () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '\\u0000',
    '\\ud800',
    '\\udc00',
    '0',
    '-',
    '12345678901234567890',
    '1e400',
    'null',
    ' ',
    'é',
    '😀',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      async (text) => {
        let value: unknown;
        try {
          ({ value } = await readJson(text));
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
          return;
        }
        const stored = JSON.stringify(value) ?? '';
        expect(stored.isWellFormed()).toBe(true);
        expect(stored).not.toMatch(/(^|[^\\])(\\\\)*\\u0000/);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['9007199254740993', '9007199254740993', ''],
  ['[1,-9007199254740993]', [1, '-9007199254740993'], '/1'],
  ['{"a/b":{"~":[0,12345678901234567890]}}', { 'a/b': { '~': [0, '12345678901234567890'] } }, '/a~1b/~0/1'],
  ['{"a":[[],[{"b":"\\u0000"}]]}', { a: [[], [{ b: '\ufffd' }]] }, '/a/1/0/b'],
  ['"\\ud83d x"', '\ufffd x', ''],
  ['"\\udc00\\ud83d"', '\ufffd\ufffd', ''],
])('%s is kept as %j, with a warning at %j', async (text, value, at) => {
  const body = await readJson(text);
  expect(body.value).toEqual(value);
  expect(body.warnings[0]).toMatchObject({ at });
});

test.each([
  ['9007199254740991', 9007199254740991],
  ['-0', -0],
  ['12345678901234567.5', Number('12345678901234567.5')],
  ['"12345678901234567890"', '12345678901234567890'],
  ['"\\ud83d\\ude00"', '😀'],
  ['"\\\\u0000"', '\\u0000'],
  ['{"__proto__":{"x":1}}', JSON.parse('{"__proto__":{"x":1}}')],
])('%s stays as it is, without a warning', async (text, value) => {
  expect(await readJson(text)).toEqual({ value, warnings: [], namesFile: false });
});

test('the cap on levels lets its number through and one more not', async () => {
  await readJson('['.repeat(depthMost) + ']'.repeat(depthMost));
  await expect(readJson('['.repeat(depthMost + 1) + ']'.repeat(depthMost + 1))).rejects.toThrow('levels');
});

test.each([
  ['{"$file":1}', true],
  ['[{"a":{"\\u0024f\\u0069le":1}}]', true],
  ['{"a":"$file","$files":1,"\\\\$file":1}', false],
])('a key that only handles of files have is found however it is spelt: %s', async (text, namesFile) => {
  expect((await readJson(text)).namesFile).toBe(namesFile);
});

test('of doubled keys the last counts, as everywhere', async () => {
  expect((await readJson('{"a":1,"a":2}')).value).toEqual({ a: 2 });
});

test('bytes that are no UTF-8 are refused', async () => {
  await expect(readJson(Uint8Array.of(0x22, 0xff, 0x22))).rejects.toThrow('UTF-8');
});

const clean = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd');

function cleanKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanKeys);
  if (typeof value !== 'object' || value === null) return value;
  // Own properties, `__proto__` too.
  const entries = Object.entries(value).map(([key, inner]) => [clean(key), cleanKeys(inner)]);
  return Object.fromEntries(entries);
}

/** Whole numbers that a double cannot tell apart arrive as strings; the rest of the value is compared. */
function withoutBig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBig);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBig(inner)]));
  if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)) return 'big';
  return typeof value === 'string' && /^-?\d{16,}$/.test(value) ? 'big' : value;
}
