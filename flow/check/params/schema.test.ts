import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { anyJson } from '../../testing/documents.ts';
import { misfits } from './schema.ts';
import { sentenceOf } from './sentences.ts';

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
  misfits(schema, { name: 'Anna', ...value })
    .map((misfit) => sentenceOf(schema, misfit))
    .map(({ message, mend }) => `${message} ${mend}`.trim());

test.each<[object, string]>([
  [{ name: undefined }, 'Enter a name.'],
  [{ name: '' }, 'Enter a name.'],
  [{ name: 'a' }, 'name has 1 character. Enter at least 2.'],
  [{ slug: 'a1' }, 'slug is “a1”.'],
  [{ slug: '' }, 'slug is empty. Enter a value, or remove it.'],
  [{ kind: 'basci' }, 'kind is “basci”. Use “basic”.'],
  [{ kind: 'x' }, 'kind is “x”. Choose one of basic, header.'],
  [{ kind: '' }, 'kind is empty. Enter a value, or remove it.'],
  [{ size: 99 }, 'size is 99. Enter 50 or less.'],
  [{ size: 'many' }, 'size is the text “many”. Enter a whole number.'],
  [{ tags: [] }, 'Add a tag.'],
  [{ tags: ['a', 'b', 'c', 'd'] }, 'tags has 4 entries. Keep at most 3.'],
  [{ tags: ['a', 2] }, 'tag 2 is the number 2. Enter text.'],
  [{ auth: { kind: 'basic', user: 'u' } }, 'auth needs a pass.'],
  [{ auth: { kind: 'basic', user: 'u', pass: 'p', usr: 1 } }, 'auth has no field “usr”. Use user instead.'],
  [{ auth: { kind: 'basi' } }, 'auth › kind is “basi”. Use “basic”.'],
  [{ headers: { a: true } }, 'headers › a is the value true. Enter text or a number.'],
])('%j says what is wrong and what to do', (value, words) => {
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
