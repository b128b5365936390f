import { expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import type { Call, Ready } from './carry-node.ts';
import { ParamsAway } from './params-away.ts';
import type { ParamsPool } from './params-away.ts';

/** The params of a batch of so many items, and which jobs were asked for. */
function away(count: number, fill: (items: readonly number[]) => number | Fault) {
  const jobs: (readonly number[])[] = [];
  const looks: string[] = [];
  const pool: ParamsPool = {
    away: (wait) => wait(),
    fill: async (_call, { batch }, items) => {
      jobs.push(items);
      const done = fill(items);
      if (done instanceof Fault) throw done;
      return {
        filled: items.slice(0, done).map((item) => ({ params: { item } })),
        drawn: (batch.scope.drawn ?? 0) + done,
      };
    },
  };
  const ready = { batch: { first: 'in', inputs: { in: Array.from({ length: count }) }, scope: { drawn: 0 } } };
  const call = {
    node: { effect: 'effect', mode: 'each' },
    budget: { rested: () => looks.push('rested'), verify: () => undefined },
    carriage: {
      signal: new AbortController().signal,
      whenHeld: () => undefined,
      lastLook: () => looks.push('looked'),
    },
  };
  // As much of a stage as it looks at.
  const params = new ParamsAway(pool, call as unknown as Call, () => ready as unknown as Ready);
  return { params, jobs, looks, scope: ready.batch.scope };
}

test('items that are asked for next come with the one that is needed, as many as a moment allows', async () => {
  const { params, jobs, scope } = away(100, (items) => Math.min(items.length, 20));
  for (let index = 0; index < 100; index++) expect(await params.of(index, false)).toEqual({ item: index });
  expect(jobs.map((items) => [items[0], items.length])).toEqual([
    [0, 16],
    [16, 64],
    [36, 40],
    [56, 40],
    [76, 24],
    [96, 4],
  ]);
  expect(scope.drawn).toBe(100);
});

test('one that is asked for alone brings no other, and who asks at the same time waits for his turn', async () => {
  const { params, jobs } = away(3, (items) => items.length);
  expect(await params.of(0, true)).toEqual({ item: 0 });
  params.order = [2, 0];
  expect(await Promise.all([params.of(2, false), params.of(0, false), params.of(1, false)])).toEqual([
    { item: 2 },
    { item: 0 },
    { item: 1 },
  ]);
  expect(jobs).toEqual([[0], [2, 0], [1]]);
});

test('where a process ended it may have been by another item: each is tried by itself from there on', async () => {
  const death = new Fault('compute.limit', 'This node needed more than 256 MB of memory.');
  const { params, jobs } = away(3, (items) => (items.includes(1) ? death : items.length));
  expect(await params.of(0, false)).toEqual({ item: 0 });
  await expect(params.of(1, false)).rejects.toBe(death);
  expect(await params.of(2, false)).toEqual({ item: 2 });
  expect(jobs).toEqual([[0, 1, 2], [0], [1], [2]]);
});

test('a node that acts is held by its claim still, when its params have come', async () => {
  const { params, looks } = away(2, (items) => items.length);
  await params.of(0, false);
  expect(looks).toEqual(['rested', 'looked']);
});
