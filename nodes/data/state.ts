import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, number } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { assignPath } from './path.ts';
import { shown } from '../kit/unfolding.ts';

export const state = defineNode({
  type: 'data.state',
  version: 1,
  title: 'State',
  icon: 'database',
  summary: 'Remembers small values between runs: reads, writes, counts and deletes them.',
  line: '{{ said.operation }} {{ name }}',
  params: z.object({
    operation: choice(['get', 'set', 'increment', 'remove'], {
      title: 'Operation',
      labels: { get: 'Read', set: 'Write', increment: 'Count up', remove: 'Delete' },
    }),
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ title: 'Name', description: 'Names the value in this workflow.', ui: 'text' }),
    value: shown(
      { operation: ['get', 'set'] },
      z.unknown().optional().meta({
        title: 'Value',
        description: 'The value to write. Reading: the value if there is none yet.',
        ui: 'value',
      }),
    ),
    by: shown({ operation: 'increment' }, number({ title: 'By', min: -1e12, max: 1e12 })).default(1),
    as: shown({ operation: ['get', 'set', 'increment'] }, fieldPath({ title: 'Write to' })).default('value'),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['state'],
  effect: 'idempotent',
  each: async ({ item, params: { operation, name, value, by, as }, state: power, engine }) => {
    if (operation === 'remove') {
      await power.remove(name);
      return [item];
    }
    const made = isObject(item) ? { ...item } : {};
    if (operation === 'set') await power.set(name, value ?? null);
    const result =
      operation === 'increment' ? await power.increment(name, by) : operation === 'get' ? await power.get(name) : value;
    assignPath(made, as, result ?? (operation === 'get' ? value : null) ?? null, { engine });
    return made;
  },
  examples: [
    {
      // 41 is remembered, and one more is 42.
      name: 'Counts up',
      params: { operation: 'increment', name: 'orders', as: 'number' },
      given: { in: [{ id: 'a' }] },
      with: { state: { orders: 41 } },
      gives: { out: [{ id: 'a', number: 42 }] },
    },
    {
      name: 'Reads what is not there yet',
      params: { operation: 'get', name: 'cursor-{{ $json.feed }}', value: '1970-01-01', as: 'since' },
      given: { in: [{ feed: 'nyheter' }] },
      with: { state: {} },
      gives: { out: [{ feed: 'nyheter', since: '1970-01-01' }] },
    },
    {
      name: 'Writes a value and passes it on',
      params: { operation: 'set', name: 'last', value: '{{ $json.id }}' },
      given: { in: [{ id: 7 }, {}] },
      with: { state: {} },
      gives: {
        out: [{ id: 7, value: 7 }, { value: null }],
      },
    },
    {
      name: 'Forgets a value; the item stays as it is',
      params: { operation: 'remove', name: 'last' },
      given: { in: ['ü'] },
      with: { state: { last: 1 } },
      gives: { out: ['ü'] },
    },
  ],
});
