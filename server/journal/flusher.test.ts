import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { Append } from './flusher.ts';
import { AppendRefused } from './flusher.ts';
import { at, end, finished, openTestStore, running, s1, start } from '../engine/testing/store.ts';

/** Rows of every table of the journal, so that "adds no row to any table" is one comparison. */
const journal = ['run_events', 'runs', 'stages', 'effects', 'events', 'dedupe_keys', 'plans', 'tokens'] as const;

async function open() {
  const base = await createTestDatabase();
  const database = await base.open();
  const { sql } = database.engine;
  const count = async () =>
    Object.fromEntries(
      await Promise.all(
        journal.map(async (name) => [name, Number((await sql`select count(*) from ${sql(name)}`)[0]?.['count'])]),
      ),
    );
  return { database, sql, count, [Symbol.asyncDispose]: () => base[Symbol.asyncDispose]() };
}

const event = { id: 'evt_1', source: '/hooks/main/orders', type: 'webhook', data: { body: 1 }, trigger: 'wf_1/hook' };

describe('a flush', () => {
  test('that gets no answer takes those who gathered behind it along: nobody waits for the same database twice', async () => {
    await using base = await open();
    const away: unknown[] = [];
    const onAway = (error: unknown) => void away.push(error);
    await using store = openTestStore(base.database, { patienceMs: 400, onAway });
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const locking = base.sql.begin(async (tx) => {
      await tx`lock table runs in access exclusive mode`;
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const first = store.flusher.append(start('run_1'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const behind = [store.flusher.append(start('run_2')), store.flusher.append(start('run_3'))];
    const unavailable = { ok: false, why: 'unavailable' };
    expect(await Promise.all([first, ...behind])).toEqual([unavailable, unavailable, unavailable]);
    expect(away).toHaveLength(1);
    release.resolve();
    await locking;
    expect(await store.flusher.append(start('run_2'))).toEqual({ ok: true, seq: 1 });
  });

  test('writes a run from its start to its end: facts, mirrors, inbox, plan', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    expect(await store.flusher.append(start('run_1', { event }))).toEqual({ ok: true, seq: 1 });
    const [run] = await base.sql`select *, extract(epoch from started_at) * 1000 as ms from runs`;
    expect(run).toMatchObject({
      id: 'run_1',
      workspace_id: 'ws_1',
      workflow: 'wf_1',
      workflow_name: 'Orders',
      version: 1,
      status: 'running',
      seq: 1,
      plan: 'plan_1',
      trigger_kind: 'webhook',
      hidden: false,
    });
    expect(Number(run?.['ms'])).toBe(at);
    expect(
      (await base.sql`select state, epoch, lease_owner, lease_until > now() + interval '19 s' as held from stages`)[0],
    ).toEqual({ state: 'leased', epoch: 1, lease_owner: 'boot_a', held: true });
    expect(await base.count()).toEqual({
      run_events: 1,
      runs: 1,
      stages: 1,
      effects: 0,
      events: 1,
      dedupe_keys: 0,
      plans: 1,
      tokens: 0,
    });

    expect(await store.flusher.append(end('run_1'))).toEqual({ ok: true, seq: 4 });
    expect(await base.sql`select seq, type from run_events order by seq`).toEqual([
      { seq: 1, type: 'run.started' },
      { seq: 2, type: 'stage.finished' },
      { seq: 3, type: 'run.replied' },
      { seq: 4, type: 'run.finished' },
    ]);
    expect((await base.sql`select status, seq, extract(epoch from finished_at) * 1000 as over from runs`)[0]).toEqual({
      status: 'finished',
      seq: 4,
      over: String(`${at + 5}.000000`),
    });
    expect(await base.count()).toMatchObject({ stages: 0 });
  });

  test('gathers what comes while the last one is in flight', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    const results = await Promise.all(Array.from({ length: 300 }, (_, n) => store.flusher.append(start(`run_${n}`))));
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(new Set(['{"ok":true,"seq":1}']));
    const [flushes] = await base.sql`select count(distinct xmin::text)::int as n from runs`;
    expect(flushes?.['n']).toBe(3);
  });

  test('carries two appends of one run in order, never together', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    const results = await Promise.all([
      store.flusher.append(start('run_1')),
      store.flusher.append(end('run_1')),
      store.flusher.append(start('run_2')),
    ]);
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: true, seq: 4 },
      { ok: true, seq: 1 },
    ]);
  });
});

describe('an append that loses adds no row to any table', () => {
  const everything: Partial<Append> = {
    effects: {
      open: [{ ...s1, node: 'send', item: 0, call: '', epoch: 1, class: 'effect', key: 'wf_k', at }],
      close: [],
    },
    tokens: [{ ...s1, hash: 'hash', node: 'wait' }],
    stages: [{ stage: 's2', path: '', to: 'ready', lane: 'background' }],
    wake: [{ task: 'stage.background', runAt: at, run: 'run_1', stage: 's2', path: '', lane: 'background' }],
    row: finished,
  };

  test.each<[string, Append, object]>([
    ['its seq is behind', end('run_1', { ...everything, expect: 0 + 2 }), { why: 'seq' }],
    ['the epoch is another', end('run_1', { ...everything, fence: [{ ...s1, epoch: 2 }] }), { why: 'fenced' }],
    [
      'the stage is not there',
      end('run_1', { ...everything, fence: [{ stage: 's9', path: '', epoch: 1 }] }),
      { why: 'fenced' },
    ],
    [
      'the lease has not run out',
      end('run_1', { ...everything, fence: [{ ...s1, epoch: 1, expired: true }] }),
      { why: 'fenced' },
    ],
    ['there is no such run', end('run_9', everything), { why: 'gone' }],
    ['it is of another workspace', end('run_1', { ...everything, workspace: 'ws_2' }), { why: 'gone' }],
    [
      'the run is there already',
      start('run_1', { event: { ...event, id: 'evt_2', dedupeKey: 'k' } }),
      { why: 'seq', run: 'run_1' },
    ],
  ])('because %s', async (_, append, why) => {
    await using base = await open();
    await using store = openTestStore(base.database);
    await store.flusher.append(start('run_1', { event }));
    const before = await base.count();
    const [lost, other] = await Promise.all([store.flusher.append(append), store.flusher.append(start('run_other'))]);
    expect(lost).toEqual({ ok: false, ...why });
    expect(other).toEqual({ ok: true, seq: 1 });
    expect(await base.count()).toEqual({ ...before, run_events: 2, runs: 2, stages: 2 });
    const [jobs] = await base.sql`select count(*)::int as n from graphile_worker.jobs`;
    expect(jobs?.['n']).toBe(0);
  });

  test('because another process holds the stage', async () => {
    await using base = await open();
    await using a = openTestStore(base.database, { boot: 'boot_a' });
    await using b = openTestStore(base.database, { boot: 'boot_b' });
    await a.flusher.append(start('run_1'));
    expect(await b.flusher.append(end('run_1'))).toEqual({ ok: false, why: 'fenced' });
    expect(await a.flusher.append(end('run_1'))).toEqual({ ok: true, seq: 4 });
  });
});

describe('a dedupe key', () => {
  const keyed = (run: string, dedupeKey = 'k1', trigger = 'wf_1/hook') =>
    start(run, { event: { ...event, id: `evt_${run}`, trigger, dedupeKey } });

  test('belongs to the first run; a later start is told which, also in the same moment', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    const results = await Promise.all(
      [keyed('run_1'), keyed('run_2'), keyed('run_3', 'k2'), keyed('run_4', 'k1', 'wf_2/hook')].map((one) =>
        store.flusher.append(one),
      ),
    );
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: false, why: 'duplicate', run: 'run_1' },
      { ok: true, seq: 1 },
      { ok: true, seq: 1 },
    ]);
    expect(await base.count()).toMatchObject({ runs: 3, events: 3, run_events: 3, stages: 3, dedupe_keys: 3 });
  });

  test('goes to one of two processes', async () => {
    await using base = await open();
    await using a = openTestStore(base.database);
    await using b = openTestStore(base.database, { boot: 'boot_b' });
    const results = await Promise.all([a.flusher.append(keyed('run_1')), b.flusher.append(keyed('run_2'))]);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await base.count()).toMatchObject({ runs: 1, events: 1 });
  });

  test('comes free when its day is over', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    await store.flusher.append(keyed('run_1'));
    await base.sql`update dedupe_keys set until = now() - interval '1 second'`;
    expect(await store.flusher.append(keyed('run_2'))).toEqual({ ok: true, seq: 1 });
    expect(await base.sql`select run from dedupe_keys`).toEqual([{ run: 'run_2' }]);
  });
});

describe('several processes', () => {
  test('race for the seqs of runs: each seq is won once, and who loses adds nothing', async () => {
    await using base = await open();
    await using a = openTestStore(base.database, { boot: 'boot_a' });
    await using b = openTestStore(base.database, { boot: 'boot_b' });
    const runs = Array.from({ length: 20 }, (_, n) => `run_${n}`);
    await Promise.all(runs.map((run) => a.flusher.append(start(run))));
    const won = { boot_a: 0, boot_b: 0 };
    const lost = new Set<string>();
    const race = async (boot: 'boot_a' | 'boot_b', store: typeof a, run: string) => {
      for (let expected = 1; expected <= 5; expected += 1) {
        const fact = { type: 'run.cancelled' as const, at, data: { reason: boot } };
        const result = await store.flusher.append({
          workspace: 'ws_1',
          run,
          expect: expected,
          facts: [fact],
          row: running,
          stages: [],
        });
        if (result.ok) won[boot] += 1;
        else lost.add(result.why);
      }
    };
    await Promise.all(runs.flatMap((run) => [race('boot_a', a, run), race('boot_b', b, run)]));
    expect([...lost]).toEqual(['seq']);
    const [facts] = await base.sql`select count(*)::int as n from run_events where type = 'run.cancelled'`;
    expect(facts?.['n']).toBe(won.boot_a + won.boot_b);
    const wrong =
      await base.sql`select id from runs r where seq <> (select max(seq) from run_events e where e.run = r.id) or seq <> (select count(*) from run_events e where e.run = r.id)`;
    expect(wrong).toEqual([]);
  });
});

describe('what Postgres cannot store', () => {
  test('is found by halving: the guilty run is refused, all others of its batch are committed', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    const good = Array.from({ length: 40 }, (_, n) => start(`run_${n}`));
    const poison = start('run_18b', { facts: [{ ...start('x').facts[0]!, at: Number.MAX_VALUE }] });
    const results = await Promise.allSettled([...good, poison].map((one) => store.flusher.append(one)));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toEqual([expect.any(AppendRefused)]);
    expect(refused[0]).toMatchObject({ run: 'run_18b' });
    expect(await base.count()).toMatchObject({ runs: 40 });
  });

  test('is mended where it can be: U+0000 and lone surrogates become U+FFFD, what only looks like them stays', async () => {
    await using base = await open();
    await using store = openTestStore(base.database);
    const body = {
      'a\u0000b': 'c\u0000',
      lone: 'x\ud800y',
      pair: '\u{1f600}',
      spelled: '\\u0000 \\ud800',
      path: 'C:\\u0000',
    };
    expect(
      await store.flusher.append(
        start('run_1', { event: { ...event, subject: 's\u0000', dedupeKey: 'k\u0000', data: body } }),
      ),
    ).toEqual({ ok: true, seq: 1 });
    const [row] = await base.sql`select data, subject from events`;
    expect(row).toEqual({
      data: {
        'a\ufffdb': 'c\ufffd',
        lone: 'x\ufffdy',
        pair: '\u{1f600}',
        spelled: '\\u0000 \\ud800',
        path: 'C:\\u0000',
      },
      subject: 's\ufffd',
    });
    expect(
      await store.flusher.append(start('run_2', { event: { ...event, id: 'evt_2', dedupeKey: 'k\u0000' } })),
    ).toEqual({ ok: false, why: 'duplicate', run: 'run_1' });
  });
});
