import { afterAll, beforeAll, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { openWorkerPool } from '../db/connect.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { findOthers, wakeAgain } from '../journal/claims.ts';
import { farSide, httpReply } from '../engine/testing/in-memory.ts';
import { openTestEngine, until } from '../engine/testing/test-engine.ts';
import { fairShare } from './fair-share.ts';
import type { Ready } from './fair-share.ts';
import { openLanes } from './lanes.ts';
import type { WakeUp } from './lanes.ts';

const wake = (workspace: string, n: number): Ready => ({
  run: `run_${workspace}_${n}`,
  stage: 's1',
  path: '',
  workspace,
});

/** A lane of so many jobs at once, in memory: first come, first served, as the queue does it. Gives the order in which stages are taken. */
async function play(concurrency: number, queued: readonly Ready[]): Promise<string[]> {
  const queue: WakeUp[] = [...queued];
  const ready = new Map(queued.map((one) => [one.run, one]));
  const taken: string[] = [];
  let now = 0;
  const share = fairShare({
    concurrency,
    take: async ({ run }) => {
      if (!ready.delete(run)) return;
      taken.push(run);
      await new Promise((resolve) => setImmediate(resolve));
    },
    findOthers: async (_, except) => {
      const first = new Map<string, Ready>();
      for (const one of ready.values())
        if (!except.includes(one.workspace) && !first.has(one.workspace)) first.set(one.workspace, one);
      return [...first.values()];
    },
    wakeAgain: async (_, again) => void queue.push(again),
    clock: () => (now += 1_000),
  });
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await share('background', next);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  expect(ready.size).toBe(0);
  return taken;
}

const many = (workspace: string, count: number) => Array.from({ length: count }, (_, n) => wake(workspace, n));

test.each([1, 2, 3, 8])(
  'with %i at once, one stage behind a thousand of another workspace is among the first',
  async (concurrency) => {
    const taken = await play(concurrency, [...many('a', 1_000), wake('b', 0)]);
    expect(taken).toHaveLength(1_001);
    expect(new Set(taken).size).toBe(1_001);
    expect(taken.indexOf('run_b_0')).toBeLessThanOrEqual(concurrency);
  },
);

test('two long queues share; a third that comes late waits for neither', async () => {
  const taken = await play(4, [...many('a', 300), ...many('b', 300), wake('c', 0)]);
  expect(taken.indexOf('run_c_0')).toBeLessThanOrEqual(8);
  const half = taken.slice(0, 200);
  expect(half.filter((run) => run.startsWith('run_b')).length).toBeGreaterThan(60);
  expect(half.filter((run) => run.startsWith('run_a')).length).toBeGreaterThan(60);
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('G21, F17: on the real queue a run of one workspace does not wait behind the backlog of another', async () => {
  const { url } = database;
  const order: string[] = [];
  const held = Promise.withResolvers<void>();
  const far = farSide(async ({ body }) => {
    order.push(String(body));
    await (order.length <= 2 ? held.promise : new Promise((resolve) => setTimeout(resolve, 20)));
    return httpReply();
  });
  await using starter = await openTestEngine({ url, slots: 0 });
  await using one = await openTestEngine({ url, slots: 0, far });
  const document = draw('a:test.start -> b:test.idempotent', { a: { settings: { lane: 'background' } } });
  const start = (workspace: string, n: number) =>
    starter.start(document, { workspace, input: [{ workspace, n }], lane: 'background' });
  for (let n = 0; n < 80; n++) await start('ws_many', n);
  const { sql } = one.ledger;
  const opened = await database.open({ app: 1, engine: 1 });
  const pool = openWorkerPool(opened, 9, () => undefined);
  const broken: unknown[] = [];
  const lanes = await openLanes({
    pool,
    concurrency: 2,
    take: fairShare({
      concurrency: 2,
      take: ({ run, stage, path }) => one.engine.take(run, stage, path),
      findOthers: (lane, except) => findOthers(sql, lane, except),
      wakeAgain: (lane, again) => wakeAgain(sql, lane, again),
      clock: () => performance.now(),
    }),
    deliver: async () => undefined,
    timeOut: async () => undefined,
    onBroken: (error) => void broken.push(error),
    onStopped: (error) => void broken.push(error),
  });
  try {
    await until('both jobs are busy with the one workspace', () => order.length === 2, 30_000);
    const few = await start('ws_few', 0);
    held.resolve();
    await until('the other workspace is served', async () => (await one.status(few.run)) === 'finished', 30_000);
    expect(order.findIndex((body) => body.includes('ws_few'))).toBeLessThan(40);
    await until('the backlog drains', () => new Set(order).size === 81, 30_000);
    expect(broken).toEqual([]);
  } finally {
    await lanes.stop();
    await pool.end();
  }
});
