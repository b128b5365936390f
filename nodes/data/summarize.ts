import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, longText } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { summarizeItems } from './summarize-items.ts';
import { option, shown } from '../kit/unfolding.ts';

const sum = z.object({
  field: fieldPath({ title: 'Field', description: 'Count without a field counts items.' }).optional(),
  op: choice(['count', 'unique', 'sum', 'average', 'min', 'max', 'median', 'concat', 'first', 'last'], {
    title: 'Calculate',
    labels: {
      count: 'Count',
      unique: 'Count unique',
      sum: 'Sum',
      average: 'Average',
      min: 'Minimum',
      max: 'Maximum',
      median: 'Median',
      concat: 'Join texts',
      first: 'First',
      last: 'Last',
    },
  }),
  as: option(fieldPath({ title: 'Write to', description: 'Default: such as sum_amount.' })).optional(),
  separator: shown(
    { op: 'concat' },
    longText({ title: 'Separator', description: 'Stands between the texts.' }),
  ).optional(),
});

export const summarize = defineNode({
  type: 'data.summarize',
  version: 1,
  title: 'Summarize',
  icon: 'sigma',
  summary: 'Counts, sums and averages fields over all items or over groups of them.',
  line: '{{ said.sums.map(sum => sum.op + (sum.field ? " " + sum.field : "")).join(", ") }}',
  params: z.object({
    by: list(fieldPath({ title: 'Field' }), {
      title: 'Group by',
      entryTitle: 'Field',
      addLabel: 'Add a field',
    }).default([]),
    sums: list(sum, { title: 'Calculations', addLabel: 'Add a calculation' }).default([{ op: 'count' }]),
    as: option(
      choice(['items', 'object'], {
        title: 'Output',
        labels: { items: 'One item per group', object: 'One item with a field per group' },
      }),
    ).default('items'),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  runOnEmpty: true,
  all: ({ items, params, engine, budget }) => summarizeItems(items, params, { engine, budget }),
  examples: [
    {
      // north: 2 items, 10 + 2.5 = 12.5; south: 1 item, 4.
      name: 'Count and total by region',
      params: {
        by: ['region'],
        sums: [
          { op: 'count', as: 'orders' },
          { field: 'amount', op: 'sum', as: 'total' },
        ],
      },
      given: {
        in: [
          { region: 'north', amount: 10 },
          { region: 'south', amount: 4 },
          { region: 'north', amount: 2.5 },
        ],
      },
      gives: {
        out: [
          { region: 'north', orders: 2, total: 12.5 },
          { region: 'south', orders: 1, total: 4 },
        ],
      },
    },
    {
      // Of 1, 2, 2, 7: median 2, average 3, three different; null and the missing one are left out.
      name: 'Several sums of one field, without missing values',
      params: {
        sums: [
          { field: 'n', op: 'median' },
          { field: 'n', op: 'average' },
          { field: 'n', op: 'unique' },
          { field: 'n', op: 'count' },
          { field: 'n', op: 'min' },
          { field: 'n', op: 'max' },
        ],
      },
      given: { in: [{ n: 7 }, { n: 2 }, {}, { n: 1 }, { n: null }, { n: 2 }] },
      gives: { out: [{ median_n: 2, average_n: 3, unique_n: 3, count_n: 4, min_n: 1, max_n: 7 }] },
    },
    {
      name: 'Groups as fields of one object',
      params: { by: ['city', 'vip'], sums: [{ field: 'name', op: 'concat', as: 'names' }], as: 'object' },
      given: {
        in: [
          { city: 'Malmö', vip: true, name: 'Åke' },
          { city: 'Malmö', vip: true, name: 'Bo' },
          { city: 'Oslo', vip: false, name: '李' },
        ],
      },
      gives: { out: [{ Malmö: { true: { names: 'Åke, Bo' } }, Oslo: { false: { names: '李' } } }] },
    },
    {
      name: 'No items: the count is 0, other sums have no value',
      params: {
        sums: [{ op: 'count' }, { field: 'n', op: 'sum' }, { field: 'n', op: 'max' }, { field: 'n', op: 'first' }],
      },
      given: { in: [] },
      gives: { out: [{ count: 0, sum_n: 0, max_n: null, first_n: null }] },
    },
    {
      name: 'Says which value is not a number',
      params: { sums: [{ field: 'n', op: 'sum' }] },
      given: { in: [{ n: 'ten' }] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
