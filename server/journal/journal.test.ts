import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withWorkspace } from '../db/connect.ts';
import { createTestDatabase } from '../db/testing.ts';
import { tables } from '../db/tables.ts';
import { getTableColumns, getTableName, sql as sqlOf } from 'drizzle-orm';
import type { Fact } from '../../flow/facts/fact.ts';
import { listRuns, openCursor, planReader, readFacts, readJournal, readRun } from './journal.ts';
import { at, end, finished, openTestStore, plan, running, s1, start, startedFact } from '../engine/testing/store.ts';

async function open() {
  const base = await createTestDatabase();
  const database = await base.open();
  return { database, sql: database.engine.sql, [Symbol.asyncDispose]: () => base[Symbol.asyncDispose]() };
}

test('facts are read back as they were appended: values, order of keys, instants', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const clean = (value: unknown): boolean => !/\\u(0000|d[89a-f])/.test(JSON.stringify(value));
  const item = fc.jsonValue().filter(clean);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(item), fc.integer({ min: 0, max: 4_000_000_000_000 }), async (items, instant) => {
      n += 1;
      const facts = [{ ...startedFact(`run_${n}`, items), at: instant }];
      await store.flusher.append(start(`run_${n}`, { facts }));
      const read = await readFacts(base.sql, store.blobs, `run_${n}`);
      expect(JSON.stringify(read)).toBe(JSON.stringify(facts.map((fact) => ({ ...fact, seq: 1 }))));
    }),
    { numRuns: 60, examples: [[[{ z: 1, a: 2, 10: 3 }, -0.5, 1e21, '\u2028'], 0]] },
  );
});

test('values over 64 kB leave the row for blobs wherever they stand, and come back as they were', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const text = (letter: string) => letter.repeat(70_000);
  const items = Array.from({ length: 3_000 }, (_, n) => ({ n, name: `item ${n} of a longer list` }));
  const alike = { $blob: 'no hash', size: 1 };
  const step = { ...s1, node: 'n' };
  const call = { ...step, call: '0', op: 'http', hash: 'h' };
  const facts: Fact[] = [
    startedFact('run_1', [{ body: text('a') }]),
    {
      type: 'stage.finished',
      at,
      data: {
        ...s1,
        nodes: [
          {
            key: 'n',
            path: '',
            status: 'finished',
            out: { out: { items, from: [1, 2] }, small: { items: [1] }, same: { pick: 'all', of: 'in' } },
            attempt: 1,
          },
        ],
      },
    },
    { type: 'step.answered', at, data: { ...step, item: 0, attempt: 1, out: { out: [text('b')] } } },
    { type: 'call.answered', at, data: { ...call, value: { deep: text('c') } } },
    { type: 'call.answered', at, data: { ...call, call: '1', value: alike } },
    { type: 'run.replied', at, data: { reply: { status: 200, headers: {}, body: text('d'), as: 'text' } } },
    { type: 'run.finished', at, data: { output: items } },
  ];
  const event = { id: 'evt_1', source: 's', type: 't', data: { body: text('a') } };
  expect(await store.flusher.append(start('run_1', { facts, event }))).toEqual({ ok: true, seq: facts.length });
  const rows = await readJournal(base.sql, 'run_1');
  expect(Math.max(...rows.map((row) => row.data.length))).toBeLessThan(65_536);
  expect(await readFacts(base.sql, store.blobs, 'run_1')).toEqual(facts.map((fact, n) => ({ ...fact, seq: n + 1 })));
  expect((await readFacts(base.sql, store.blobs, 'run_1', 5)).map(({ seq }) => seq)).toEqual([6, 7]);
  // The items of the stage and of the run's output are the same bytes, kept once; all are named by the run.
  const [kept] =
    await base.sql`select count(*)::int as blobs, (select count(*)::int from blob_refs where run = 'run_1') as refs from blobs`;
  expect(kept).toEqual({ blobs: 7, refs: 7 });
});

test('blobs keep any bytes, in rows of 1 MB, to their workspace alone', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  const noise = new Uint8Array(2_500_000).map((_, n) => (random[n % 60_000] ?? 0) ^ (n >> 4) ^ (n >> 12));
  for (const bytes of [new Uint8Array(), random, noise, new Uint8Array(5_000_000)]) {
    const hash = await store.blobs.writeBytes('ws_1', 'run_1', bytes);
    expect(await store.blobs.writeBytes('ws_1', 'run_2', bytes)).toBe(hash);
    expect(Buffer.compare((await store.blobs.readBytes('ws_1', hash)) ?? random, bytes)).toBe(0);
    expect(await store.blobs.readBytes('ws_2', hash)).toBeUndefined();
  }
  const [row] =
    await base.sql`select max(length(bytes)) as longest, count(distinct hash)::int as hashes from blob_chunks`;
  expect(row).toMatchObject({ hashes: 4 });
  expect(Number(row?.['longest'])).toBeLessThanOrEqual(1_000_000);
});

test('lists page from the latest to the first, each run once, and filter', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  const runs = Array.from({ length: 25 }, (_, n) => `run_${String(n).padStart(2, '0')}`);
  await Promise.all(
    runs.map((run, n) => store.flusher.append(start(run, { facts: [{ ...startedFact(run), at: at + (n >> 1) }] }))),
  );
  await store.flusher.append(end('run_03'));
  await store.flusher.append(start('run_foreign', { workspace: 'ws_2' }));
  await store.flusher.append(
    start('run_child', {
      facts: [
        {
          ...startedFact('run_child'),
          data: {
            ...startedFact('run_child').data,
            parent: { run: 'run_03', path: '', node: 'call', item: 0, depth: 1 },
          },
        } as Fact,
      ],
    }),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(
      base.sql,
      { workspace: 'ws_1', limit: 7 },
      cursor === undefined ? undefined : openCursor(cursor),
    );
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  expect(seen).toEqual(runs.toReversed());
  const ids = async (filters: object) =>
    (await listRuns(base.sql, { workspace: 'ws_1', ...filters })).items.map(({ id }) => id);
  expect(await ids({ status: 'finished' })).toEqual(['run_03']);
  expect(await ids({ status: 'running', q: 'run_0' })).toEqual([
    'run_09',
    'run_08',
    'run_07',
    'run_06',
    'run_05',
    'run_04',
    'run_02',
    'run_01',
    'run_00',
  ]);
  expect(await ids({ parent: 'run_03' })).toEqual(['run_child']);
  expect(await ids({ q: 'ORD', since: at + 12 })).toEqual(['run_24']);
  expect(await ids({ q: '%' })).toEqual([]);
  // What the list shows of an id is its end, and of a failed run what went wrong.
  expect(await ids({ q: 'N_24' })).toEqual(['run_24']);
  await base.sql`update runs set error = '{"code":"x","message":"It answered 503."}'::jsonb where id = 'run_03'`;
  expect(await ids({ q: 'answered 503' })).toEqual(['run_03']);
  expect(() => openCursor('nonsense')).toThrow(RangeError);
  expect(await readRun(base.sql, 'run_child')).toMatchObject({
    parent: { run: 'run_03', node: 'call', item: 0 },
    hidden: true,
    depth: 1,
    startedAt: at,
    error: null,
    needs: [],
  });
});

test('a plan is pinned by its fingerprint, a workspace each', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await Promise.all([store.flusher.append(start('run_1')), store.flusher.append(start('run_2'))]);
  const readPlan = planReader(base.sql);
  expect(await readPlan('ws_1', 'plan_1')).toEqual(plan);
  expect(await readPlan('ws_2', 'plan_1')).toBeUndefined();
});

test('a request sees the rows of its workspace in every table of the journal, and writes none', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  for (const workspace of ['ws_1', 'ws_2'])
    await store.flusher.append(
      start(`run_${workspace}`, {
        workspace,
        facts: [startedFact(`run_${workspace}`, [workspace.repeat(20_000)])],
        event: { id: `evt_${workspace}`, source: 's', type: 't', data: 1, trigger: 't', dedupeKey: 'k' },
        effects: {
          open: [{ ...s1, node: 'n', item: 0, call: '', epoch: 1, class: 'effect', key: 'k', at }],
          close: [],
        },
        tokens: [{ ...s1, hash: `hash_${workspace}`, node: 'n' }],
      }),
    );
  await base.sql`insert into snapshots (run, workspace_id, seq, state) values ('run_ws_1', 'ws_1', 1, '{}'), ('run_ws_2', 'ws_2', 1, '{}')`;
  const names = tables
    .filter(({ table, as }) => (as === 'journal' || as === 'facts') && 'workspaceId' in getTableColumns(table))
    .map(({ table }) => getTableName(table));
  const filled = [
    'run_events',
    'runs',
    'stages',
    'effects',
    'events',
    'dedupe_keys',
    'plans',
    'blobs',
    'blob_chunks',
    'blob_refs',
    'tokens',
    'snapshots',
  ];
  expect(names).toEqual(expect.arrayContaining(filled));
  for (const name of filled) {
    const query = sqlOf.raw(`select workspace_id as w from ${name}`);
    const rows = await withWorkspace(base.database, 'ws_2', (tx) => tx.execute(query));
    expect([name, ...new Set(rows.map((row) => row['w']))]).toEqual([name, 'ws_2']);
    expect([name, ...(await base.database.app.orm.execute(query))]).toEqual([name]);
    const change = sqlOf.raw(`update ${name} set workspace_id = 'ws_2'`);
    await expect(withWorkspace(base.database, 'ws_2', (tx) => tx.execute(change))).rejects.toMatchObject({
      cause: { code: '42501' },
    });
  }
});

test('facts and events are never changed, by nobody', async () => {
  await using base = await open();
  await using store = openTestStore(base.database);
  await store.flusher.append(start('run_1', { event: { id: 'evt_1', source: 's', type: 't', data: 1 } }));
  for (const name of ['run_events', 'events'])
    for (const change of [`update ${name} set type = 'x'`, `delete from ${name}`, `truncate ${name}`])
      await expect(base.sql.unsafe(change)).rejects.toMatchObject({ code: '42501' });
  expect(await store.flusher.append(end('run_1', { row: { ...finished, needs: [] } }))).toEqual({ ok: true, seq: 4 });
  expect(
    await store.flusher.append({ workspace: 'ws_1', run: 'run_1', expect: 4, facts: [], row: running, stages: [] }),
  ).toEqual({ ok: true, seq: 4 });
});
