import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { anyJson } from '../../testing/documents.ts';
import { misfits } from './schema.ts';

const shape = z.object({
  name: z.string().min(2).max(8),
  kind: z.enum(['basic', 'header']).optional(),
  size: z.int().min(1).max(50).optional(),
  share: z.number().gt(0).lt(1).multipleOf(0.25).optional(),
  tags: z.array(z.string()).min(1).max(3).optional(),
  pair: z.tuple([z.string(), z.number()]).optional(),
  headers: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  auth: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('basic'), user: z.string(), pass: z.string() }),
    ])
    .optional(),
  slug: z
    .string()
    .regex(/^[a-z]+$/)
    .optional(),
  any: z.unknown().optional(),
});
const schema: Record<string, unknown> = { ...z.toJSONSchema(shape, { io: 'input' }) };

const fields = {
  kind: fc.constantFrom('basic', 'header', 'basci', 1),
  size: fc.oneof(fc.integer({ min: -1, max: 60 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  share: fc.constantFrom(0, 0.25, 0.3, 1),
  tags: fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 }),
  pair: fc.constantFrom(['a', 1], [1, 'a'], ['a', 1, 2], []),
  headers: fc.dictionary(fc.constantFrom('a', 'b'), anyJson),
  auth: fc.constantFrom(
    { kind: 'none' },
    { kind: 'basic', user: 'u', pass: 'p' },
    { kind: 'basic', user: 1 },
    { kind: 'basic', user: 'u', pass: 'p', x: 1 },
    { kind: 'odd' },
    1,
  ),
  slug: fc.constantFrom('abc', 'a1', ''),
  any: anyJson,
  other: anyJson,
};
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constant('Anna') },
  { weight: 1, arbitrary: fc.string({ maxLength: 9 }) },
);
/** Values with one, or with many, of the fields in question. */
const near = fc.oneof(
  ...Object.entries(fields).map(([field, value]) => fc.record({ name, [field]: value })),
  fc.record({ name, ...fields }, { requiredKeys: [] }),
);

test('it lets through what a whole validator lets through, and nothing else', () => {
  const oracle = new Validator(schema, '2020-12');
  let valid = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: anyJson }), (value) => {
      // Its own rule, tried below: a text with brackets fits anywhere in a schema that says nothing of templates.
      fc.pre(!JSON.stringify(value).includes('{{'));
      const expected = oracle.validate(value).valid;
      if (expected) valid++;
      expect(misfits(schema, value).length === 0).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
  expect(valid).toBeGreaterThan(300);
});

const says = (value: object) =>
  misfits(schema, { name: 'Anna', ...value }).map(
    ({ path, says: words, mend }) => `${path.join('.')} ${words}. ${mend}`,
  );

test.each<[object, string]>([
  [{ name: undefined }, 'name is missing. Give it a value.'],
  [{ kind: 'basci' }, 'kind is “basci”. Write “basic”.'],
  [{ size: 99 }, 'size is 99. Give 50 or less.'],
  [{ size: 'many' }, 'size is the text “many”. Give a whole number.'],
  [{ tags: [] }, 'tags has 0 entries. Give at least 1.'],
  [{ tags: ['a', 2] }, 'tags.1 is the number 2. Give text.'],
  [{ auth: { kind: 'basic', user: 'u' } }, 'auth.pass is missing. Give it a value.'],
  [{ auth: { kind: 'basic', user: 'u', pass: 'p', usr: 1 } }, 'auth has no field “usr”. Write user.'],
  [{ headers: { a: true } }, 'headers.a is the value true. Give text or a number.'],
])('%j says what is wrong and what mends it', (value, words) => {
  expect(says(value)).toEqual([words]);
});

test('a template fits wherever the schema does not say otherwise, but not in place of a fixed word', () => {
  expect(says({ size: '{{ $json.n }}', kind: '{{ $json.k }}', auth: '{{ $json.auth }}' })).toEqual([]);
  expect(says({ auth: { kind: '{{ $json.kind }}' } })).toHaveLength(1);
});

test('a schema as nasty as a document can be ends soon, and refuses nothing by mistake', () => {
  const self = { $ref: '#/$defs/a' };
  const circular = { $defs: { a: { $ref: '#/$defs/a' } }, properties: { x: self } };
  const wide = { $defs: { a: { anyOf: Array.from({ length: 50 }, () => self) } }, properties: { x: self } };
  const lost = { properties: { x: { $ref: '#/nowhere' } } };
  const lookahead = { properties: { x: { type: 'string', pattern: '^(?=a)' } } };
  const started = performance.now();
  for (const nasty of [circular, wide, lost, lookahead]) misfits(nasty, { x: 'v' });
  expect(performance.now() - started).toBeLessThan(15_000);
  for (const nasty of [circular, lost, lookahead]) expect(misfits(nasty, { x: 'v' })).toEqual([]);
});
