import { existsSync, mkdtempSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Sql } from 'postgres';
import postgres from 'postgres';
import { openDatabase, type Database } from '../server/db/connect.ts';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';
import { migrate } from '../server/db/migrate.ts';
import { databaseUrl } from '../server/db/testing.ts';

/**
 * Which statement a flush should be: the same S1 run (start: event, run, run.started, leased stage; end: three facts, stage gone, run over)
 * through a zero-delay group commit, as (a) one data-modifying statement over JSON, (b) the same over arrays, (c) plain statements, pipelined
 * in one transaction. `--column json|jsonb|text` is the type of run_events.data, `--shape a|aj|b|c`, `--clients 50`, `--seconds 6`.
 */
const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'a' },
    column: { type: 'string', default: 'json' },
    clients: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '6' },
    home: { type: 'string', default: '/tmp/heddle-bench' },
    migrations: { type: 'string', default: 'drizzle' },
    plain: { type: 'boolean', default: false },
    dropStatus: { type: 'boolean', default: false },
    wake: { type: 'boolean', default: false },
  },
});

interface Fact {
  type: string;
  at: number;
  data: string;
}
interface Start {
  run: string;
  event: string;
  facts: Fact[];
}
interface End {
  run: string;
  expect: number;
  facts: Fact[];
}
interface Batch {
  starts: Start[];
  ends: End[];
}
type Shape = (sql: Sql, batch: Batch) => Promise<number>;

const column = values.column;

/** Everything in one statement; the batch is JSON. `json` true: json_to_recordset, else jsonb_to_recordset. */
const oneStatement = (kind: 'json' | 'jsonb'): Shape => {
  const startText = `
with head as materialized (select * from ${kind}_to_recordset($1::text::${kind}) as x(run text, event text, ws text, seq int, at float8)),
run as (insert into runs (id, workspace_id, workflow, workflow_name, version, status, mode, trigger_kind, event, start, lane, seq, plan, engine, started_at, root)
  select run, ws, 'wf_1', 'Bench', 1, 'running', 'live', 'webhook', event, 'hook', 'realtime', seq, 'plan_1', 1, to_timestamp(at / 1000), run from head
  on conflict (id) do nothing returning id, workspace_id, event),
inbox as (insert into events (id, workspace_id, source, type, time, data, trigger, run)
  select h.event, h.ws, 'hook', 'webhook', to_timestamp(h.at / 1000), null, 'hook', h.run from head h join run on run.id = h.run),
fact as (insert into run_events (run, workspace_id, seq, type, at, data)
  select f.run, run.workspace_id, f.seq, f.type, to_timestamp(f.at / 1000), f.data::${column} from ${kind}_to_recordset($2::text::${kind}) as f(run text, seq int, type text, at float8, data ${kind}) join run on run.id = f.run),
stage as (insert into stages (run, workspace_id, stage, path, state, epoch, lease_owner, lease_until, lane)
  select id, workspace_id, 's1', '', 'leased', 1, 'boot', now() + '20s'::interval, 'realtime' from run)
select id from run`;
  const endText = `
with head as materialized (select * from ${kind}_to_recordset($1::text::${kind}) as x(run text, ws text, expect int, seq int, at float8)),
fenced as materialized (select h.run from head h where not exists (select from stages s where s.run = h.run and s.stage = 's1' and s.path = '' and s.epoch = 1 and s.lease_owner = 'boot')),
run as (update runs r set seq = h.seq, status = 'finished', finished_at = to_timestamp(h.at / 1000) from head h
  where r.id = h.run and r.seq = h.expect and h.run not in (select run from fenced) returning r.id, r.workspace_id),
fact as (insert into run_events (run, workspace_id, seq, type, at, data)
  select f.run, run.workspace_id, f.seq, f.type, to_timestamp(f.at / 1000), f.data::${column} from ${kind}_to_recordset($2::text::${kind}) as f(run text, seq int, type text, at float8, data ${kind}) join run on run.id = f.run),
gone as (delete from stages s using run where s.run = run.id and s.stage = 's1' and s.path = '')
select id from run`;
  return async (sql, { starts, ends }) => {
    const at = Date.now();
    const facts = (list: { run: string; expect?: number; facts: Fact[] }[]) =>
      `[${list
        .flatMap(({ run, expect = 0, facts: own }) =>
          own.map(
            (f, i) => `{"run":"${run}","seq":${expect + 1 + i},"type":"${f.type}","at":${f.at},"data":${f.data}}`,
          ),
        )
        .join(',')}]`;
    const jobs: Promise<unknown[]>[] = [];
    if (starts.length > 0) {
      const heads = JSON.stringify(
        starts.map((s) => ({ run: s.run, event: s.event, ws: 'ws_1', seq: s.facts.length, at })),
      );
      jobs.push(sql.unsafe(startText, [heads, facts(starts)], { prepare: true }));
    }
    if (ends.length > 0) {
      const heads = JSON.stringify(
        ends.map((e) => ({ run: e.run, expect: e.expect, ws: 'ws_1', seq: e.expect + e.facts.length, at })),
      );
      jobs.push(sql.unsafe(endText, [heads, facts(ends)], { prepare: true }));
    }
    const done = await Promise.all(jobs);
    return done.reduce((sum, rows) => sum + rows.length, 0);
  };
};

const arrays: Shape = async (sql, { starts, ends }) => {
  const now = Date.now();
  const startText = `
with head as materialized (select * from unnest($1::text[], $2::text[], $3::int[]) as x(run, event, seq)),
run as (insert into runs (id, workspace_id, workflow, workflow_name, version, status, mode, trigger_kind, event, start, lane, seq, plan, engine, started_at, root)
  select run, 'ws_1', 'wf_1', 'Bench', 1, 'running', 'live', 'webhook', event, 'hook', 'realtime', seq, 'plan_1', 1, to_timestamp($4::float8 / 1000), run from head
  on conflict (id) do nothing returning id, workspace_id, event),
inbox as (insert into events (id, workspace_id, source, type, time, data, trigger, run)
  select h.event, 'ws_1', 'hook', 'webhook', to_timestamp($4::float8 / 1000), null, 'hook', h.run from head h join run on run.id = h.run),
fact as (insert into run_events (run, workspace_id, seq, type, at, data)
  select f.run, run.workspace_id, f.seq, f.type, to_timestamp(f.at / 1000), f.data::${column} from unnest($5::text[], $6::int[], $7::text[], $8::float8[], $9::text[]) as f(run, seq, type, at, data) join run on run.id = f.run),
stage as (insert into stages (run, workspace_id, stage, path, state, epoch, lease_owner, lease_until, lane)
  select id, workspace_id, 's1', '', 'leased', 1, 'boot', now() + '20s'::interval, 'realtime' from run)
select id from run`;
  const endText = `
with head as materialized (select * from unnest($1::text[], $2::int[], $3::int[]) as x(run, expect, seq)),
fenced as materialized (select h.run from head h where not exists (select from stages s where s.run = h.run and s.stage = 's1' and s.path = '' and s.epoch = 1 and s.lease_owner = 'boot')),
run as (update runs r set seq = h.seq, status = 'finished', finished_at = to_timestamp($4::float8 / 1000) from head h
  where r.id = h.run and r.seq = h.expect and h.run not in (select run from fenced) returning r.id, r.workspace_id),
fact as (insert into run_events (run, workspace_id, seq, type, at, data)
  select f.run, run.workspace_id, f.seq, f.type, to_timestamp(f.at / 1000), f.data::${column} from unnest($5::text[], $6::int[], $7::text[], $8::float8[], $9::text[]) as f(run, seq, type, at, data) join run on run.id = f.run),
gone as (delete from stages s using run where s.run = run.id and s.stage = 's1' and s.path = '')
select id from run`;
  const factArrays = (list: { run: string; expect?: number; facts: Fact[] }[]) => {
    const rows = list.flatMap(({ run, expect = 0, facts }) =>
      facts.map((f, i) => ({ ...f, run, seq: expect + 1 + i })),
    );
    return [
      rows.map((r) => r.run),
      rows.map((r) => r.seq),
      rows.map((r) => r.type),
      rows.map((r) => r.at),
      rows.map((r) => r.data),
    ];
  };
  const jobs: Promise<unknown[]>[] = [];
  if (starts.length > 0)
    jobs.push(
      sql.unsafe(
        startText,
        [
          starts.map((s) => s.run),
          starts.map((s) => s.event),
          starts.map((s) => s.facts.length),
          now,
          ...factArrays(starts),
        ],
        {
          prepare: true,
        },
      ),
    );
  if (ends.length > 0)
    jobs.push(
      sql.unsafe(
        endText,
        [
          ends.map((s) => s.run),
          ends.map((s) => s.expect),
          ends.map((s) => s.expect + s.facts.length),
          now,
          ...factArrays(ends),
        ],
        {
          prepare: true,
        },
      ),
    );
  const done = await Promise.all(jobs);
  return done.reduce((sum, rows) => sum + rows.length, 0);
};

/** The statements of (a) apart from each other, sent without waiting inside one transaction (two more round trips: begin, commit). */
const pipelined: Shape = async (sql, { starts, ends }) => {
  const at = Date.now();
  const facts = (list: { run: string; expect?: number; facts: Fact[] }[]) =>
    `[${list.flatMap(({ run, expect = 0, facts: own }) => own.map((f, i) => `{"run":"${run}","seq":${expect + 1 + i},"type":"${f.type}","at":${f.at},"data":${f.data}}`)).join(',')}]`;
  await sql.begin((tx) => {
    const q = (text: string, args: (string | number)[]) => tx.unsafe(text, args, { prepare: true });
    const jobs = [];
    if (starts.length > 0) {
      const heads = JSON.stringify(
        starts.map((s) => ({ run: s.run, event: s.event, ws: 'ws_1', seq: s.facts.length, at })),
      );
      const head = `json_to_recordset($1::text::json) as x(run text, event text, ws text, seq int, at float8)`;
      jobs.push(
        q(
          `insert into runs (id, workspace_id, workflow, workflow_name, version, status, mode, trigger_kind, event, start, lane, seq, plan, engine, started_at, root)
  select run, ws, 'wf_1', 'Bench', 1, 'running', 'live', 'webhook', event, 'hook', 'realtime', seq, 'plan_1', 1, to_timestamp(at / 1000), run from ${head}
  on conflict (id) do nothing returning id`,
          [heads],
        ),
        q(
          `insert into events (id, workspace_id, source, type, time, data, trigger, run) select event, ws, 'hook', 'webhook', to_timestamp(at / 1000), null, 'hook', run from ${head}`,
          [heads],
        ),
        q(
          `insert into stages (run, workspace_id, stage, path, state, epoch, lease_owner, lease_until, lane) select run, ws, 's1', '', 'leased', 1, 'boot', now() + '20s'::interval, 'realtime' from ${head}`,
          [heads],
        ),
      );
    }
    if (ends.length > 0) {
      const heads = JSON.stringify(
        ends.map((e) => ({ run: e.run, expect: e.expect, seq: e.expect + e.facts.length, at })),
      );
      const head = `json_to_recordset($1::text::json) as h(run text, expect int, seq int, at float8)`;
      jobs.push(
        q(
          `update runs r set seq = h.seq, status = 'finished', finished_at = to_timestamp(h.at / 1000) from ${head} where r.id = h.run and r.seq = h.expect returning r.id`,
          [heads],
        ),
        q(
          `delete from stages s using ${head} where s.run = h.run and s.stage = 's1' and s.path = '' and s.epoch = 1 and s.lease_owner = 'boot'`,
          [heads],
        ),
      );
    }
    jobs.push(
      q(
        `insert into run_events (run, workspace_id, seq, type, at, data) select f.run, 'ws_1', f.seq, f.type, to_timestamp(f.at / 1000), f.data::${column} from json_to_recordset($1::text::json) as f(run text, seq int, type text, at float8, data json)`,
        [facts([...starts, ...ends])],
      ),
    );
    return jobs;
  });
  return starts.length + ends.length;
};

const shapes: Record<string, Shape> = { a: oneStatement('json'), aj: oneStatement('jsonb'), b: arrays, c: pipelined };

async function main(): Promise<void> {
  const server = await joinEmbeddedPostgres({ home: values.home });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin.unsafe('drop database if exists shapes with (force)');
  await admin.unsafe('create database shapes');
  const url = databaseUrl(server.url, 'shapes');
  await migrate({ url, folder: values.migrations });
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  if (column !== 'json')
    await owner.unsafe(`alter table run_events alter column data type ${column} using data::text::${column}`);
  if (values.dropStatus) await owner.unsafe(`drop index runs_by_status`);
  const database = await openDatabase({ url });
  try {
    await measure(database);
  } finally {
    await database.close();
    await owner.end();
    await admin.end();
    await server.leave();
  }
}

async function measure(database: Database): Promise<void> {
  const sql = await database.engine.sql.reserve();
  if (!values.plain)
    for (const set of [
      'enable_hashjoin = off',
      'enable_mergejoin = off',
      'enable_seqscan = off',
      'plan_cache_mode = force_generic_plan',
    ])
      await sql.unsafe(`set ${set}`);
  const shape = shapes[values.shape];
  if (!shape) throw new Error('no such shape');
  let waiting: { start?: Start; end?: End; done: () => void }[] = [];
  let flying = false;
  let flushes = 0;
  const client: Sql = values.shape === 'c' ? database.engine.sql : sql;
  const flush = async () => {
    flying = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      flushes += 1;
      const won = await shape(client, {
        starts: batch.flatMap((b) => b.start ?? []),
        ends: batch.flatMap((b) => b.end ?? []),
      });
      if (won !== batch.length) throw new Error(`${won} of ${batch.length} appended`);
      for (const { done } of batch) done();
    }
    flying = false;
  };
  const append = (what: { start?: Start; end?: End }) =>
    new Promise<void>((done) => {
      waiting.push({ ...what, done });
      if (!flying) {
        flying = true;
        setImmediate(() => void flush());
      }
    });
  const started = JSON.stringify({
    workflow: { id: 'wf_1', name: 'Bench', version: 1 },
    plan: 'plan_1',
    engine: 1,
    start: 'hook',
    input: {
      items: [
        {
          method: 'POST',
          path: 'orders',
          headers: { host: 'localhost', 'content-type': 'application/json' },
          query: {},
          params: {},
          body,
        },
      ],
    },
    lane: 'realtime',
    trigger: { kind: 'webhook', event: 'evt_1' },
    mode: 'live',
    root: 'run_1',
    seed: 'seed',
  });
  const finished = JSON.stringify({
    stage: 's1',
    path: '',
    nodes: ['hook', 'set', 'reply'].map((key) => ({
      key,
      path: '',
      status: 'finished',
      out: { out: { items: [{ ...body, greeting: 'Hello Ada', total: 144, source: 'bench' }] } },
      attempt: 1,
      ms: 0.1,
    })),
  });
  const replied = JSON.stringify({
    reply: {
      status: 200,
      headers: {},
      body: { ...body, greeting: 'Hello Ada', total: 144, source: 'bench' },
      as: 'json',
    },
  });
  const over = JSON.stringify({ output: [{ ...body, greeting: 'Hello Ada', total: 144, source: 'bench' }] });
  let runs = 0;
  let stop = false;
  const times: number[] = [];
  let number = 0;
  const client1 = async () => {
    while (!stop) {
      number += 1;
      const run = `run_${Date.now().toString(36)}${String(number).padStart(8, '0')}`;
      const at = Date.now();
      const t = performance.now();
      await append({ start: { run, event: `evt_${run}`, facts: [{ type: 'run.started', at, data: started }] } });
      await append({
        end: {
          run,
          expect: 1,
          facts: [
            { type: 'stage.finished', at, data: finished },
            { type: 'run.replied', at, data: replied },
            { type: 'run.finished', at, data: over },
          ],
        },
      });
      times.push(performance.now() - t);
      runs += 1;
    }
  };
  const clients = Array.from({ length: Number(values.clients) }, client1);
  await new Promise((r) => setTimeout(r, 2_000));
  const from = { runs, flushes, cpu: process.cpuUsage() };
  times.length = 0;
  const t = performance.now();
  await new Promise((r) => setTimeout(r, Number(values.seconds) * 1_000));
  const took = (performance.now() - t) / 1_000;
  const cpu = process.cpuUsage(from.cpu);
  const sorted = times.sort((x, y) => x - y);
  console.log(
    JSON.stringify({
      shape: values.shape,
      column,
      clients: values.clients,
      plain: values.plain,
      dropStatus: values.dropStatus,
      runs: Math.round((runs - from.runs) / took),
      p50: sorted[sorted.length >> 1]?.toFixed(1),
      batch: (((runs - from.runs) * 2) / (flushes - from.flushes)).toFixed(1),
      cpu: ((cpu.user + cpu.system) / 1e6 / took).toFixed(2),
    }),
  );
  stop = true;
  await Promise.all(clients);
  sql.release();
}

const body = { name: 'Ada', email: 'ada@example.com', amount: 120, plan: 'pro' };
if (!existsSync(values.home)) mkdtempSync(values.home);
await main();
