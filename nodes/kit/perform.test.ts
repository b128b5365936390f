import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineNode, deliver } from './define-node.ts';
import type { AnyNode } from './define-node.ts';
import { exampleBatch } from './examples.ts';
import { Failed } from './fault-record.ts';
import { fakeWorld } from './fakes.ts';
import type { Fakes } from './fakes.ts';
import { prepare } from './perform.ts';
import type { NodeOutcome } from './perform.ts';
import type { Batch } from './call.ts';
import { toPortOutput } from './port-items.ts';
import { Suspended } from './suspended.ts';

const shape = {
  version: 1,
  title: 'T',
  icon: 'box',
  summary: 'S.',
  inputs: { in: {} },
  effect: 'pure',
  examples: [],
} as const;
const anything = z.object({ give: z.unknown().optional() });

/** Gives what its param says, for each item. */
const giver = defineNode({
  ...shape,
  type: 'test.giver',
  params: anything,
  outputs: { out: {} },
  each: ({ params }) => params.give,
});
const strict = defineNode({
  ...shape,
  type: 'test.strict',
  params: z.object({
    n: z.int().min(1),
    name: z.string().default('none'),
    list: z.array(z.object({ id: z.number() })).optional(),
    to: z.string().min(3).meta({ title: 'Address' }).optional(),
    rows: z
      .array(z.object({ id: z.number() }))
      .meta({ title: 'Rows' })
      .optional(),
  }),
  outputs: { out: {} },
  each: ({ params }) => params,
});

interface Run {
  readonly params?: Record<string, unknown>;
  readonly items?: readonly unknown[];
  readonly onError?: Batch['onError'];
  readonly fakes?: Fakes;
}

function perform(
  node: AnyNode,
  { params = {}, items = [{ n: 1 }], onError = 'stop', fakes = {} }: Run,
): NodeOutcome | Promise<NodeOutcome> {
  const batch = exampleBatch(node, params, { given: { in: items }, onError, fakes });
  return prepare(node, params).batch(batch, fakeWorld(fakes).powers);
}

const failureOf = async (node: AnyNode, run: Run): Promise<Failed> => {
  try {
    await perform(node, run);
  } catch (error) {
    if (error instanceof Failed) return error;
    throw error;
  }
  throw new Error('It did not fail.');
};

const out = (outcome: NodeOutcome | Promise<NodeOutcome>, port = 'out') => {
  if (outcome instanceof Promise) throw new Error('A synchronous node gave a promise.');
  return outcome.out[port];
};

describe('what an each node returns (E26)', () => {
  test.each([
    ['a value is one item', '{{ $json.n }}', [1, 2], { items: [1, 2] }],
    [
      'a list is several, and lineage says which came from which',
      '{{ [$json.n, $json.n] }}',
      [1, 2],
      { items: [1, 1, 2, 2], from: [0, 0, 1, 1] },
    ],
    ['nothing is no item', '{{ $json.n }}', [1, null], { items: [1, null] }],
    [
      'the item itself is a selection that needs no copy',
      '{{ $json }}',
      [1, 2],
      { items: [{ n: 1 }, { n: 2 }], pick: 'all' },
    ],
  ])('%s', (_, give, numbers, expected) => {
    const items = numbers.map((n) => ({ n }));
    expect(out(perform(giver, { params: { give }, items }))).toEqual(expected);
  });

  test('a missing value is no item', () => {
    expect(out(perform(giver, { params: { give: '{{ $json.x }}' }, items: [{}, { x: 5 }] }))).toEqual({
      items: [5],
      from: [1],
    });
  });

  test('a delivery sends items by its ports; a port that is not there is a fault', async () => {
    const ways = defineNode({
      ...shape,
      type: 'test.ways',
      params: anything,
      outputs: { yes: {}, no: {} },
      each: ({ item, params }) =>
        deliver({ [params.give === 'no' ? 'no' : params.give === 'yes' ? 'yes' : 'maybe']: [item] } as {
          yes: unknown[];
        }),
    });
    const outcome = perform(ways, {
      params: { give: '{{ $json.go }}' },
      items: [{ go: 'no' }, { go: 'yes' }, { go: 'no' }],
    });
    expect(out(outcome, 'no')).toEqual({ items: [{ go: 'no' }, { go: 'no' }], pick: [0, 2] });
    expect(out(outcome, 'yes')).toEqual({ items: [{ go: 'yes' }], pick: [1] });
    expect((await failureOf(ways, { params: { give: 'x' } })).record.code).toBe('node.failed');
  });
});

describe('lineage of all nodes (E25)', () => {
  const all = (made: (items: readonly unknown[]) => unknown[]) =>
    defineNode({ ...shape, type: 'test.all', params: anything, outputs: { out: {} }, all: ({ items }) => made(items) });
  const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  test.each([
    [
      'items given back are a selection',
      (items: readonly unknown[]) => items.toReversed(),
      { pick: [2, 1, 0], of: 'in' },
    ],
    ['all of them in order is all', (items: readonly unknown[]) => [...items], { pick: 'all', of: 'in' }],
    ['new ones of the same number count as 1:1', () => [1, 2, 3], { items: [1, 2, 3] }],
    [
      '$from says where one came from',
      () => [
        { value: 'x', $from: 2 },
        { value: 'y', $from: [0, 1] },
      ],
      { items: ['x', 'y'], from: [2, [0, 1]] },
    ],
    ['$from beside fields is taken off', () => [{ k: 1, $from: 0 }], { items: [{ k: 1 }], from: [0] }],
    [
      'a new one among given ones has no parent',
      (items: readonly unknown[]) => [items[1], 'new'],
      { items: [b, 'new'], from: [1, []] },
    ],
    ['fewer new ones have no parents', () => ['sum'], { items: ['sum'], from: [[]] }],
  ])('%s', (_, made, expected) => {
    const port = out(perform(all(made), { items: [a, b, c] }));
    expect(port && toPortOutput(port, 'in')).toEqual(expected);
  });

  test('the same item twice in the input is found at both places', () => {
    const port = out(
      perform(
        all((items) => [...items]),
        { items: [a, a, b] },
      ),
    );
    expect(port?.pick).toBe('all');
  });

  test('indexes count through all inputs, port by port', () => {
    const join = defineNode({
      ...shape,
      type: 'test.join',
      params: anything,
      inputs: { in1: {}, in2: {} },
      outputs: { out: {} },
      all: ({ inputs }) => [...inputs.in1, ...inputs.in2],
    });
    const play = (in1: unknown[], in2: unknown[]) =>
      out(
        prepare(join, {}).batch(exampleBatch(join, {}, { given: { in1, in2 } }), fakeWorld({}).powers) as NodeOutcome,
      );
    expect(play([a], [b, c])).toEqual({ items: [a, b, c], from: [0, 1, 2] });
    expect(play([], [b, c])).toEqual({ items: [b, c], pick: 'all', of: 'in2' });
  });
});

describe('params', () => {
  test('what no item changes is checked once, defaults and all', () => {
    expect(out(perform(strict, { params: { n: 3 }, items: [{}, {}] }))?.items).toEqual([
      { n: 3, name: 'none' },
      { n: 3, name: 'none' },
    ]);
  });
  test.each([
    [{ n: 'many' }, 'n', 'Field n must be a number, not "many".'],
    [{}, 'n', 'Field n is missing.'],
    [{ n: '{{ $json.n - 5 }}' }, 'n', 'Field n must be at least 1.'],
    [{ n: 1, list: [{ id: 1 }, { id: 'x' }] }, 'list[1].id', 'Field list[1].id must be a number, not "x".'],
    [{ n: 1, list: [{ id: '{{ $json.missing }}' }] }, 'list[0].id', 'Field list[0].id is missing.'],
    [{ n: 1, to: '' }, 'to', 'Address is empty.'],
    [{ n: 1, rows: [{ id: 1 }, {}] }, 'rows[1].id', 'Row 2 › id is missing.'],
  ])('%o names the param and what it should be', async (params, param, message) => {
    const { record } = await failureOf(strict, { params });
    expect(record).toMatchObject({ code: 'params.invalid', message, node: 'example', item: 0, details: { param } });
  });
  test('an expression that fails names its param, deep as it is, and the item', async () => {
    const params = { give: { rows: [1, "{{ $json.n > 1 ? $('gone').first() : 0 }}"] } };
    const { record } = await failureOf(giver, { params, items: [{ n: 1 }, { n: 5 }] });
    expect(record).toMatchObject({ code: 'expression.failed', item: 1, details: { param: 'give.rows[1]' } });
  });
  test('an expression that does not parse fails when the node runs, not before', async () => {
    const { record } = await failureOf(giver, { params: { give: '{{ 1 + }}' } });
    expect(record).toMatchObject({ code: 'expression.failed', details: { param: 'give' } });
  });
  test('a literal param is left as it was written', () => {
    const literal = defineNode({
      ...shape,
      type: 'test.literal',
      params: anything,
      outputs: { out: {} },
      literal: ['give'],
      each: ({ params }) => params.give,
    });
    expect(out(perform(literal, { params: { give: '{{ $json.n }}' } }))?.items).toEqual(['{{ $json.n }}']);
  });
});

describe('one failing item (E9)', () => {
  const items = [{ n: 1 }, { n: 'x' }, { n: 3 }];
  const params = { n: '{{ $json.n }}' };
  test('stop: the node fails, naming the item', async () => {
    expect((await failureOf(strict, { params, items })).record.item).toBe(1);
  });
  test('port: it leaves by error with what was wrong, the others go on', () => {
    const outcome = perform(strict, { params, items, onError: 'port' }) as NodeOutcome;
    expect(outcome.out['out']).toEqual({
      items: [
        { n: 1, name: 'none' },
        { n: 3, name: 'none' },
      ],
      from: [0, 2],
    });
    expect(outcome.out['error']).toEqual({
      items: [
        {
          error: {
            code: 'params.invalid',
            message: 'Field n must be a number, not "x".',
            node: 'example',
            attempt: 1,
          },
          item: { n: 'x' },
        },
      ],
      from: [1],
    });
    expect(outcome.faults).toMatchObject([{ code: 'params.invalid', item: 1 }]);
  });
  test('ignore: it leaves unchanged by the first output', () => {
    const outcome = perform(strict, { params, items, onError: 'ignore' }) as NodeOutcome;
    expect(outcome.out['out']?.items[1]).toBe(items[1]);
    expect(outcome.faults).toHaveLength(1);
  });
  test('an all node fails as a whole: every item leaves by error', () => {
    const node = defineNode({
      ...shape,
      type: 'test.bad',
      params: anything,
      outputs: { out: {} },
      all: () => {
        throw new TypeError('inner secret');
      },
    });
    const outcome = perform(node, { items: [1, 2], onError: 'port' }) as NodeOutcome;
    expect(outcome.out['error']?.items).toMatchObject([{ item: 1 }, { item: 2 }]);
    expect(outcome.faults).toMatchObject([{ code: 'node.failed', message: 'The node failed unexpectedly.' }]);
  });
  test('what waits is no failure: it passes every setting', () => {
    const node = defineNode({
      ...shape,
      type: 'test.waits',
      params: anything,
      outputs: { out: {} },
      each: () => {
        throw new Suspended({ kind: 'timer' });
      },
    });
    expect(() => perform(node, { onError: 'ignore' })).toThrow(Suspended);
  });
});

describe('powers and time', () => {
  const sender = defineNode({
    ...shape,
    type: 'test.sender',
    effect: 'effect',
    params: anything,
    outputs: { out: {} },
    needs: ['http'],
    each: async (call) => {
      const { url } = await call.http.send({ method: 'GET', url: call.idempotencyKey });
      return { url, granted: 'file' in call };
    },
  });
  test('a node gets the powers it asked for and no other, and a key of its own for each item', async () => {
    const outcome = await perform(sender, { items: [1, 2], fakes: { http: [{ reply: { text: 'ok' } }] } });
    const answers = outcome.out['out']?.items as { url: string; granted: boolean }[];
    expect(answers.map(({ url, granted }) => [url, granted])).toEqual([
      ['wf_example_0', false],
      ['wf_example_1', false],
    ]);
  });
  test('one item can be carried out alone', async () => {
    const batch = exampleBatch(giver, {}, { given: { in: [{ n: 1 }, { n: 2 }] } });
    expect(await prepare(giver, { give: '{{ $json.n * 10 }}' }).item(batch, 1, fakeWorld({}).powers)).toEqual({
      out: { out: [20] },
    });
  });
});
