import * as z from 'zod';
import { defineNode, deliver } from '../kit/define-node.ts';
import { choice, list } from '../kit/fields.ts';
import { dedupeItems } from './dedupe-items.ts';
import { fieldPath } from './field-path.ts';
import { option } from '../kit/unfolding.ts';

export const dedupe = defineNode({
  type: 'data.dedupe',
  version: 1,
  title: 'Remove duplicates',
  icon: 'copy-minus',
  summary: 'Keeps one of the items that are the same, by some fields or as a whole.',
  line: '{{ by.length ? "by " + by.join(", ") : "whole items" }}',
  params: z.object({
    by: list(fieldPath({ title: 'Field' }), {
      title: 'Compare by',
      description: 'Default: whole items.',
      entryTitle: 'Field',
      addLabel: 'Add a field',
    }).default([]),
    keep: option(
      choice(['first', 'last'], { title: 'Keep', labels: { first: 'The first', last: 'The last' } }),
    ).default('first'),
  }),
  inputs: { in: {} },
  outputs: { kept: {}, dropped: {} },
  effect: 'pure',
  all: ({ items, params, engine, budget }) => deliver(dedupeItems(items, params, { engine, budget })),
  examples: [
    {
      name: 'The first of each mail address',
      params: { by: ['email'] },
      given: {
        in: [
          { id: 1, email: 'a@x.se' },
          { id: 2, email: 'b@x.se' },
          { id: 3, email: 'a@x.se' },
        ],
      },
      gives: {
        kept: [
          { id: 1, email: 'a@x.se' },
          { id: 2, email: 'b@x.se' },
        ],
        dropped: [{ id: 3, email: 'a@x.se' }],
      },
    },
    {
      name: 'The last of each, where it stood',
      params: { by: ['k'], keep: 'last' },
      given: {
        in: [
          { k: 1, n: 1 },
          { k: 2, n: 2 },
          { k: 1, n: 3 },
        ],
      },
      gives: {
        kept: [
          { k: 2, n: 2 },
          { k: 1, n: 3 },
        ],
        dropped: [{ k: 1, n: 1 }],
      },
    },
    {
      name: 'Whole items, whatever the order of their fields; 1 is not "1"',
      params: {},
      given: { in: [{ a: 1, b: 'ü' }, { b: 'ü', a: 1 }, 1, '1', null, null] },
      gives: { kept: [{ a: 1, b: 'ü' }, 1, '1', null], dropped: [{ b: 'ü', a: 1 }, null] },
    },
    {
      name: 'Items without the field count as the same',
      params: { by: ['k'] },
      given: { in: [{}, { k: null }, { k: 0 }] },
      gives: { kept: [{}, { k: 0 }], dropped: [{ k: null }] },
    },
  ],
});
