import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, whole } from '../kit/fields.ts';

export const limit = defineNode({
  type: 'data.limit',
  version: 1,
  title: 'Limit',
  icon: 'chevrons-down-up',
  summary: 'Keeps the first items, or the last, and drops the rest.',
  line: '{{ from === "end" ? "last" : "first" }} {{ count }}',
  params: z.object({
    count: whole({ title: 'Maximum items', min: 0, max: 1_000_000 }).default(1),
    from: choice(['start', 'end'], { title: 'Keep', labels: { start: 'The first', end: 'The last' } }).default('start'),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ items, params: { count, from } }) =>
    from === 'start' ? items.slice(0, count) : items.slice(Math.max(items.length - count, 0)),
  examples: [
    {
      name: 'The first two',
      params: { count: 2 },
      given: { in: [{ n: 1 }, { n: 2 }, { n: 3 }] },
      gives: { out: [{ n: 1 }, { n: 2 }] },
    },
    {
      name: 'The last two, in their order',
      params: { count: 2, from: 'end' },
      given: { in: [{ n: 1 }, { n: 2 }, { n: 3 }] },
      gives: { out: [{ n: 2 }, { n: 3 }] },
    },
    {
      name: 'More than there are',
      params: { count: 10, from: 'end' },
      given: { in: ['å', null] },
      gives: { out: ['å', null] },
    },
    { name: 'None at all', params: { count: 0 }, given: { in: [{ n: 1 }] }, gives: { out: [] } },
  ],
});
