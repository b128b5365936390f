import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { withWorkspaceSql } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import { forgetLoose, forgetOld } from './retention.ts';
import { saveSnapshot } from './snapshots.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { openTestStore, running, start, startedFact } from '../engine/testing/store.ts';
import type { TestStore } from '../engine/testing/store.ts';

const day = 86_400_000;
const keep = 30 * day;

let base: TestDatabase;
let database: Database;
let store: TestStore;
beforeAll(async () => {
  base = await createTestDatabase();
  database = await base.open();
  store = openTestStore(database);
  await database.app.sql`insert into workspaces (id, slug, name) values ('ws_1', 'one', 'One')`;
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await base[Symbol.asyncDispose]();
});

const daysAgo = (days: number) => Date.now() - days * day;

/** A run that began so many days ago, and ended on the day after unless it goes on. */
async function run(id: string, days: number, { isOver = true, parent }: { isOver?: boolean; parent?: string } = {}) {
  const at = daysAgo(days);
  const started = startedFact(id);
  if (started.type !== 'run.started') throw new Error('no start');
  const result = await store.flusher.append({
    ...start(id, { event: { id: `evt_${id}`, source: 's', type: 't', time: at, data: {} } }),
    facts: [
      {
        ...started,
        at,
        data: {
          ...started.data,
          ...(parent ? { parent: { run: parent, path: '', node: 'n', item: 0, depth: 1 } } : {}),
        },
      },
    ],
    row: isOver ? { status: 'finished', needs: [], awaitsRuns: false, error: null, finishedAt: at + day } : running,
    tokens: [{ stage: 's1', path: '', hash: `hash_${id}`, node: 'n' }],
  });
  expect(result).toEqual({ ok: true, seq: 1 });
}

const idsIn = async (table: string, column: string) =>
  (await database.engine.sql.unsafe(`select distinct ${column} as id from ${table} order by 1`)).map((row) =>
    String(row['id']),
  );

test('what is over for long goes with all that is its own, and nothing that a run which is not over may need', async () => {
  await run('run_old', 40);
  await run('run_young', 30.5);
  await run('run_waits', 400, { isOver: false });
  await run('run_called', 399, { parent: 'run_waits' });
  await run('run_caller', 50);
  await run('run_called_old', 50, { parent: 'run_caller' });
  const shared = await store.blobs.writeBytes('ws_1', 'run_old', Buffer.from('shared'));
  await store.blobs.writeBytes('ws_1', 'run_waits', Buffer.from('shared'));
  const own = await store.blobs.writeBytes('ws_1', 'run_old', Buffer.from('own'));
  const young = await store.blobs.writeBytes('ws_1', 'run_caller', Buffer.from('just written'));
  const { sql } = database.engine;
  await sql`update blobs set at = now() - interval '2 days' where hash <> ${young}`;
  await sql`insert into state_changes (workspace_id, key, answer, at) values ('ws_1', 'k', '1', now() - interval '50 days')`;

  expect(await forgetOld(sql, 0)).toEqual({ runs: 0, events: 0, blobs: 0 });
  expect(await forgetOld(sql, keep)).toEqual({ runs: 3, events: 3, blobs: 1 });
  const left = ['run_called', 'run_waits', 'run_young'];
  expect(await idsIn('runs', 'id')).toEqual(left);
  expect(await idsIn('run_events', 'run')).toEqual(left);
  expect(await idsIn('tokens', 'run')).toEqual(left);
  expect(await idsIn('events', 'run')).toEqual(left);
  expect(await idsIn('blobs', 'hash')).toEqual([shared, young].toSorted());
  expect(await idsIn('blob_chunks', 'hash')).toEqual([shared, young].toSorted());
  expect(await store.blobs.readBytes('ws_1', own)).toBeUndefined();
  // A run that began before it is not over: an attempt of it may ask again.
  expect(await idsIn('state_changes', 'key')).toEqual(['k']);
  expect(await forgetOld(sql, keep)).toEqual({ runs: 0, events: 0, blobs: 0 });
});

test('a snapshot goes with the end of its run, and a newer one lets go of the bytes of the one before', async () => {
  await run('run_long', 1, { isOver: false });
  const { sql } = database.engine;
  const snapshot = (seq: number) =>
    saveSnapshot(sql, store.blobs, { workspace: 'ws_1', run: 'run_long', state: { ...emptyState, seq } });
  const refs = async () => (await sql`select hash from blob_refs where run = 'run_long'`).length;
  await snapshot(500);
  expect(await refs()).toBe(1);
  await snapshot(1_000);
  expect(await refs()).toBe(1);
  const [kept] = await sql`select seq, state ->> 'hash' as hash from snapshots where run = 'run_long'`;
  expect(kept).toMatchObject({ seq: 1_000 });
  expect(await store.blobs.readBytes('ws_1', String(kept?.['hash']))).toBeDefined();
  await forgetOld(sql, 0);
  expect(await idsIn('snapshots', 'run')).toEqual(['run_long']);
  await sql`update runs set finished_at = now(), status = 'finished' where id = 'run_long'`;
  await forgetOld(sql, 0);
  expect(await idsIn('snapshots', 'run')).toEqual([]);
});

test('the engine itself still deletes no fact, and a request may not call what does', async () => {
  await expect(database.engine.sql`delete from run_events`).rejects.toThrow();
  await expect(
    database.engine.sql`select set_config('app.prune', 'on', false), 1 from run_events limit 1`,
  ).resolves.toBeDefined();
  await expect(database.engine.sql`delete from run_events`).rejects.toThrow(/permission denied/);
  await expect(database.app.sql`select heddle_meta.forget_runs(interval '0', 100)`).rejects.toThrow(
    /permission denied/,
  );
});

test('values that a run which never began would have named are released, those of runs and of the last days are not', async () => {
  const { sql } = database.engine;
  const bytes = (text: string) => new TextEncoder().encode(text.repeat(1_000));
  await store.flusher.append(start('run_begun'));
  await store.blobs.writeBytes('ws_1', 'run_begun', bytes('a'));
  const refused = await store.blobs.writeBytes('ws_1', 'run_refused', bytes('b'));
  await sql`update blob_refs set at = now() - interval '3 days'`;
  await store.blobs.writeBytes('ws_1', 'run_starting', bytes('c'));
  expect((await forgetLoose(sql, keep)).refs).toBe(1);
  expect(await idsIn('blob_refs', 'run')).toEqual(expect.arrayContaining(['run_begun', 'run_starting']));
  expect(await idsIn('blob_refs', 'run')).not.toContain('run_refused');
  await sql`update blobs set at = now() - interval '3 days'`;
  await forgetOld(sql, 0);
  expect(await store.blobs.readBytes('ws_1', refused)).toBeUndefined();
});

test('a plan goes when no run follows it and no process has brought it along for days; one that is in use is brought along', async () => {
  const { sql } = database.engine;
  const plan = (fingerprint: string, days: number) => sql`
    insert into plans (workspace_id, fingerprint, plan, document, at)
    values ('ws_1', ${fingerprint}, '{}', '{}', now() - ${days} * interval '1 day')`;
  await Promise.all([plan('plan_unused', 40), plan('plan_fresh', 1)]);
  await store.flusher.append(start('run_pinned'));
  await sql`update plans set at = now() - interval '40 days' where fingerprint = 'plan_1'`;
  expect((await forgetLoose(sql, keep)).plans).toBe(1);
  expect(await idsIn('plans', 'fingerprint')).toEqual(['plan_1', 'plan_fresh']);
  // Another process, or this one an hour later, does not know it: it sends the plan, which is young again by that.
  await using other = openTestStore(database);
  await other.flusher.append(start('run_later'));
  expect(await sql`select 1 from plans where fingerprint = 'plan_1' and at > now() - interval '1 hour'`).toHaveLength(
    1,
  );
});

test('values that a workflow stored outlived it for good: they go once it is deleted and its runs are over', async () => {
  const { sql } = database.engine;
  await withWorkspaceSql(
    database,
    'ws_1',
    (tx) => tx`
      insert into workflows (id, workspace_id, name, document, deleted_at) values
        ('wf_1', 'ws_1', 'Busy', '{}', now()), ('wf_gone', 'ws_1', 'Gone', '{}', now()), ('wf_there', 'ws_1', 'There', '{}', null)`,
  );
  await run('run_of_deleted', 1, { isOver: false });
  await sql`
    insert into state_values (workspace_id, workflow, key, value)
    select 'ws_1', workflow, 'k' || n, '1' from unnest(array['wf_1', 'wf_gone', 'wf_there']) workflow, generate_series(1, 600) n`;
  await forgetOld(sql, 0);
  expect(await idsIn('state_values', 'workflow')).toEqual(['wf_1', 'wf_there']);
  await sql`update runs set finished_at = now(), status = 'finished' where workflow = 'wf_1'`;
  await forgetOld(sql, 0);
  expect(await idsIn('state_values', 'workflow')).toEqual(['wf_there']);
  await expect(database.app.sql`select heddle_meta.forget_state_values(1)`).rejects.toThrow(/permission denied/);
});

test('all that is due goes, in as many rounds as it takes, and others have the database between them', async () => {
  const { sql } = database.engine;
  await withWorkspaceSql(
    database,
    'ws_1',
    (tx) => tx`
      insert into workflows (id, workspace_id, name, document, deleted_at) values ('wf_flood', 'ws_1', 'Flood', '{}', now())`,
  );
  await sql`
    insert into state_values (workspace_id, workflow, key, value)
    select 'ws_1', 'wf_flood', 'flood' || n, '1' from generate_series(1, 240) n`;
  await sql`
    insert into state_changes (workspace_id, key, answer, at)
    select 'ws_1', 'flood' || n, '1', now() - interval '500 days' from generate_series(1, 6000) n`;
  const bytes = (n: number) => Buffer.from(`flood ${n}`);
  const hashes = await Promise.all(
    Array.from({ length: 12 }, (_, n) => store.blobs.writeBytes('ws_1', `run_flood_${n}`, bytes(n))),
  );
  await sql`update blobs set at = now() - interval '2 days' where hash = any(${hashes})`;
  await sql`delete from blob_refs where run like 'run_flood_%' and run not in ('run_flood_3', 'run_flood_8')`;
  await forgetOld(sql, keep, undefined, undefined, 2);
  const kept = await Promise.all(hashes.map((hash) => store.blobs.readBytes('ws_1', hash)));
  expect(kept.flatMap((value, n) => (value ? [n] : []))).toEqual([3, 8]);
  expect(await idsIn('state_values', 'workflow')).not.toContain('wf_flood');
  expect(await sql`select from state_changes where key like 'flood%'`).toHaveLength(0);
});
