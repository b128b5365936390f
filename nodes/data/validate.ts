import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { json } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { compileSchema } from './json-schema.ts';
import type { Validator } from './json-schema.ts';
import { assignPath, readPath } from './path.ts';
import { option } from '../kit/unfolding.ts';

export const validate = defineNode({
  type: 'data.validate',
  version: 1,
  title: 'Validate',
  icon: 'shield-check',
  summary: 'Sorts items into those that match a JSON Schema and those that do not, with what is wrong.',
  line: '{{ field ?? "the item" }}',
  params: z.object({
    schema: json({ title: 'JSON Schema', description: 'Draft 2020-12.' }),
    field: option(fieldPath({ title: 'Field', description: 'Default: the whole item.' })).optional(),
    as: option(fieldPath({ title: 'Write problems to' })).default('problems'),
  }),
  inputs: { in: {} },
  outputs: { valid: {}, invalid: {} },
  effect: 'pure',
  each: ({ item, params: { schema, field, as }, engine, budget }) => {
    const value = field === undefined ? item : readPath(item, field, engine);
    const problems = validatorOf(schema, budget)(value, budget);
    if (problems.length === 0) return deliver({ valid: [item] });
    const made = isObject(item) ? { ...item } : { item };
    assignPath(made, as, problems, { engine });
    return deliver({ invalid: [made] });
  },
  examples: [
    {
      // The first fits; the second lacks its mail, and -1 is below the minimum of 0.
      name: 'Orders with a mail address and an amount',
      params: {
        schema: {
          type: 'object',
          required: ['mail', 'amount'],
          properties: { mail: { type: 'string', format: 'email' }, amount: { type: 'number', minimum: 0 } },
        },
      },
      given: { in: [{ mail: 'a@b.se', amount: 1 }, { amount: -1 }] },
      gives: {
        valid: [{ mail: 'a@b.se', amount: 1 }],
        invalid: [
          {
            amount: -1,
            problems: [
              { path: '/mail', message: 'is missing' },
              { path: '/amount', message: 'must be at least 0' },
            ],
          },
        ],
      },
    },
    {
      name: 'A list inside each item, by a definition',
      params: {
        schema: {
          type: 'array',
          items: { $ref: '#/$defs/sku' },
          $defs: { sku: { type: 'string', pattern: '^[A-Z]\\d+$', maxLength: 4 } },
        },
        field: 'skus',
        as: 'check.wrong',
      },
      given: { in: [{ skus: ['A1', 'å2'] }] },
      gives: {
        valid: [],
        invalid: [{ skus: ['A1', 'å2'], check: { wrong: [{ path: '/1', message: 'must match ^[A-Z]\\d+$' }] } }],
      },
    },
    {
      name: 'Items that are no objects',
      params: { schema: { enum: [null, 'ü'] } },
      given: { in: [null, 'ü', 3] },
      gives: {
        valid: [null, 'ü'],
        invalid: [{ item: 3, problems: [{ path: '', message: 'must be one of [null,"ü"]' }] }],
      },
    },
    {
      name: 'Says what in the schema is not understood',
      params: { schema: { $ref: 'https://example.com/schema.json' } },
      given: { in: [{}] },
      gives: { fault: 'data.invalid' },
    },
  ],
});

// A schema without expressions is the same object for every item: it is compiled once.
const compiled = new WeakMap<object, Validator>();

function validatorOf(schema: unknown, budget: Budget | undefined): Validator {
  if (typeof schema !== 'object' || schema === null) return compileSchema(schema, budget);
  const known = compiled.get(schema) ?? compileSchema(schema, budget);
  compiled.set(schema, known);
  return known;
}
