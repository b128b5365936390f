import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { list, toggle } from '../kit/fields.ts';
import { aggregateItems } from './aggregate-items.ts';
import { fieldPath } from './field-path.ts';
import { option } from '../kit/unfolding.ts';

export const aggregate = defineNode({
  type: 'data.aggregate',
  version: 1,
  title: 'Aggregate',
  icon: 'group',
  summary: 'Combines all items into one: the items as a list, or the values of fields as lists.',
  line: '{{ into ?? fields.map(field => field.name).join(", ") }}',
  params: z.object({
    into: fieldPath({
      title: 'Write items to',
      description: 'The field that gets the list of all items.',
      placeholder: 'items',
    }).optional(),
    fields: list(
      z.object({
        name: fieldPath({ title: 'Name' }),
        as: option(fieldPath({ title: 'Write to' })).optional(),
      }),
      {
        title: 'Fields',
        description: 'Instead of whole items: a list of this field’s values.',
        addLabel: 'Add a field',
      },
    ).default([]),
    mergeLists: option(
      toggle({
        title: 'Merge lists',
        description: 'If a value is a list, its entries are added instead of the list.',
      }),
    ).default(false),
    keepMissing: option(
      toggle({
        title: 'Keep missing values',
        description: 'Adds null for a missing value, so that the lists line up.',
      }),
    ).default(false),
    include: option(
      list(fieldPath({ title: 'Field' }), { title: 'Keep only', entryTitle: 'Field', addLabel: 'Add a field' }),
    ).optional(),
    exclude: option(
      list(fieldPath({ title: 'Field' }), { title: 'Remove', entryTitle: 'Field', addLabel: 'Add a field' }),
    ).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  runOnEmpty: true,
  all: ({ items, params, engine, budget }) => [
    { value: aggregateItems(items, params, { engine, budget }), $from: [...items.keys()] },
  ],
  examples: [
    {
      name: 'All items in one list',
      params: { into: 'orders' },
      given: { in: [{ id: 1 }, { id: 2 }] },
      gives: { out: [{ orders: [{ id: 1 }, { id: 2 }] }] },
    },
    {
      // ['a'], then ['b', 'c'] with lists merged: a, b, c. The missing name is left out.
      name: 'Values of fields as lists, lists merged',
      params: { fields: [{ name: 'tags' }, { name: 'who.name', as: 'names' }], mergeLists: true },
      given: { in: [{ tags: ['a'], who: { name: 'Åsa' } }, { tags: ['b', 'c'] }] },
      gives: { out: [{ tags: ['a', 'b', 'c'], names: ['Åsa'] }] },
    },
    {
      name: 'Missing values count as null when asked to',
      params: { fields: [{ name: 'n' }], keepMissing: true },
      given: { in: [{ n: 1 }, {}, { n: null }] },
      gives: { out: [{ n: [1, null, null] }] },
    },
    {
      name: 'Only some fields of each item',
      params: { into: 'rows', exclude: ['secret'] },
      given: { in: [{ id: 1, secret: 'x' }] },
      gives: { out: [{ rows: [{ id: 1 }] }] },
    },
    { name: 'No items make an empty list', params: {}, given: { in: [] }, gives: { out: [{ items: [] }] } },
  ],
});
