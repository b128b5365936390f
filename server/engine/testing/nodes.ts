import * as z from 'zod';
import { defineNode, deliver } from '../../../nodes/kit/define-node.ts';
import type { AnyNode } from '../../../nodes/kit/define-node.ts';
import { Fault } from '../../../flow/facts/faults.ts';

/**
 * Small real nodes, one for each way in which the engine treats a node, for tests of the engine. Items are objects; each
 * node leaves its mark in `via`, so that a test sees which way an item went.
 */
const shape = { version: 1, title: 'Test', icon: 'box', summary: 'A node of the tests.', examples: [] } as const;
const none = z.object({});
const marked = (item: unknown, by: string) => {
  const record = typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : { value: item };
  return { ...record, via: `${typeof record['via'] === 'string' ? record['via'] : ''}${by}` };
};

export const testNodes: readonly AnyNode[] = [
  defineNode({
    ...shape,
    type: 'test.start',
    params: none,
    inputs: {},
    outputs: { out: {} },
    effect: 'pure',
    role: 'start',
    all: ({ items }) => items,
  }),
  defineNode({
    ...shape,
    type: 'test.pure',
    params: none,
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    each: ({ item }) => marked(item, 'p'),
  }),
  defineNode({
    ...shape,
    type: 'test.two',
    params: none,
    inputs: { in: {} },
    outputs: { a: {}, b: {} },
    effect: 'pure',
    all: ({ items }) =>
      deliver({ a: items.filter((_, index) => index % 2 === 0), b: items.filter((_, index) => index % 2 === 1) }),
  }),
  defineNode({
    ...shape,
    type: 'test.empty',
    params: none,
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    all: () => [],
  }),
  defineNode({
    ...shape,
    type: 'test.count',
    params: none,
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    runOnEmpty: true,
    all: ({ items }) => [{ count: items.length }],
  }),
  defineNode({
    ...shape,
    type: 'test.merge',
    params: z.object({ inputs: z.number().default(2) }),
    inputs: { count: 'inputs', id: 'in' },
    outputs: { out: {} },
    effect: 'pure',
    all: ({ inputs }) => Object.values(inputs).flat(),
  }),
  defineNode({
    ...shape,
    type: 'test.join-first',
    params: none,
    inputs: { in: { take: 'first' } },
    outputs: { out: {} },
    effect: 'pure',
    all: ({ items }) => items.map((item) => marked(item, 'f')),
  }),
  ...(['idempotent', 'effect'] as const).map((effect) =>
    defineNode({
      ...shape,
      type: `test.${effect}`,
      params: z.object({ url: z.string().default('http://far/') }),
      inputs: { in: {} },
      outputs: { out: {} },
      needs: ['http'],
      effect,
      async each({ item, http, idempotencyKey, params }) {
        const reply = await http.send({
          method: 'POST',
          url: params.url,
          headers: { 'idempotency-key': idempotencyKey },
          body: JSON.stringify(item),
        });
        if (reply.status >= 400) throw new Fault('http.status', `answered ${reply.status}`, { done: 'yes' });
        return marked(item, effect === 'effect' ? 'e' : 'i');
      },
    }),
  ),
  defineNode({
    ...shape,
    type: 'test.wait',
    params: z.object({ ms: z.number().default(5_000) }),
    inputs: { in: {} },
    outputs: { out: {} },
    needs: ['timer'],
    effect: 'idempotent',
    async all({ items, params, timer, now }) {
      await timer.until(now + params.ms);
      return items.map((item) => marked(item, 'w'));
    },
  }),
  defineNode({
    ...shape,
    type: 'test.called',
    params: z.object({ on: z.boolean().default(true) }),
    literal: ['on'],
    callable: 'on',
    inputs: { in: {} },
    outputs: { out: {} },
    needs: ['timer'],
    effect: 'idempotent',
    async all({ timer }) {
      return [(await timer.call())?.body];
    },
  }),
  defineNode({
    ...shape,
    type: 'test.ask',
    params: none,
    inputs: { in: {} },
    outputs: { yes: {}, no: {} },
    needs: ['review'],
    effect: 'idempotent',
    async all({ items, review }) {
      const answer = await review.ask({ title: 'Go on?', choices: ['yes', 'no'] });
      return deliver(answer?.choice === 'yes' ? { yes: items } : { no: items });
    },
  }),
  defineNode({
    ...shape,
    type: 'test.calls',
    params: z.object({ methods: z.array(z.string()).default(['POST', 'GET', 'POST']) }),
    inputs: { in: {} },
    outputs: { out: {} },
    needs: ['http'],
    effect: 'effect',
    async all({ items, http, params }) {
      for (const [index, method] of params.methods.entries()) await http.send({ method, url: `http://far/${index}` });
      return items.map((item) => marked(item, 'c'));
    },
  }),
  defineNode({
    ...shape,
    type: 'test.loop',
    params: z.object({ size: z.number().default(1) }),
    inputs: { in: {}, next: {} },
    outputs: { done: {}, each: {} },
    effect: 'pure',
    role: 'loop',
    turn({ items, turn, back, params }) {
      const batch = items.slice(turn * params.size, (turn + 1) * params.size);
      return batch.length > 0 ? { body: batch } : { done: back.flat() };
    },
  }),
  defineNode({
    ...shape,
    type: 'test.repeat',
    params: z.object({ turns: z.number().default(3), waitMs: z.number().default(0) }),
    inputs: { in: {}, next: {} },
    outputs: { done: {}, try: {} },
    effect: 'pure',
    role: 'repeat',
    turn({ items, turn, back, params }) {
      const last = back.at(-1) ?? items;
      return turn >= params.turns ? { done: last } : { body: last, ...(turn > 0 ? { waitMs: params.waitMs } : {}) };
    },
  }),
  defineNode({
    ...shape,
    type: 'test.respond',
    params: none,
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    role: 'respond',
    all({ items, reply }) {
      reply({ status: 200, headers: {}, body: items[0] ?? null, as: 'json' });
      return items;
    },
  }),
  defineNode({
    ...shape,
    type: 'test.stop',
    params: z.object({ as: z.enum(['error', 'success']).default('success') }),
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    role: 'stop',
    all({ items, stop, params }) {
      stop(params.as === 'error' ? { as: 'error', message: 'stopped here' } : { as: 'success' });
      return items;
    },
  }),
  defineNode({
    ...shape,
    type: 'test.fail',
    params: z.object({ when: z.string().default('bad') }),
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    each({ item, params }) {
      if (JSON.stringify(item).includes(params.when)) throw new Fault('data.invalid', `this item is ${params.when}`);
      return marked(item, 'k');
    },
  }),
];
