import { expect, test } from 'vitest';
import { currentEngine } from '../../flow/compile/plan.ts';
import { createTestDatabase } from '../db/testing.ts';
import {
  beat,
  buryDead,
  claim,
  findExpired,
  findOthers,
  findOverdue,
  findReady,
  giveBack,
  handBack,
  renew,
  retire,
  silentAt,
} from './claims.ts';
import { at, end, leased, openTestStore, running, s1, start } from '../engine/testing/store.ts';

const place = { run: 'run_1', ...s1 };
const b = { owner: 'boot_b', leaseMs: 20_000 };

async function open() {
  const base = await createTestDatabase();
  const database = await base.open();
  return { database, sql: database.engine.sql, [Symbol.asyncDispose]: () => base[Symbol.asyncDispose]() };
}

test('a ready stage goes to one of many that want it, one epoch up', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await store.flusher.append(start('run_1', { stages: [{ ...s1, to: 'ready', lane: 'realtime' }] }));
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim(base.sql, place, b)));
  expect(claims.filter((one) => one !== undefined)).toEqual([{ epoch: 1, seq: 1 }]);
});

test('what is leased, waits, or is not due yet is not taken; a moved clock takes early', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const lane = 'realtime';
  await store.flusher.append(
    start('run_1', {
      stages: [
        leased,
        { stage: 's2', path: '', to: 'waiting', lane },
        { stage: 's3', path: '', to: 'ready', lane, nextAt: Date.now() + 60_000 },
      ],
    }),
  );
  await base.sql`update stages set lease_until = now() - interval '1 hour' where stage = 's1'`;
  for (const stage of ['s1', 's2', 's3'])
    expect(await claim(base.sql, { run: 'run_1', stage, path: '' }, b)).toBeUndefined();
  expect(await claim(base.sql, { run: 'run_1', stage: 's3', path: '' }, { ...b, isEarly: true })).toEqual({
    epoch: 1,
    seq: 1,
  });
});

test('a run that follows rules of a later build is left to that build (E17)', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await store.flusher.append(start('run_1', { stages: [{ ...s1, to: 'ready', lane: 'realtime' }] }));
  await base.sql`update runs set engine = ${currentEngine + 1}`;
  expect(await claim(base.sql, place, b)).toBeUndefined();
  expect(await findOthers(base.sql, 'realtime', [])).toEqual([]);
  await base.sql`update runs set engine = ${currentEngine}`;
  expect(await findOthers(base.sql, 'realtime', [])).toEqual([{ run: 'run_1', ...s1, workspace: 'ws_1' }]);
  expect(await findOthers(base.sql, 'realtime', ['ws_1'])).toEqual([]);
  expect(await claim(base.sql, place, b)).toMatchObject({ seq: 1 });
});

test('renewing says what is still held, and moves the end of the lease', async () => {
  await using base = await open();
  await using store = openTestStore(base.database, { boot: 'boot_a', leaseMs: 1_000 });
  await store.flusher.append(start('run_1'));
  await store.flusher.append(start('run_2'));
  await base.sql`update stages set lease_owner = 'boot_b', epoch = 2 where run = 'run_2'`;
  expect(await renew(base.sql, 'boot_a', 60_000)).toEqual([{ run: 'run_1', ...s1, epoch: 1 }]);
  const rows = await base.sql`select run from stages where lease_until > now() + interval '50 s'`;
  expect(rows).toEqual([{ run: 'run_1' }]);
});

test('recovery: an expired lease is found, taken over by one append, and its old holder is fenced', async () => {
  await using base = await open();
  await using a = openTestStore(base.database, { boot: 'boot_a', leaseMs: -1 });
  await using other = openTestStore(base.database, { boot: 'boot_b' });
  const intent = { ...s1, node: 'send', item: 0, call: '', epoch: 1, class: 'effect', key: 'wf_k', at };
  await a.flusher.append(start('run_1', { effects: { open: [intent], close: [] } }));
  const [expired] = await findExpired(base.sql, 10);
  expect(expired).toEqual({ run: 'run_1', ...s1, epoch: 1, owner: 'boot_a', seq: 1 });
  const crashed = { type: 'stage.crashed' as const, at, data: { ...s1, epoch: 1, worker: 'boot_a' } };
  const recovered = await other.flusher.append({
    workspace: 'ws_1',
    run: 'run_1',
    expect: 1,
    facts: [crashed],
    fence: [{ ...s1, epoch: 1, expired: true }],
    row: running,
    stages: [{ ...s1, to: 'ready', lane: 'realtime', crashes: 1 }],
    effects: { open: [], close: [intent] },
  });
  expect(recovered).toEqual({ ok: true, seq: 2 });
  expect(await base.sql`select state, epoch, lease_owner, crashes from stages`).toEqual([
    { state: 'ready', epoch: 2, lease_owner: null, crashes: 1 },
  ]);
  expect(await base.sql`select 1 from effects`).toEqual([]);
  expect(await a.flusher.append(end('run_1', { expect: 2 }))).toEqual({ ok: false, why: 'fenced' });
  expect(await claim(base.sql, place, b)).toEqual({ epoch: 3, seq: 2 });
});

test('an append leaves alone what another process has claimed meanwhile', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const lane = 'realtime';
  await store.flusher.append(start('run_1', { stages: [leased, { stage: 's2', path: '', to: 'ready', lane }] }));
  const s2 = { run: 'run_1', stage: 's2', path: '' };
  expect(await claim(base.sql, s2, b)).toEqual({ epoch: 1, seq: 1 });
  await store.flusher.append(
    end('run_1', {
      row: running,
      stages: [
        { ...s2, to: 'leased', lane },
        { ...s1, to: 'waiting', lane },
      ],
    }),
  );
  const rows = await base.sql`select stage, state, epoch, lease_owner from stages order by stage`;
  expect(rows).toEqual([
    { stage: 's1', state: 'waiting', epoch: 2, lease_owner: null },
    { stage: 's2', state: 'leased', epoch: 1, lease_owner: 'boot_b' },
  ]);
});

test('a draining process hands back what it holds, ready at once, with a wake-up each', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await store.flusher.append(start('run_1'));
  await store.flusher.append(start('run_2'));
  expect(await handBack(base.sql, 'boot_b')).toBe(0);
  expect(await handBack(base.sql, 'boot_a')).toBe(2);
  const jobs =
    await base.sql`select task_identifier, payload from graphile_worker.jobs j join graphile_worker._private_jobs using (id) order by payload ->> 'run'`;
  expect(jobs).toEqual(
    ['run_1', 'run_2'].map((run) => ({
      task_identifier: 'stage.realtime',
      payload: { run, ...s1, workspace: 'ws_1' },
    })),
  );
  expect(await claim(base.sql, place, b)).toEqual({ epoch: 3, seq: 1 });
});

test('a ready stage that nobody came for is overdue, whatever its lane', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const ready = (stage: string, lane: 'realtime' | 'background', nextAt: number) => ({
    stage,
    path: '',
    to: 'ready' as const,
    lane,
    nextAt,
  });
  const now = Date.now();
  await store.flusher.append(
    start('run_1', {
      stages: [
        ready('a', 'realtime', now - 60_000),
        ready('b', 'background', now - 60_000),
        ready('c', 'realtime', now + 60_000),
      ],
    }),
  );
  expect((await findOverdue(base.sql, 10)).map(({ stage }) => stage).toSorted()).toEqual(['a', 'b']);
  expect(await findOverdue(base.sql, 10, { except: ['ws_1'] })).toEqual([]);
  // What a workspace has ready is found at once, where callers wait first, and nothing of another's.
  expect((await findReady(base.sql, 'ws_1', 10)).map(({ stage }) => stage)).toEqual(['a', 'b']);
  expect(await findReady(base.sql, 'ws_2', 10)).toEqual([]);
});

test('a claim that is given back is ready at once, for its owner alone and for this claim alone', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await store.flusher.append(start('run_1', { stages: [{ ...s1, to: 'ready', lane: 'realtime' }] }));
  await claim(base.sql, place, b);
  await giveBack(base.sql, 'boot_c', { ...place, epoch: 1 });
  await giveBack(base.sql, 'boot_b', { ...place, epoch: 7 });
  expect(await findReady(base.sql, 'ws_1', 10)).toEqual([]);
  await giveBack(base.sql, 'boot_b', { ...place, epoch: 1 });
  expect(await findReady(base.sql, 'ws_1', 10)).toEqual([place]);
  expect(await claim(base.sql, place, b)).toEqual({ epoch: 3, seq: 1 });
});

test('a process that stopped beating is buried once, and the jobs it had locked are free', async () => {
  await using base = await open();
  const worker = {
    boot: 'boot_a',
    pools: ['pool-1'],
    pid: 1,
    host: 'here',
    place: 'p',
    began: '',
    version: '1',
    roles: ['all'],
  };
  await beat(base.sql, worker);
  await beat(base.sql, { ...worker, boot: 'boot_b', pools: ['pool-2'] });
  await base.sql`select graphile_worker.add_job('stage.realtime', '{}')`;
  await base.sql`update graphile_worker._private_jobs set locked_by = 'pool-1', locked_at = now()`;
  expect(await buryDead(base.sql, 10_000)).toEqual([]);
  await base.sql`update workers set heartbeat_at = now() - interval '1 minute' where boot_id = 'boot_a'`;
  expect(await buryDead(base.sql, 10_000)).toEqual(['boot_a']);
  expect(await buryDead(base.sql, 10_000)).toEqual([]);
  expect(await base.sql`select locked_by from graphile_worker._private_jobs`).toEqual([{ locked_by: null }]);
  await retire(base.sql, 'boot_b');
  expect(await base.sql`select 1 from workers`).toEqual([]);
});

test('only a process of the same place that has missed a beat is looked for: equal hostnames mean nothing', async () => {
  await using base = await open();
  const worker = { pools: [], host: 'same', version: '1', roles: ['all'] };
  await beat(base.sql, { ...worker, boot: 'boot_a', place: 'boot/pid:[1]', pid: 7, began: '100' });
  await beat(base.sql, { ...worker, boot: 'boot_b', place: 'boot/pid:[2]', pid: 7, began: '200' });
  expect(await silentAt(base.sql, 'boot/pid:[1]', 1_500)).toEqual([]);
  await base.sql`update workers set heartbeat_at = now() - interval '2 seconds'`;
  expect(await silentAt(base.sql, 'boot/pid:[1]', 1_500)).toEqual([{ boot: 'boot_a', pid: 7, began: '100' }]);
});
