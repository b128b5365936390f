import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { fieldPath } from './field-path.ts';
import { splitItems } from './split-items.ts';
import { option } from '../kit/unfolding.ts';

const oneOrMore = z.union([
  fieldPath({ title: 'Field' }),
  z
    .array(fieldPath({ title: 'Field' }))
    .min(1)
    .max(50),
]);

export const splitOut = defineNode({
  type: 'data.split-out',
  version: 1,
  title: 'Split out',
  icon: 'list-tree',
  summary: 'Makes one item from each entry of a list inside the item.',
  line: '{{ field }}',
  params: z.object({
    field: oneOrMore.meta({
      title: 'Field',
      description: 'The list to split. Several lists are split side by side.',
      ui: 'path',
    }),
    as: option(
      oneOrMore.optional().meta({
        title: 'Write to',
        description: 'The field for the entry. Default: the entry becomes the item, or replaces its list.',
        ui: 'path',
      }),
    ),
    carry: option(
      z
        .union([
          z.literal('none').meta({ title: 'None' }),
          z.literal('all').meta({ title: 'All' }),
          z.array(fieldPath({ title: 'Field' })).meta({ title: 'Only some', addLabel: 'Add a field' }),
        ])
        .default('none')
        .meta({ title: 'Keep other fields', ui: 'keep' }),
    ),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ items, params, engine, budget }) => splitItems(items, params, { engine, budget }),
  examples: [
    {
      // Two lines of one order become two items; the order's number goes along.
      name: 'One item for each order line',
      params: { field: 'lines', as: 'line', carry: ['order'] },
      given: { in: [{ order: 7, lines: [{ sku: 'A' }, { sku: 'B' }], note: 'x' }] },
      gives: {
        out: [
          { order: 7, line: { sku: 'A' } },
          { order: 7, line: { sku: 'B' } },
        ],
      },
    },
    {
      name: 'The entries themselves, of any kind',
      params: { field: 'body.tags' },
      given: { in: [{ body: { tags: ['röd', null, { a: 1 }] } }] },
      gives: { out: ['röd', null, { a: 1 }] },
    },
    {
      name: 'An entry stands in place of its list when all is carried',
      params: { field: 'tags', carry: 'all' },
      given: { in: [{ id: 1, tags: ['a', 'b'] }] },
      gives: {
        out: [
          { id: 1, tags: 'a' },
          { id: 1, tags: 'b' },
        ],
      },
    },
    {
      name: 'A missing or empty list gives no items',
      params: { field: 'lines' },
      given: { in: [{}, { lines: [] }, { lines: null }] },
      gives: { out: [] },
    },
    {
      name: 'Several lists side by side',
      params: { field: ['names', 'ages'], as: ['name', 'age'] },
      given: { in: [{ names: ['Ada', 'Bo'], ages: [36] }] },
      gives: { out: [{ name: 'Ada', age: 36 }, { name: 'Bo' }] },
    },
  ],
});
