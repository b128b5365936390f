import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';

export const noOp = defineNode({
  type: 'control.no-op',
  version: 1,
  title: 'Do nothing',
  icon: 'circle-dashed',
  summary: 'Passes items on unchanged: a place to join branches or to say that nothing happens here.',
  params: z.object({}),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ items }) => items,
  examples: [
    {
      name: 'Items pass unchanged',
      params: {},
      given: { in: [{ a: 1 }, { a: 2 }] },
      gives: { out: [{ a: 1 }, { a: 2 }] },
    },
    {
      name: 'Whatever they are',
      params: {},
      given: { in: [null, 'ÅÄÖ', [1], { a: null }] },
      gives: { out: [null, 'ÅÄÖ', [1], { a: null }] },
    },
    { name: 'Nothing in, nothing out', params: {}, given: { in: [] }, gives: {} },
  ],
});
