import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { sortedIndexes } from './order.ts';
import { option } from '../kit/unfolding.ts';

const byField = z.object({
  field: fieldPath({ title: 'Field', description: 'Default: the items themselves.' }).or(z.literal('')).default(''),
  order: choice(['asc', 'desc'], { title: 'Order', labels: { asc: 'Ascending', desc: 'Descending' } }).default('asc'),
  as: option(
    choice(['natural', 'text', 'number', 'date'], {
      title: 'Compare as',
      labels: {
        natural: 'Natural: 2 before 10, a before b',
        text: 'Text, character by character',
        number: 'Numbers',
        date: 'Dates',
      },
    }),
  ).default('natural'),
});

export const sort = defineNode({
  type: 'data.sort',
  version: 1,
  title: 'Sort',
  icon: 'arrow-down-a-z',
  summary: 'Sorts the items. Equal items keep their order; missing values come last.',
  line: '{{ by.map(sort => sort.field + (sort.order === "desc" ? " ↓" : " ↑")).join(", ") }}',
  params: z.object({
    by: list(byField, { title: 'Sort by', entryTitle: 'Field', addLabel: 'Add a field' }).min(1),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ items, params, zone, engine, budget }) =>
    sortedIndexes(items, params.by, { zone, engine, budget }).map((index) => items[index]),
  examples: [
    {
      // Numbers, also those written as text, by size: 100, 20, 3. Equal ones keep their order.
      name: 'Largest amount first, equal ones as they were',
      params: { by: [{ field: 'amount', order: 'desc' }] },
      given: {
        in: [
          { id: 'a', amount: 20 },
          { id: 'b', amount: '100' },
          { id: 'c', amount: 3 },
          { id: 'd', amount: 20 },
        ],
      },
      gives: {
        out: [
          { id: 'b', amount: '100' },
          { id: 'a', amount: 20 },
          { id: 'd', amount: 20 },
          { id: 'c', amount: 3 },
        ],
      },
    },
    {
      name: 'Text with numbers in it, then a second field',
      params: { by: [{ field: 'file' }, { field: 'meta.size', order: 'desc' }] },
      given: {
        in: [
          { file: 'file10' },
          { file: 'file2', meta: { size: 1 } },
          { file: 'file2', meta: { size: 5 } },
          { file: 'Élan' },
        ],
      },
      gives: {
        out: [
          { file: 'Élan' },
          { file: 'file2', meta: { size: 5 } },
          { file: 'file2', meta: { size: 1 } },
          { file: 'file10' },
        ],
      },
    },
    {
      name: 'Missing values last, in both orders',
      params: { by: [{ field: 'n', order: 'desc' }] },
      given: { in: [{ n: null }, { n: 1 }, {}, { n: 2 }] },
      gives: { out: [{ n: 2 }, { n: 1 }, { n: null }, {}] },
    },
    {
      name: 'Dates by their instant, whatever their offset',
      params: { by: [{ field: 'at', as: 'date' }] },
      given: { in: [{ at: '2026-03-01T12:00:00Z' }, { at: 'soon' }, { at: '2026-03-01T12:30:00+01:00' }] },
      gives: { out: [{ at: '2026-03-01T12:30:00+01:00' }, { at: '2026-03-01T12:00:00Z' }, { at: 'soon' }] },
    },
  ],
});
