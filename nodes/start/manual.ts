import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { json } from '../kit/fields.ts';

export const manual = defineNode({
  type: 'start.manual',
  version: 1,
  title: 'Start by hand',
  icon: 'play',
  summary: 'Starts when you press Run, with the input you enter or the sample.',
  line: '{{ sample ? "with a sample" : "with the input given" }}',
  params: z.object({
    sample: json({
      title: 'Sample input',
      description: 'One item or a list of items. Used when a run starts without input.',
    }).optional(),
  }),
  literal: ['sample'],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'Passes on what it was started with',
      params: {},
      given: {},
      with: { event: [{ order: 7 }] },
      gives: { out: [{ order: 7 }] },
    },
    {
      name: 'Two items with a sample for trying out',
      params: { sample: [{ n: 1 }, { n: 2 }] },
      given: {},
      with: { event: [{ n: 1 }, { n: 2 }] },
      gives: { out: [{ n: 1 }, { n: 2 }] },
    },
    { name: 'A null is an item too', params: {}, given: {}, with: { event: [null] }, gives: { out: [null] } },
  ],
});
