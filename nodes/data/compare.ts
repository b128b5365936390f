import * as z from 'zod';
import { defineNode, deliver } from '../kit/define-node.ts';
import { comparing, list } from '../kit/fields.ts';
import { compareItems } from './compare-items.ts';
import { fieldPath } from './field-path.ts';
import { option } from '../kit/unfolding.ts';

export const compare = defineNode({
  type: 'data.compare',
  version: 1,
  title: 'Compare',
  icon: 'diff',
  summary: 'Pairs the items of two inputs by key and sorts them: only in A, only in B, same, different.',
  line: 'by {{ on.map(pair => pair.left).join(", ") }}',
  params: z.object({
    on: list(
      z.object({
        left: fieldPath({ title: 'Field in A' }),
        right: fieldPath({ title: 'Field in B', description: 'Default: the same as in A.' }).optional(),
      }),
      { title: 'Match by', entryTitle: 'Pair', addLabel: 'Add a pair' },
    ).min(1),
    ignore: option(
      list(fieldPath({ title: 'Field' }), { title: 'Fields to ignore', entryTitle: 'Field', addLabel: 'Add a field' }),
    ).default([]),
    ...comparing,
  }),
  inputs: { a: { title: 'A' }, b: { title: 'B' } },
  outputs: {
    onlyA: { title: 'only in A' },
    onlyB: { title: 'only in B' },
    same: { title: 'same' },
    different: { title: 'different' },
  },
  effect: 'pure',
  all: ({ inputs, params, engine, budget }) =>
    deliver({ ...compareItems(inputs.a, inputs.b, { ...params, engine, budget }) }),
  examples: [
    {
      name: 'What changed between two lists',
      params: { on: [{ left: 'sku' }] },
      given: {
        a: [
          { sku: 'A', price: 1 },
          { sku: 'B', price: 2 },
          { sku: 'C', price: 3 },
        ],
        b: [
          { sku: 'B', price: 2 },
          { sku: 'C', price: 4 },
          { sku: 'D', price: 5 },
        ],
      },
      gives: {
        onlyA: [{ sku: 'A', price: 1 }],
        onlyB: [{ sku: 'D', price: 5 }],
        same: [{ sku: 'B', price: 2 }],
        different: [{ a: { sku: 'C', price: 3 }, b: { sku: 'C', price: 4 }, changed: ['price'] }],
      },
    },
    {
      name: 'Keys under two names, text and number alike, some fields left aside',
      params: { on: [{ left: 'id', right: 'customer.id' }], ignore: ['seen', 'customer'], loose: true },
      given: { a: [{ id: 7, name: 'Zoë', seen: 1 }], b: [{ customer: { id: '7' }, name: 'Zoë', seen: 2 }] },
      gives: { onlyA: [], onlyB: [], same: [{ id: 7, name: 'Zoë', seen: 1 }], different: [] },
    },
    {
      name: 'Items without a key match nothing; twins pair in order',
      params: { on: [{ left: 'k' }] },
      given: { a: [{}, { k: 1 }, { k: 1 }], b: [{}, { k: 1 }, { k: null }] },
      gives: { onlyA: [{}, { k: 1 }], onlyB: [{}, { k: null }], same: [{ k: 1 }], different: [] },
    },
    {
      name: 'Nothing in one of them',
      params: { on: [{ left: 'k' }] },
      given: { a: [{ k: 1 }], b: [] },
      gives: { onlyA: [{ k: 1 }], onlyB: [], same: [], different: [] },
    },
  ],
});
