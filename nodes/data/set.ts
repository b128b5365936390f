import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, json, jsonWhile, list } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { setFields } from './set-fields.ts';
import { option } from '../kit/unfolding.ts';

const paths = (title: string) =>
  list(fieldPath({ title: 'Field' }), { title, entryTitle: 'Field', addLabel: 'Add a field' });

export const set = defineNode({
  type: 'data.set',
  version: 1,
  title: 'Set fields',
  icon: 'pencil-line',
  summary: 'Sets fields of each item, each with the type you choose, and keeps the other fields or not.',
  line: '{{ fields.map(field => field.name).join(", ") }}',
  params: z.object({
    fields: list(
      z.object({
        name: fieldPath({ title: 'Name', placeholder: 'customer.city' }),
        type: choice(['string', 'number', 'boolean', 'list', 'object', 'date'], {
          title: 'Type',
          description: 'Default: the type the value has.',
        }).optional(),
        value: jsonWhile({ type: ['list', 'object'] }, z.unknown().optional().meta({ title: 'Value', ui: 'value' })),
      }),
      { title: 'Fields', addLabel: 'Add a field' },
    ).default([]),
    keep: z
      .union([
        z.literal('all').meta({ title: 'All' }),
        z.literal('none').meta({ title: 'None' }),
        z.strictObject({ only: paths('Keep') }).meta({ title: 'Only some' }),
        z.strictObject({ except: paths('Remove') }).meta({ title: 'All except some' }),
      ])
      .default('all')
      .meta({ title: 'Keep other fields', ui: 'keep' }),
    json: option(
      json({
        title: 'JSON template',
        description: 'An object whose fields are set before the ones above.',
      }),
    ).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  each: ({ item, params, zone, engine, budget }) => setFields(item, params, { zone, engine, budget }),
  examples: [
    {
      // 12.50 × 1.2 = 15: the text becomes a number, sku stays.
      name: 'Works out a total and keeps the rest',
      params: { fields: [{ name: 'total', type: 'number', value: '{{ $json.net * 1.2 }}' }] },
      given: { in: [{ sku: 'A1', net: 12.5 }] },
      gives: { out: [{ sku: 'A1', net: 12.5, total: 15 }] },
    },
    {
      name: 'Writes inside an object and drops everything else',
      params: {
        fields: [
          { name: 'customer.name', type: 'string', value: '{{ $json.n }}' },
          { name: 'customer.active', type: 'boolean', value: 'yes' },
        ],
        keep: 'none',
      },
      given: { in: [{ n: 'Zoë 🎈', secret: 1 }] },
      gives: { out: [{ customer: { name: 'Zoë 🎈', active: true } }] },
    },
    {
      name: 'Leaves out the fields that should not go on',
      params: { keep: { except: ['card.number', 'missing'] } },
      given: { in: [{ id: 1, card: { number: '4111', brand: 'visa' } }] },
      gives: { out: [{ id: 1, card: { brand: 'visa' } }] },
    },
    {
      name: 'A missing value becomes null',
      params: { fields: [{ name: 'age', type: 'number', value: '{{ $json.age }}' }], keep: { only: ['id'] } },
      given: { in: [{ id: 7 }, { id: 8, age: ' 41 ' }] },
      gives: {
        out: [
          { id: 7, age: null },
          { id: 8, age: 41 },
        ],
      },
    },
    {
      name: 'Says which field is not a number',
      params: { fields: [{ name: 'price', type: 'number', value: '12,50 €' }] },
      given: { in: [{}] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
