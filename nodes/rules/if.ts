import * as z from 'zod';
import { holds } from '../../flow/values/conditions.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { comparing, where } from '../kit/fields.ts';

/** Named with a capital because `if` is a word of the language. */
export const If = defineNode({
  type: 'rules.if',
  version: 1,
  title: 'If',
  icon: 'split',
  summary: 'Sends each item to true if the conditions match, otherwise to false.',
  line: '{{ (said.where.all ?? said.where.any ?? [said.where]).map(one => one.op ? `${one.left} ${one.op} ${one.right ?? ""}` : "(…)").join(where.any ? " or " : " and ") }}',
  params: z.object({ where: where({ title: 'Conditions' }), ...comparing }),
  inputs: { in: {} },
  outputs: { true: {}, false: {} },
  effect: 'pure',
  branches: true,
  each: ({ item, params: { where, loose, ignoreCase }, zone, engine, budget }) =>
    holds(where, { loose, ignoreCase, zone, engine, budget }) ? deliver({ true: [item] }) : deliver({ false: [item] }),
  examples: [
    {
      // 120 is more than 100, 80 is not.
      name: 'Large orders one way, small ones the other',
      params: { where: { all: [{ left: '{{ $json.total }}', op: 'gt', right: 100 }] } },
      given: { in: [{ total: 120 }, { total: 80 }] },
      gives: { true: [{ total: 120 }], false: [{ total: 80 }] },
    },
    {
      name: 'Groups inside groups, whatever the case',
      params: {
        where: {
          any: [
            { left: '{{ $json.city }}', op: 'equals', right: 'MALMÖ' },
            {
              all: [
                { left: '{{ $json.vip }}', op: 'is-true' },
                { left: '{{ $json.city }}', op: 'starts-with', right: 'os' },
              ],
            },
          ],
        },
        ignoreCase: true,
      },
      given: { in: [{ city: 'Malmö' }, { city: 'Oslo', vip: true }, { city: 'Oslo', vip: false }] },
      gives: { true: [{ city: 'Malmö' }, { city: 'Oslo', vip: true }], false: [{ city: 'Oslo', vip: false }] },
    },
    {
      name: 'A missing or null value is not greater than anything',
      params: { where: { all: [{ left: '{{ $json.n }}', op: 'gte', right: 0 }] } },
      given: { in: [{}, { n: null }, { n: 0 }] },
      gives: { true: [{ n: 0 }], false: [{}, { n: null }] },
    },
    {
      name: 'Text against a number is a fault, unless types are converted',
      params: { where: { left: '{{ $json.n }}', op: 'gt', right: 5 } },
      given: { in: [{ n: '10' }] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
