import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../flow/compile/compile.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { decide } from '../../flow/facts/decide.ts';
import { catalogue } from '../../nodes/all.ts';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { readConfig } from '../config.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { openLog } from '../log/log.ts';
import { openProcess } from '../process.ts';
import type { Process } from '../process.ts';
import { openTarget } from './testing/target.ts';
import type { Target } from './testing/target.ts';
import { quickLeases } from './testing/program.ts';
import { startWorker } from './testing/worker.ts';
import type { WorkerProcess } from './testing/worker.ts';

/** Rounds of the kill drill; ten are the issue's, two fit the suite's time. */
const rounds = Number(process.env['HEDDLE_ROUNDS'] ?? 2);

let database: TestDatabase;
let target: Target;
let starter: Process;
let workspace: string;

beforeAll(async () => {
  database = await createTestDatabase();
  target = await openTarget(300);
  const config = readConfig({
    ...quickLeases,
    DATABASE_URL: database.url,
    HEDDLE_SLOTS: '0',
    HEDDLE_ALLOW_HOSTS: `127.0.0.1:${target.port}`,
  });
  starter = await openProcess({ config, role: 'starter', log: openLog({ level: 'silent' }) });
  workspace = await findWorkspace(starter.ground.database.app.sql, 'main');
});

afterAll(async () => {
  await starter.close(0);
  await target[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const workerEnv = () => ({
  DATABASE_URL: database.url,
  HEDDLE_ALLOW_HOSTS: `127.0.0.1:${target.port}`,
  HEDDLE_WORKERS: '8',
});

/** A start and then calls in a row; PUT is idempotent, POST is an effect. */
function calls(methods: readonly ('PUT' | 'POST')[], settings: Record<string, unknown> = {}): Workflow {
  const keys = methods.map((_, index) => `call${index}`);
  return {
    heddle: 1,
    name: 'Calls',
    nodes: [
      { key: 'go', type: 'start.manual' },
      ...methods.map((method, index) => ({
        key: keys[index]!,
        type: 'connect.http-request',
        params: { method, url: `http://127.0.0.1:${target.port}/{{ $run.id }}/${index}`, json: { n: index } },
        settings,
      })),
    ],
    edges: keys.map((key, index) => ({ from: index === 0 ? 'go' : keys[index - 1]!, to: key })),
  };
}

async function start(document: Workflow, input: readonly unknown[] = [{}]): Promise<string> {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const actor = await starter.engine.start({
    workspace,
    workflow: { id: 'workflow_drill', name: document.name, version: null },
    plan: compiled.plan,
    document,
    start: 'go',
    input,
    lane: 'interactive',
    mode: 'live',
    trigger: { kind: 'manual' },
  });
  return actor.run;
}

/** Waits until every run is over or asks a person. */
async function settled(runs: readonly string[], withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    const open = await Promise.all(runs.map(async (run) => !(await stands(run)).isSettled));
    if (!open.includes(true)) return;
    if (Date.now() > until)
      throw new Error(`${open.filter(Boolean).length} runs are neither over nor asking after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stands(run: string) {
  const { plan, state } = await starter.ledger.read(run);
  const { status, needs } = decide(plan, state);
  return { status, needs, state, isSettled: ['finished', 'failed', 'cancelled'].includes(status) || needs.length > 0 };
}

const claims = async () =>
  Number((await starter.ledger.sql`select count(*)::int as n from stages where state = 'leased'`)[0]?.['n'] ?? 0);

/** The target's log against the journal: what F1 to F3 and F13 promise. */
async function compareWithJournal(runs: readonly string[]): Promise<void> {
  for (const run of runs) {
    const { needs, state } = await stands(run);
    const doubts = new Set(needs.filter((need) => need.kind === 'in-doubt').map((need) => need.node));
    const facts = await starter.ledger.readFacts(run);
    const hits = target.hits.filter((hit) => hit.path.startsWith(`/${run}/`));
    for (const [path, same] of Map.groupBy(hits, (hit) => hit.path)) {
      const node = `call${path.split('/')[2]}`;
      if (same[0]!.method === 'POST')
        expect(same.length, `${run} ${path}: an effect reaches the target once at most`).toBe(1);
      else expect(new Set(same.map((hit) => hit.key)).size, `${run} ${path}: repeats carry one key`).toBe(1);
      const isAnswered = facts.some(
        (fact) => fact.type === 'stage.finished' && fact.data.nodes.some((record) => record.key === node),
      );
      if (same[0]!.method === 'POST' && !isAnswered)
        expect(doubts, `${run} ${path}: sent and not answered is in doubt`).toContain(node);
    }
    expect(hits.every((hit) => hit.key.startsWith('wf_'))).toBe(true);
    if (state.ended)
      expect(hits.length, `${run} ended ${JSON.stringify(state.failing ?? state.ended)}`).toBeGreaterThanOrEqual(6);
  }
}

describe('a worker is killed while it works', () => {
  test(
    `F1, F5, F13: ${rounds} rounds of SIGKILL lose nothing and double nothing`,
    { timeout: 60_000 * rounds },
    async () => {
      const document = calls(['PUT', 'POST', 'PUT', 'PUT', 'POST', 'PUT']);
      let workers: WorkerProcess[] = await Promise.all([startWorker(workerEnv()), startWorker(workerEnv())]);
      const all: string[] = [];
      try {
        for (let round = 0; round < rounds; round++) {
          const runs = await Promise.all(Array.from({ length: 20 }, () => start(document)));
          all.push(...runs);
          while ((await claims()) < 5) await new Promise((resolve) => setTimeout(resolve, 20));
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
          while ((await claims()) < 5) await new Promise((resolve) => setTimeout(resolve, 20));
          await workers[0]!.kill();
          await settled(runs, 30_000);
          await compareWithJournal(runs);
          workers = [workers[1]!, await startWorker(workerEnv())];
        }
        expect(all.length).toBe(20 * rounds);
      } finally {
        await Promise.all(workers.map((worker) => worker.kill()));
      }
    },
  );

  test('F2: an effect that was recorded and never answered is asked about, and both answers go on', async () => {
    target.hangs = (hit) => hit.method === 'POST';
    const run = await start(calls(['POST', 'PUT']));
    {
      await using worker = await startWorker(workerEnv());
      await reached(run, 1);
      await worker.kill();
    }
    target.hangs = () => false;
    await using _second = await startWorker(workerEnv());
    await settled([run], 30_000);
    const { needs, status } = await stands(run);
    expect(status).toBe('waiting');
    expect(needs).toMatchObject([{ kind: 'in-doubt', node: 'call0', items: [0] }]);
    const actor = await starter.engine.actor(run, Number.MAX_SAFE_INTEGER);
    const instance = [...actor.state.instances.values()].find((one) => one.node === 'call0')!;
    await actor.append([
      {
        type: 'doubt.answered',
        at: Date.now(),
        data: {
          stage: instance.stage,
          path: '',
          node: 'call0',
          item: 0,
          answer: 'sent',
          port: 'reply',
          output: { id: 7 },
        },
      },
    ]);
    await settled([run], 10_000);
    expect((await stands(run)).status).toBe('finished');
    expect(target.hits.filter((hit) => hit.path === `/${run}/0`)).toHaveLength(1);
  });

  test('F3: an idempotent call is simply made again with the same key', async () => {
    let isFirst = true;
    target.hangs = (hit) => hit.path.endsWith('/0') && isFirst && !(isFirst = false);
    const run = await start(calls(['PUT']));
    {
      await using worker = await startWorker(workerEnv());
      await reached(run, 1);
      await worker.kill();
    }
    await using _second = await startWorker(workerEnv());
    await settled([run], 30_000);
    expect((await stands(run)).status).toBe('finished');
    const hits = target.hits.filter((hit) => hit.path === `/${run}/0`);
    expect(hits).toHaveLength(2);
    expect(new Set(hits.map((hit) => hit.key)).size).toBe(1);
  });

  test('F6: of many items each is sent once, whatever was cut off in the middle', async () => {
    const document: Workflow = {
      heddle: 1,
      name: 'Fan-out',
      nodes: [
        { key: 'go', type: 'start.manual' },
        {
          key: 'call0',
          type: 'connect.http-request',
          params: { method: 'PUT', url: `http://127.0.0.1:${target.port}/fan/{{ $json.n }}`, json: {} },
          settings: { concurrency: 50 },
        },
      ],
      edges: [{ from: 'go', to: 'call0' }],
    };
    const run = await start(
      document,
      Array.from({ length: 1_000 }, (_, n) => ({ n })),
    );
    {
      await using worker = await startWorker(workerEnv());
      while (target.hits.filter((hit) => hit.path.startsWith('/fan/')).length < 300)
        await new Promise((resolve) => setTimeout(resolve, 20));
      await worker.kill();
    }
    await using _second = await startWorker(workerEnv());
    await settled([run], 30_000);
    const { state, status } = await stands(run);
    expect(status, JSON.stringify(state.failing ?? state.instances.get('s2@')?.crashes)).toBe('finished');
    expect(state.output).toHaveLength(1_000);
    const hits = target.hits.filter((hit) => hit.path.startsWith('/fan/'));
    expect(new Set(hits.map((hit) => hit.key)).size).toBe(1_000);
    expect(hits.length - 1_000).toBeLessThanOrEqual(50);
  });
});

async function reached(run: string, count: number): Promise<void> {
  while (target.hits.filter((hit) => hit.path.startsWith(`/${run}/`)).length < count)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
