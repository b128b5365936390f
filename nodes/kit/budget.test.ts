import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Budget, TooLong } from '../../flow/facts/budget.ts';
import { newestNodes } from '../all.ts';
import type { Batch } from './call.ts';
import { defineNode } from './define-node.ts';
import type { AnyNode } from './define-node.ts';
import { exampleBatch } from './examples.ts';
import { fakeWorld } from './fakes.ts';
import { prepare } from './perform.ts';

const shape = {
  version: 1,
  title: 'T',
  icon: 'box',
  summary: 'S.',
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  examples: [],
} as const;
const params = z.object({ give: z.unknown().optional() });
const node = defineNode({ ...shape, type: 'test.give', params, each: ({ params: { give } }) => give });

/** A clock on which every look is so many milliseconds after the one before. */
function budgetOf(
  msALook: number,
  limits: Partial<{ ms: number; stretchMs: number; bytes: number; items: number }> = {},
) {
  let now = 0;
  const all = { ms: 30_000, stretchMs: 20, bytes: 1_000, items: 1_000, ...limits };
  const budget = new Budget(all, () => (now += msALook));
  budget.begins('may-leave');
  return budget;
}

function batchOf(definition: AnyNode, give: unknown, budget: Budget, more: Partial<Batch> = {}): Batch {
  const items = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const batch = exampleBatch(definition, { give }, { given: { in: items } });
  batch.scope.budget = budget;
  return { ...batch, budget, ...more };
}

const perform = (definition: AnyNode, give: unknown, budget: Budget, more: Partial<Batch> = {}) =>
  prepare(definition, { give }).batch(batchOf(definition, give, budget, more), fakeWorld({}).powers);

const loop = 'for (let i = 0; i < 20000; i++) n += i;';

describe('what takes too long here', () => {
  test.each(['stop', 'port', 'ignore'] as const)('leaves whatever onError says: %s', (onError) => {
    expect(() => perform(node, `{{ (() => { let n = 0; ${loop} return n; })() }}`, budgetOf(15), { onError })).toThrow(
      TooLong,
    );
  });

  test('expressions that are long together are compiled where there is time for it: 290 kB held their process for a third of a second', async () => {
    const budget = () => new Budget({ ms: 30_000, stretchMs: 20, bytes: 100_000_000, items: 1_000 }, () => 0);
    const short = '{{ [$json.n].map((x) => x + 1) }}';
    const mayLeave = budget();
    mayLeave.begins('may-leave');
    expect(() => perform(node, { text: short.repeat(2_000) }, mayLeave)).toThrow(TooLong);
    const { out } = await perform(node, { text: short.repeat(2_000) }, budget());
    expect(out['out']?.items[2]).toEqual({ text: '4'.repeat(2_000) });
    // What stands around them costs nothing.
    const page = budget();
    page.begins('may-leave');
    const { out: pages } = await perform(node, `${'<p>{ a: {} }</p>'.repeat(20_000)}${short}`, page);
    expect(pages['out']?.items).toHaveLength(3);
  });

  test('one that cannot be compiled is the same fault for each item', async () => {
    const wrong = `${'{{ $json.n }}'.repeat(2_000)}{{ 1 + }}`;
    const { faults } = await perform(node, wrong, new Budget({ ms: 1_000, bytes: 1e8, items: 1_000 }, () => 0), {
      onError: 'port',
    });
    expect(faults.map(({ code, item }) => [code, item])).toEqual([0, 1, 2].map((at) => ['expression.failed', at]));
  });

  test.each([
    ['catch', `try { ${loop} } catch { return 'caught'; }`],
    ['finally', `try { ${loop} } finally { return 'caught'; }`],
    ['guard', `return $ifEmpty(undefined?.x, (() => { ${loop} return n; })())`],
  ])('is not held back by an expression’s %s', (_, code) => {
    const give = `{{ (() => { let n = 0; ${code} })() }}`;
    expect(() => perform(node, give, budgetOf(15), { onError: 'ignore' })).toThrow(TooLong);
  });

  test('is not held back by a node that swallows it', () => {
    const deaf = defineNode({
      ...shape,
      type: 'test.deaf',
      params,
      each: ({ budget }) => {
        try {
          for (let i = 0; i < 10; i++) budget?.spend(10_000);
        } catch {
          return 'caught';
        }
        return 'done';
      },
    });
    expect(() => perform(deaf, 1, budgetOf(15), { onError: 'ignore' })).toThrow(TooLong);
  });

  test('pauses between items and does not leave, where there are pauses', async () => {
    let pauses = 0;
    const budget = budgetOf(5, { bytes: 1_000_000, items: 10_000 });
    const pause = async () => void (pauses += 1);
    const batch = batchOf(node, '{{ $json.n }}', budget, { pause });
    const items = Array.from({ length: 2_000 }, (_, n) => ({ n }));
    const outcome = await prepare(node, { give: '{{ $json.n }}' }).batch(
      { ...batch, inputs: { in: items } },
      fakeWorld({}).powers,
    );
    expect(outcome.out['out']?.items).toEqual(items.map(({ n }) => n));
    expect(pauses).toBeGreaterThan(3);
  });
});

describe('what makes too much', () => {
  test('fails, and its items leave by the node’s onError; the budget stays spent', async () => {
    const { out, faults } = await perform(node, "{{ 'x'.repeat($json.n === 2 ? 2000 : 1) }}", budgetOf(0), {
      onError: 'port',
    });
    expect(out['out']?.items).toEqual(['x']);
    expect(out['error']?.items).toMatchObject([
      { error: { code: 'stage.limit', node: 'example' }, item: { n: 2 } },
      { error: { code: 'stage.limit', node: 'example' }, item: { n: 3 } },
    ]);
    expect(faults.map(({ code, item }) => [code, item])).toEqual([
      ['stage.limit', 1],
      ['stage.limit', 2],
    ]);
  });

  test.each([
    ['items', { items: 5 }, [1, 2, 3], 'made more than 5 items'],
    ['texts of what is given', { bytes: 50 }, ['a'.repeat(20), 'b'.repeat(20)], 'MB of data'],
    ['places of what is given', { bytes: 50 }, [[[], [], [], [], [], [], []]], 'MB of data'],
  ])('%s', (_, limits, give, words) => {
    expect(() => perform(node, give, budgetOf(0, limits))).toThrow(words);
  });
});

describe('a node that stays here because it asks for something outside', () => {
  const items = Array.from({ length: 2_000 }, (_, n) => ({ n, file: { $file: 'f' } }));
  test.each([
    ['data.only-new', { remember: 4_000 }],
    ['data.to-file', { format: 'csv', to: 'text' }],
    ['data.to-file', { format: 'json', to: 'file' }],
  ])('%s lets others have their turn while it goes over many items', async (type, given) => {
    const definition = newestNodes.find((one) => one.type === type)!;
    const batch = exampleBatch(definition, given, { given: { in: items } });
    let pauses = 0;
    const pause = async () => void (pauses += 1);
    const budget = budgetOf(5, { ms: 1e9, bytes: 1e9, items: 1e9 });
    batch.scope.budget = budget;
    budget.begins('stays');
    await prepare(definition, given).batch({ ...batch, budget, pause }, fakeWorld({ state: {}, file: {} }).powers);
    expect(pauses).toBeGreaterThan(0);
  });
});

test('more items than a port may hold are refused before any of them is looked at', async () => {
  let looks = 0;
  const giving = defineNode({
    ...shape,
    type: 'test.many',
    params: z.object({}),
    each: () => Array.from({ length: 100_001 }, () => new Proxy({}, { getPrototypeOf: () => ((looks += 1), null) })),
  });
  const batch = exampleBatch(giving, {}, { given: { in: [{}] } });
  await expect(async () => prepare(giving, {}).item(batch, 0, fakeWorld({}).powers)).rejects.toMatchObject({
    record: { code: 'items.limit' },
  });
  expect(looks).toBe(0);
});

test('nor is any of those that a node of whole lists made: each was looked at for where it came from, and made again elsewhere for that', () => {
  let looks = 0;
  const giving = defineNode({
    ...shape,
    type: 'test.many',
    params: z.object({}),
    all: () =>
      Array.from({ length: 100_001 }, () => new Proxy({}, { getOwnPropertyDescriptor: () => void (looks += 1) })),
  });
  const batch = exampleBatch(giving, {}, { given: { in: [{}] } });
  expect(() => prepare(giving, {}).batch(batch, fakeWorld({}).powers)).toThrow('This node made 100001 items');
  expect(looks).toBe(0);
});
