import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('JSON Schema agrees with a known validator about any small schema and value', () => {
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
