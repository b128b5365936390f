import postgres from 'postgres';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createTestDatabase } from '../db/testing.ts';
import { rowsOf } from './append-rows.ts';
import { flushStatement } from './flush-statement.ts';
import { openFlusher, type Append } from './flusher.ts';
import { Known } from './known.ts';
import { at, end, openTestStore, running, s1, start } from '../engine/testing/store.ts';

const Node = z.looseObject({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  Operation: z.string().optional(),
  get Plans() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

const within = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(within)];

/** Everything that an append may bring at once. */
const whole = (run: string): Append =>
  end(run, {
    row: running,
    stages: [
      { ...s1, to: 'gone', lane: 'realtime' },
      { stage: 's2', path: '', to: 'ready', lane: 'realtime' },
    ],
    effects: {
      open: [{ stage: 's2', path: '', node: 'n', item: 0, call: '', epoch: 1, class: 'effect', key: 'k', at }],
      close: [{ ...s1, node: 'n', item: 0, call: '' }],
    },
    tokens: [{ ...s1, hash: `hash_${run}`, node: 'n' }],
    wake: [{ task: 'stage.realtime', runAt: at, run, stage: 's2', path: '', lane: 'realtime' }],
  });

test.each([
  ['a young database', 0],
  ['one that has grown', 3_000],
])('the flush reaches runs, stages and effects by index in %s', async (_, grown) => {
  await using base = await createTestDatabase();
  const database = await base.open();
  await using store = openTestStore(database);
  await Promise.all(Array.from({ length: grown }, (_, n) => store.flusher.append(start(`run_old_${n}`))));
  const known = new Known(1);
  const runs = Array.from({ length: 50 }, (_, n) => `run_${n}`);
  const rows = (append: Append) => rowsOf(append, { facts: append.facts, event: append.start?.event?.data }, known);
  const event = { source: 's', type: 't', data: 1, trigger: 't' };
  const batch = [
    ...runs.map((run) => rows(whole(run))),
    ...runs.map((run) => rows(start(`new_${run}`, { event: { ...event, id: `evt_${run}`, dedupeKey: run } }))),
  ];
  const { text, parameters } = flushStatement(batch, { boot: 'boot_a', leaseMs: 20_000 });
  const [row] = await database.engine.sql.unsafe(`explain (format json) ${text}`, parameters, { prepare: true });
  const nodes = z
    .array(z.object({ Plan: Node }))
    .parse(row?.['QUERY PLAN'])
    .flatMap(({ Plan }) => within(Plan));
  const tables = nodes.filter((node) => node['Relation Name'] !== undefined && node['Node Type'] !== 'ModifyTable');
  expect(new Set(tables.map((node) => node['Relation Name']))).toEqual(new Set(['runs', 'stages', 'effects']));
  expect(new Set(tables.map((node) => node['Node Type']))).toEqual(new Set(['Index Scan', 'Index Only Scan']));
  // The lock order: rows of runs are reached in the order of the batch, one at a time.
  const update = nodes.find((node) => node.Operation === 'Update' && node['Relation Name'] === 'runs');
  expect(update?.Plans?.[0]?.['Node Type']).toBe('Nested Loop');
  expect(nodes.map((node) => node['Node Type'])).not.toContain('Hash Join');
});

test('a connection that is cut, or refused, makes its appends unavailable and no more than those', async () => {
  await using base = await createTestDatabase();
  const database = await base.open({ engine: 2 });
  await using store = openTestStore(database);
  const owner = postgres(base.url, { max: 2, onnotice: () => {} });
  const holder = await owner.reserve();
  await holder`begin`;
  await holder`lock table runs in access exclusive mode`;
  const cut = store.flusher.append(start('run_1'));
  // The flush waits for the lock: it is there to be cut as soon as it waits.
  for (let cuts = 0; cuts === 0;)
    cuts = (
      await owner`
        select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    ).length;
  expect(await cut).toEqual({ ok: false, why: 'unavailable' });
  await holder`rollback`;
  holder.release();
  await owner.end();
  expect(await store.flusher.append(start('run_1'))).toEqual({ ok: true, seq: 1 });

  const nowhere = postgres('postgres://heddle@127.0.0.1:9/heddle', { max: 1, onnotice: () => {} });
  const lonely = openFlusher(nowhere, { boot: 'boot_a', leaseMs: 1_000, blobs: store.blobs });
  expect(await lonely.append(start('run_2'))).toEqual({ ok: false, why: 'unavailable' });
  await lonely.close();
  await nowhere.end({ timeout: 0 });
  // After a cut, the driver's polite end waits out its whole patience.
  await database.engine.sql.end({ timeout: 0 });
});

test('a database that is away refuses an append soon, and what waits does not grow without end', async () => {
  await using base = await createTestDatabase();
  const database = await base.open();
  const { blobs } = openTestStore(database);
  const options = { boot: 'boot_a', leaseMs: 1_000, blobs, waiting: 5, patienceMs: 300 };
  // A lock that nobody gives back stands for a database that does not answer.
  const holder = await database.engine.sql.reserve();
  await holder`begin`;
  await holder`lock table runs in access exclusive mode`;
  const flusher = openFlusher(database.engine.sql, options);
  const from = performance.now();
  const results = await Promise.all(Array.from({ length: 12 }, (_, n) => flusher.append(start(`run_${n}`))));
  expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(
    new Set(['{"ok":false,"why":"unavailable"}']),
  );
  expect(performance.now() - from).toBeLessThan(12_000);
  await holder`rollback`;
  holder.release();
  expect(await flusher.append(start('run_after'))).toEqual({ ok: true, seq: 1 });
  await flusher.close();
  expect(await flusher.append(start('run_closed'))).toEqual({ ok: false, why: 'unavailable' });
});
