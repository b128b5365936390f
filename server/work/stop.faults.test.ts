import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { answerRun } from '../runs/act.ts';
import { rebuildsAsItIs } from '../engine/testing/rebuild-law.ts';
import { until } from '../engine/testing/test-engine.ts';
import { openTarget } from './testing/target.ts';
import type { Target } from './testing/target.ts';
import { programArgs, quickLeases } from './testing/program.ts';
import { startWorker } from './testing/worker.ts';

let database: TestDatabase;
let target: Target;
let starter: Process;
let workspace: string;
let allow: string;

beforeAll(async () => {
  database = await createTestDatabase();
  target = await openTarget(1_500);
  allow = `127.0.0.1:${target.port}`;
  const config = readConfig({
    ...quickLeases,
    DATABASE_URL: database.url,
    HEDDLE_SLOTS: '0',
    HEDDLE_ALLOW_HOSTS: allow,
  });
  starter = await openProcess({ config, role: 'starter', log: openLog({ level: 'silent' }) });
  workspace = await findWorkspace(starter.ground.database.app.sql, 'main');
});
afterAll(async () => {
  await starter.close(0);
  await target[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const env = () => ({ DATABASE_URL: database.url, HEDDLE_ALLOW_HOSTS: allow, HEDDLE_WORKERS: '20', HEDDLE_SLOTS: '40' });

/** A start and then these nodes in a row. */
function row(...nodes: readonly Omit<Workflow['nodes'][number], 'key'>[]): Workflow {
  const keys = nodes.map((_, index) => `n${index}`);
  return {
    heddle: 1,
    name: 'Row',
    nodes: [{ key: 'go', type: 'start.manual' }, ...nodes.map((node, index) => ({ ...node, key: keys[index]! }))],
    edges: keys.map((key, index) => ({ from: index === 0 ? 'go' : keys[index - 1]!, to: key })),
  };
}
const call = (method: 'PUT' | 'POST', name = 'call') => ({
  type: 'connect.http-request',
  params: { method, url: `http://127.0.0.1:${target.port}/{{ $run.id }}/${name}`, json: {} },
});

async function start(document: Workflow): Promise<string> {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const actor = await starter.engine.start({
    workspace,
    workflow: { id: 'workflow_stop', name: document.name, version: null },
    plan: compiled.plan,
    document,
    start: 'go',
    input: [{}],
    lane: 'interactive',
    mode: 'live',
    trigger: { kind: 'manual' },
  });
  return actor.run;
}

const rowOf = async (run: string) =>
  (await starter.ledger.sql`select status, needs, error from runs where id = ${run}`)[0]!;
const becomes = (run: string, status: string, withinMs = 40_000) =>
  until(`${run} is ${status}`, async () => (await rowOf(run))['status'] === status, withinMs);
const hitsOf = (run: string) => target.hits.filter(({ path }) => path.startsWith(`/${run}/`));
const count = (facts: readonly { type: string }[], type: string) => facts.filter((fact) => fact.type === type).length;

test('F7: a wait and a review outlive every process, go on in another, and nothing is doubled', async () => {
  const waits = await start(row(call('POST', 'before'), { type: 'control.wait', params: { for: '4s' } }, call('POST')));
  const asks = await start(row({ type: 'control.review', params: { title: 'Go on?' } }, call('POST')));
  {
    await using worker = await startWorker(env());
    await Promise.all([becomes(waits, 'waiting'), becomes(asks, 'waiting')]);
    await worker.kill();
  }
  await rebuildsAsItIs(starter.ledger);
  await using _second = await startWorker(env());
  const back = Date.now();
  await answerRun(starter.engine, asks, { step: 'n0', answer: 'approved', output: {} });
  await expect(answerRun(starter.engine, asks, { step: 'n0', answer: 'approved' })).rejects.toMatchObject({
    status: 409,
  });
  await Promise.all([becomes(waits, 'finished'), becomes(asks, 'finished')]);
  expect(hitsOf(waits).map(({ path }) => path.split('/')[2])).toEqual(['before', 'call']);
  expect(hitsOf(asks)).toHaveLength(1);
  const facts = await starter.ledger.readFacts(waits);
  const [due, fired] = [
    facts.find(({ type }) => type === 'call.suspended'),
    facts.find(({ type }) => type === 'timer.due'),
  ];
  if (due?.type !== 'call.suspended' || due.data.waiting.kind !== 'timer') throw new Error('nothing waited');
  expect(fired!.at - Math.max(due.data.waiting.due, back)).toBeLessThan(5_000);
  expect(count(facts, 'stage.crashed')).toBe(0);
});

describe('F8: the sandbox', () => {
  const spinning = () => row({ type: 'code.javascript', params: { code: 'for (;;);', timeout: '60s' } });

  test('killed while code runs it is tried once more; killed again it is a fault, and no process is left', async () => {
    await using worker = await startWorker(env());
    const run = await start(spinning());
    const first = await busyChild(worker.child.pid!);
    process.kill(first, 'SIGKILL');
    // One that was killed behind everything else on a busy machine takes a moment to be gone.
    await until('the first is gone', () => !isThere(first));
    const second = await busyChild(worker.child.pid!);
    expect(second).not.toBe(first);
    process.kill(second, 'SIGKILL');
    await becomes(run, 'failed');
    expect((await rowOf(run))['error']).toMatchObject({
      code: 'code.crashed',
      message: expect.stringMatching(/sandbox stopped/i),
    });
    expect(count(await starter.ledger.readFacts(run), 'step.failed')).toBe(2);
    const last = await start(spinning());
    const orphan = await busyChild(worker.child.pid!);
    await worker.kill();
    await until('the sandbox has ended with its worker', () => !isThere(orphan));
    const actor = await starter.engine.actor(last, Infinity);
    await actor.append([{ type: 'run.cancelled', at: Date.now(), data: { reason: 'the test is over' } }]);
  });
});

test('F15: a stage that takes its worker down three times is kept from running until somebody says again', async () => {
  const run = await start(row(call('PUT', 'poison')));
  // They take it up one after the other; the last may be dead before it has said that it is ready.
  const odd = await Promise.all(
    Array.from({ length: 3 }, () => startWorker(env(), 'odd-worker').catch(() => undefined)),
  );
  for (const worker of odd) if (worker?.child.signalCode === null) await once(worker.child, 'exit');
  await becomes(run, 'waiting');
  expect((await rowOf(run))['needs']).toMatchObject([{ kind: 'quarantine', node: 'n0', details: { crashes: 3 } }]);
  await rebuildsAsItIs(starter.ledger);
  await using _worker = await startWorker(env());
  await answerRun(starter.engine, run, { step: 'n0', answer: 'again' });
  await becomes(run, 'finished');
  expect(hitsOf(run)).toHaveLength(1);
});

test('F20: told to stop with 20 steps under way it ends them, exits with 0, and another goes on; none fails, none is doubled', async () => {
  const document = row(call('POST', 'first'), call('POST', 'second'));
  const worker = await startWorker(env());
  const runs = await Promise.all(Array.from({ length: 20 }, () => start(document)));
  await until('20 steps are under way', () => runs.every((run) => hitsOf(run).length === 1));
  const began = Date.now();
  worker.child.kill('SIGTERM');
  const [code] = await once(worker.child, 'exit');
  expect(code).toBe(0);
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(await starter.ledger.sql`select 1 from stages where state = 'leased'`).toHaveLength(0);
  await using _next = await startWorker(env());
  await Promise.all(runs.map((run) => becomes(run, 'finished')));
  for (const run of runs) {
    expect(hitsOf(run).map(({ path }) => path.split('/')[2])).toEqual(['first', 'second']);
    expect(count(await starter.ledger.readFacts(run), 'stage.crashed')).toBe(0);
  }
  await rebuildsAsItIs(starter.ledger);
});

test('F21: a step that never ends is handed back when the process is told to stop a second time', async () => {
  target.hangs = ({ path }) => path.endsWith('/endless');
  const worker = await startWorker(env());
  const run = await start(row(call('PUT', 'endless')));
  await until('the step is under way', () => hitsOf(run).length === 1, 40_000);
  worker.child.kill('SIGTERM');
  await until('it has heard the first signal', () => worker.said().includes('told to stop'), 40_000);
  const began = Date.now();
  worker.child.kill('SIGTERM');
  await once(worker.child, 'exit');
  expect(worker.child.exitCode).toBe(0);
  expect(Date.now() - began).toBeLessThan(20_000);
  const [stage] = await starter.ledger.sql`select state from stages where run = ${run}`;
  expect(stage).toEqual({ state: 'ready' });
  expect(count(await starter.ledger.readFacts(run), 'stage.crashed')).toBe(0);
  target.hangs = () => false;
  await using _next = await startWorker(env());
  await becomes(run, 'finished');
});

test('G26, F25: a worker whose queue has been migrated beyond it ends its steps, hands back and leaves with 57', async () => {
  const worker = await startWorker(env());
  const run = await start(row(call('POST', 'first')));
  await until('the step is under way', () => hitsOf(run).length === 1, 40_000);
  await starter.ledger.sql`select pg_notify('worker:migrate', '{"migrationNumber": 999999, "breaking": true}')`;
  if (worker.child.exitCode === null) await once(worker.child, 'exit');
  expect(worker.child.exitCode).toBe(57);
  await becomes(run, 'finished');
  expect(hitsOf(run)).toHaveLength(1);
  expect(await starter.ledger.sql`select 1 from workers`).toHaveLength(0);
});

test('whoever reads a command may stop reading', async () => {
  const said = await listNodesBriefly();
  expect(said).toEqual({ code: 0, problems: '' });
});

/** The process below another that has used more than half a second of processor: the one in which code spins. What contains it may stand between. */
async function busyChild(parent: number): Promise<number> {
  let found: number | undefined;
  await until('a sandbox is busy', () => {
    found = belowOf(parent).find((pid) => ticksOf(pid) > 60);
    return found !== undefined;
  });
  return found!;
}

const childrenOf = (parent: number) =>
  execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, stat]) => Number(ppid) === parent && !stat?.startsWith('Z'))
    .map(([pid]) => Number(pid));

const belowOf = (parent: number): number[] => childrenOf(parent).flatMap((child) => [child, ...belowOf(child)]);

function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return Number(fields[11]);
  } catch {
    return 0;
  }
}

function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** `heddle nodes --json | head -c 1`, more or less: the reader is gone after the first bytes of some hundred kilobytes. */
async function listNodesBriefly(): Promise<{ code: number | null; problems: string }> {
  const child = spawn(process.execPath, [...programArgs('cli'), 'nodes', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let problems = '';
  child.stderr.on('data', (bytes: Buffer) => (problems += bytes.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  await once(child, 'close');
  return { code: child.exitCode, problems };
}
