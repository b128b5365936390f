import * as z from 'zod';
import { holds } from '../../flow/values/conditions.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { choice, comparing, list, text, where } from '../kit/fields.ts';
import { option } from '../kit/unfolding.ts';

const reserved = ['fallback', 'error', '__proto__', 'constructor', 'prototype'];

const rule = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,80}$/, 'Use letters, digits, _ and -.')
    .refine((id) => !reserved.includes(id), { error: 'This name is reserved. Enter another.' })
    .meta({
      title: 'Output',
      description: 'The id of the output. Renaming the rule does not change it.',
      says: 'Use letters, digits, _ and -.',
    }),
  name: text({ title: 'Name' }).optional(),
  where: where({ title: 'When' }).optional(),
});

/** Named with a capital because `switch` is a word of the language. */
export const Switch = defineNode({
  type: 'rules.switch',
  version: 1,
  title: 'Switch',
  icon: 'route',
  summary: 'Sends each item to the output of the first rule that matches, or of all that match.',
  line: '{{ rules.map(rule => rule.name ?? rule.id).join(", ") }}',
  params: z.object({
    rules: list(rule, { title: 'Rules', addLabel: 'Add a rule' }).max(64),
    route: option(
      z.unknown().optional().meta({
        title: 'Route by value',
        description: 'An expression that gives the output or name of a rule. Conditions are then ignored.',
        ui: 'value',
      }),
    ),
    pick: option(
      choice(['first', 'all'], {
        title: 'Send to',
        labels: { first: 'The first rule that matches', all: 'All rules that match' },
      }),
    ).default('first'),
    fallback: option(
      z
        .union([
          z.literal(true).meta({ title: 'Use the output fallback' }),
          z.literal(false).meta({ title: 'Drop the item' }),
          text({ title: 'Use the output of a rule' }),
        ])
        .default(true)
        .meta({ title: 'If no rule matches' }),
    ),
    ...comparing,
  }),
  inputs: { in: {} },
  outputs: { each: 'rules', id: 'id', title: 'name', then: { fallback: {} } },
  effect: 'pure',
  branches: true,
  each: ({ item, params, zone, engine, budget }) => {
    const { loose, ignoreCase, route } = params;
    const how = { loose, ignoreCase, zone, engine, budget };
    const found = holding(params.rules, params.pick, (rule) =>
      route === undefined ? rule.where !== undefined && holds(rule.where, how) : isNamed(rule, route),
    );
    const ports = found.length > 0 ? found.map(({ id }) => id) : fallbackPorts(params);
    return deliver(Object.fromEntries(ports.map((port) => [port, [item]])));
  },
  examples: [
    {
      // 5 is below 10, 50 below 100; 500 is neither.
      name: 'One way for each size',
      params: {
        rules: [
          { id: 'small', name: 'Small', where: { left: '{{ $json.n }}', op: 'lt', right: 10 } },
          { id: 'medium', name: 'Medium', where: { left: '{{ $json.n }}', op: 'lt', right: 100 } },
        ],
      },
      given: { in: [{ n: 5 }, { n: 50 }, { n: 500 }] },
      gives: { small: [{ n: 5 }], medium: [{ n: 50 }], fallback: [{ n: 500 }] },
    },
    {
      name: 'Every rule that matches',
      params: {
        rules: [
          { id: 'a', where: { all: [{ left: '{{ $json.tags }}', op: 'contains', right: 'ä' }] } },
          { id: 'b', where: { all: [{ left: '{{ $json.tags }}', op: 'contains', right: 'b' }] } },
        ],
        pick: 'all',
        fallback: false,
      },
      given: { in: [{ tags: ['ä', 'b'] }, { tags: ['b'] }, { tags: [] }, {}] },
      gives: { a: [{ tags: ['ä', 'b'] }], b: [{ tags: ['ä', 'b'] }, { tags: ['b'] }], fallback: [] },
    },
    {
      name: 'By the value of a field, the rest to one of the rules',
      params: {
        rules: [{ id: 'paid', name: 'Paid' }, { id: 'other' }],
        route: '{{ $json.state }}',
        fallback: 'other',
      },
      given: { in: [{ state: 'paid' }, { state: 'Paid' }, { state: null }, { state: 'constructor' }] },
      gives: {
        paid: [{ state: 'paid' }, { state: 'Paid' }],
        other: [{ state: null }, { state: 'constructor' }],
        fallback: [],
      },
    },
  ],
});

function holding<Rule>(rules: readonly Rule[], pick: 'first' | 'all', test: (rule: Rule) => boolean): readonly Rule[] {
  if (pick === 'all') return rules.filter(test);
  const first = rules.find(test);
  return first === undefined ? [] : [first];
}

const isNamed = (rule: { id: string; name?: string | undefined }, route: unknown): boolean =>
  route === rule.name || (['string', 'number', 'boolean'].includes(typeof route) && String(route) === rule.id);

function fallbackPorts({
  fallback,
  rules,
}: {
  fallback: boolean | string;
  rules: readonly { id: string }[];
}): string[] {
  if (fallback === false || fallback === 'none') return [];
  if (typeof fallback === 'string' && rules.some(({ id }) => id === fallback)) return [fallback];
  return ['fallback'];
}
