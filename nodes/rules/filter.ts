import * as z from 'zod';
import { holds } from '../../flow/values/conditions.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { comparing, where } from '../kit/fields.ts';

export const filter = defineNode({
  type: 'rules.filter',
  version: 1,
  title: 'Filter',
  icon: 'funnel',
  summary: 'Keeps the items that match the conditions and drops the others.',
  line: '{{ (said.where.all ?? said.where.any ?? [said.where]).map(one => one.op ? `${one.left} ${one.op} ${one.right ?? ""}` : "(…)").join(where.any ? " or " : " and ") }}',
  params: z.object({ where: where({ title: 'Keep when' }), ...comparing }),
  inputs: { in: {} },
  outputs: { kept: {}, dropped: {} },
  effect: 'pure',
  each: ({ item, params: { where, loose, ignoreCase }, zone, engine, budget }) =>
    holds(where, { loose, ignoreCase, zone, engine, budget })
      ? deliver({ kept: [item] })
      : deliver({ dropped: [item] }),
  examples: [
    {
      // 100 and 250 are at least 100.
      name: 'Amounts of at least 100',
      params: { where: { all: [{ left: '{{ $json.amount }}', op: 'gte', right: 100 }] } },
      given: { in: [{ amount: 100 }, { amount: 99.99 }, { amount: 250 }] },
      gives: { kept: [{ amount: 100 }, { amount: 250 }], dropped: [{ amount: 99.99 }] },
    },
    {
      name: 'Only those with an e-mail address',
      params: {
        where: {
          all: [
            { left: '{{ $json.email }}', op: 'not-empty' },
            { left: '{{ $json.email }}', op: 'matches', right: '^[^@]+@[^@]+$' },
          ],
        },
      },
      given: { in: [{ email: 'zoë@example.com' }, { email: '' }, {}, { email: null }] },
      gives: { kept: [{ email: 'zoë@example.com' }], dropped: [{ email: '' }, {}, { email: null }] },
    },
    {
      name: 'All of no conditions keeps everything',
      params: { where: { all: [] } },
      given: { in: [1, null, 'x'] },
      gives: { kept: [1, null, 'x'], dropped: [] },
    },
    {
      name: 'Converted types compare text with numbers',
      params: { where: { any: [{ left: '{{ $json.n }}', op: 'equals', right: 5 }] }, loose: true },
      given: { in: [{ n: '5' }, { n: 5 }, { n: 'five' }] },
      gives: { kept: [{ n: '5' }, { n: 5 }], dropped: [{ n: 'five' }] },
    },
  ],
});
