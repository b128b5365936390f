import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../flow/compile/compile.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogue } from '../../nodes/all.ts';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { readConfig } from '../config.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { openLog } from '../log/log.ts';
import { openProcess } from '../process.ts';
import type { Process } from '../process.ts';
import { until } from '../engine/testing/test-engine.ts';
import { openTarget } from './testing/target.ts';
import type { Target } from './testing/target.ts';
import { startWorker } from './testing/worker.ts';

/** Rounds of stalls; the drill `stalled` does twenty, and as many 150 ms from the database: one fits the suite's time. */
const rounds = Number(process.env['HEDDLE_ROUNDS'] ?? 1);
/** Short enough to be outlasted, long enough for a busy machine that nobody stops. */
const leases = { HEDDLE_HEARTBEAT: '1', HEDDLE_LEASE: '7', HEDDLE_SWEEP: '1' };
const workers = 4;

let database: TestDatabase;
let target: Target;
let starter: Process;
let workspace: string;

beforeAll(async () => {
  database = await createTestDatabase();
  target = await openTarget(200);
  const config = readConfig({ ...leases, DATABASE_URL: database.url, HEDDLE_SLOTS: '0' });
  starter = await openProcess({ config, role: 'starter', log: openLog({ level: 'silent' }) });
  workspace = await findWorkspace(starter.ground.database.app.sql, 'main');
});

afterAll(async () => {
  await starter.close(0);
  await target[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function calls(): Workflow {
  const nodes = ['PUT', 'POST', 'PUT'].map((method, index) => ({
    key: `call${index}`,
    type: 'connect.http-request',
    params: { method, url: `http://127.0.0.1:${target.port}/{{ $run.id }}/${index}`, json: {} },
  }));
  const keys = ['go', ...nodes.map(({ key }) => key)];
  return {
    heddle: 1,
    name: 'Calls',
    nodes: [{ key: 'go', type: 'start.manual' }, ...nodes],
    edges: keys.slice(1).map((key, index) => ({ from: keys[index]!, to: key })),
  };
}

async function start(): Promise<string> {
  const document = calls();
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const trigger = { kind: 'manual' };
  const workflow = { id: 'workflow_stall', name: document.name, version: null };
  const more = { start: 'go', input: [{}], lane: 'interactive', mode: 'live', trigger } as const;
  return (await starter.engine.start({ workspace, workflow, plan: compiled.plan, document, ...more })).run;
}

const countOf = async (what: 'open' | 'asking' | 'leased' | 'locked' | 'crashed') => {
  const { sql } = starter.ledger;
  const [row] =
    what === 'open'
      ? await sql`select count(*)::int as n from runs where finished_at is null and needs = '[]'`
      : what === 'asking'
        ? await sql`select count(*)::int as n from runs where needs @> '[{"kind": "quarantine"}]'`
        : what === 'leased'
          ? await sql`select count(*)::int as n from stages where state = 'leased'`
          : what === 'locked'
            ? await sql`select count(*)::int as n from graphile_worker.jobs where locked_at is not null`
            : await sql`select count(*)::int as n from run_events where type = 'stage.crashed'`;
  return Number(row?.['n']);
};

test(
  `${rounds} times a worker is stopped past its leases and goes on: nothing doubled, quarantined or held`,
  { timeout: 60_000 * rounds },
  async () => {
    const env = {
      ...leases,
      DATABASE_URL: database.url,
      HEDDLE_ALLOW_HOSTS: `127.0.0.1:${target.port}`,
      HEDDLE_WORKERS: String(workers),
    };
    await using one = await startWorker(env);
    await using two = await startWorker(env);
    for (let round = 0; round < rounds; round++) {
      const child = [one, two][round % 2]!.child;
      for (let n = 0; n < 10; n++) await start();
      await until('both work', async () => (await countOf('leased')) >= workers);
      const crashed = await countOf('crashed');
      child.kill('SIGSTOP');
      await until(
        'what it held was taken over',
        async () => (await countOf('crashed')) > crashed && (await countOf('open')) === 0,
        60_000,
      );
      child.kill('SIGCONT');
      // More than there are slots: one that leaked would be missed now.
      for (let n = 0; n < 4 * workers; n++) await start();
      await until('all is over', async () => (await countOf('open')) === 0, 60_000);
    }
    await until('nothing is held', async () => (await countOf('leased')) + (await countOf('locked')) === 0);
    expect(await countOf('asking')).toBe(0);
    const posts = target.hits.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(posts.length).toBe(new Set(posts).size);
  },
);
