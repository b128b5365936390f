import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchema } from './json-schema.ts';

/** Small schemas that say enough to be right or wrong about small values. */
const { schema } = fc.letrec<{ schema: object; simple: object; nested: object }>((tie) => ({
  schema: fc.oneof({ maxDepth: 3 }, tie('simple'), tie('nested')),
  simple: fc.oneof(
    fc.record({ type: fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'string', 'integer') }),
    fc.record({ type: fc.constant(['string', 'null']) }),
    fc.record({ minimum: fc.nat(3), exclusiveMaximum: fc.nat(5) }, { requiredKeys: [] }),
    fc.record(
      { maximum: fc.nat(3), exclusiveMinimum: fc.nat(2), multipleOf: fc.constantFrom(1, 2, 0.5) },
      { requiredKeys: [] },
    ),
    fc.record(
      { minLength: fc.nat(2), maxLength: fc.nat(3), pattern: fc.constantFrom('^a', 'b$', '[0-9]') },
      { requiredKeys: [] },
    ),
    fc.record({ enum: fc.array(value(), { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: value() }),
    fc.record({ minItems: fc.nat(2), maxItems: fc.nat(3), uniqueItems: fc.boolean() }, { requiredKeys: [] }),
    fc.record(
      {
        required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
        minProperties: fc.nat(2),
        maxProperties: fc.nat(3),
      },
      { requiredKeys: [] },
    ),
    fc.record({ dependentRequired: fc.constant({ a: ['b'] }) }),
    fc.record({ propertyNames: fc.constant({ maxLength: 1 }) }),
    fc.record({ $ref: fc.constantFrom('#/$defs/small', '#/$defs/list') }),
  ),
  nested: fc.oneof(
    fc.record(
      {
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema')),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: ['properties'] },
    ),
    fc.record(
      { patternProperties: fc.record({ '^a': tie('schema') }), additionalProperties: fc.boolean() },
      { requiredKeys: ['patternProperties'] },
    ),
    fc.record(
      { prefixItems: fc.array(tie('schema'), { maxLength: 2 }), items: fc.oneof(fc.boolean(), tie('schema')) },
      { requiredKeys: ['items'] },
    ),
    fc.record(
      { contains: tie('schema'), minContains: fc.nat(2), maxContains: fc.nat(3) },
      { requiredKeys: ['contains'] },
    ),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('schema') }),
    fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }, { requiredKeys: ['if'] }),
    fc.record({ dependentSchemas: fc.record({ a: tie('schema') }) }),
  ),
}));

function value() {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom(null, true, false, '', 'a', 'ab', '🎈b', '7', 0, 1, 2, 2.5, 4),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'ab'), tie('value')),
    ),
  })).value;
}

const $defs = { small: { type: 'number', maximum: 2 }, list: { type: 'array', items: { $ref: '#/$defs/small' } } };

describe('JSON Schema', () => {
  test('agrees with a known validator about any small schema and value', () => {
    let [right, tried] = [0, 0];
    fc.assert(
      fc.property(schema, value(), (made, given) => {
        const whole = { ...made, $defs };
        const expected = new Validator(structuredClone(whole), '2020-12', true).validate(given).valid;
        tried += 1;
        if (expected) right += 1;
        expect(compileSchema(whole)(given).length === 0).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(right / tried).toBeGreaterThan(0.1);
    expect(right / tried).toBeLessThan(0.9);
  });

  test('says where each problem is', () => {
    const check = compileSchema({
      type: 'object',
      required: ['id'],
      properties: { lines: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'string' } } } } },
      additionalProperties: false,
    });
    expect(check({ lines: [{ 'a/b': 1 }], x: 1 })).toEqual([
      { path: '/id', message: 'is missing' },
      { path: '/lines/0/a~1b', message: 'must be string' },
      { path: '/x', message: 'must not be there' },
    ]);
  });

  test('a schema may contain itself, but not go round in place', () => {
    const tree = compileSchema({ properties: { kids: { items: { $ref: '#' } }, n: { type: 'number' } } });
    expect(tree({ n: 1, kids: [{ n: 2, kids: [{ n: 'x' }] }] })).toEqual([
      { path: '/kids/0/kids/0/n', message: 'must be number' },
    ]);
    expect(() => compileSchema({ $ref: '#' })({})).toThrow('nested deeper');
  });

  test('a pattern made to be slow is not', () => {
    const check = compileSchema({ type: 'string', pattern: '^(a+)+$' });
    const begun = performance.now();
    expect(check(`${'a'.repeat(20_000)}!`)).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test.each([
    [{ unevaluatedProperties: false }, 'unevaluatedProperties'],
    [{ $ref: 'https://example.com/x.json' }, 'leads out of the schema'],
    [{ $ref: '#/$defs/none' }, 'leads nowhere'],
    [{ type: 'text' }, '“type” must be one of'],
    [{ required: 'a' }, '“required” must be a list'],
    ['text', 'A schema is an object'],
  ])('%j is a fault that says what is wrong', (made, message) => {
    expect(() => compileSchema(made)({})).toThrow(message);
  });

  test('problems are cut at twenty', () => {
    expect(compileSchema({ items: { type: 'number' } })(Array.from({ length: 100 }, () => 'x'))).toHaveLength(20);
  });

  test.each([
    ['date-time', '2026-03-01T10:00:00Z', '2026-03-01 10:00'],
    ['date', '2024-02-29', '2026-02-29'],
    ['time', '10:00:00+01:00', '10:00'],
    ['email', 'zoë@example.com', 'zoë@@x'],
    ['hostname', 'a-b.example', '-a.example'],
    ['ipv4', '192.0.2.1', '192.0.2.256'],
    ['ipv6', '2001:db8::192.0.2.1', '2001:db8:::1'],
    ['uri', 'https://example.com/a?b#c', 'example.com'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
  ])('format %s takes %s and not %s', (format, good, bad) => {
    const check = compileSchema({ format });
    expect([check(good), check(7)]).toEqual([[], []]);
    expect(check(bad)).toHaveLength(1);
  });
});
