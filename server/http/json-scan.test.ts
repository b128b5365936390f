import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonBody } from './json-body.ts';
import { jsonLimits } from './json-scan.ts';

test('what JSON can say comes through unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const whole = JSON.parse(text, (_key, inner: unknown) => (typeof inner === 'string' ? clean(inner) : inner));
      expect(withoutBig(parseJsonBody(text).value)).toEqual(withoutBig(cleanKeys(whole)));
    }),
    { numRuns: 300 },
  );
});

test('any text is either parsed or refused with 400, and what is parsed can be stored', () => {
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
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      (text) => {
        let value: unknown;
        try {
          ({ value } = parseJsonBody(text));
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
])('%s is kept as %j, with a warning at %j', (text, value, at) => {
  const body = parseJsonBody(text);
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
])('%s stays as it is, without a warning', (text, value) => {
  expect(parseJsonBody(text)).toEqual({ value, warnings: [] });
});

const { depth, keys, items } = jsonLimits;
test.each([
  ['levels', '['.repeat(depth) + ']'.repeat(depth), '['.repeat(depth + 1) + ']'.repeat(depth + 1)],
  ['keys', objectOf(keys), objectOf(keys + 1)],
  [
    'items',
    `[${Array(items).fill(0).join()}]`,
    `[${Array(items + 1)
      .fill(0)
      .join()}]`,
  ],
])('the cap on %s lets its number through and one more not', (name, most, tooMuch) => {
  expect(() => parseJsonBody(most)).not.toThrow();
  expect(() => parseJsonBody(tooMuch)).toThrow(name);
});

test('of doubled keys the last counts, as everywhere', () => {
  expect(parseJsonBody('{"a":1,"a":2}').value).toEqual({ a: 2 });
});

test('bytes that are no UTF-8 are refused', () => {
  expect(() => parseJsonBody(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('UTF-8');
});

function objectOf(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 0])));
}

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
