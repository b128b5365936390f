import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import type { Row, Sql } from 'postgres';
import { findPostmaster } from '../../server/db/postmaster.ts';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { line } from './line.ts';
import { measured } from './own-time.ts';
import { Probe } from './probe.ts';
import { treeOf } from './processes.ts';
import { startProduct } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';
import { Patience, until } from './until.ts';

const children = 10_000;
/** What one that calls itself may come to here: it grows by some dozens a second, and shows no more at ten thousand. */
const budgetOfForks = 3_000;
/** From how many on it is taken away. */
const grown = 1_000;
/** E15: a tree of ten thousand ends so fast. */
const cancelMost = 5_000;
/** What nothing may hold the server's own thread for, in milliseconds of processor. */
const heldMost = 250;
/** Less than what is to be ended shows nothing: without it the drill says so and ends. */
const patience = { everyMs: 200 };
/** For so long nothing more may begin or end. */
const stillMs = 60_000;

/**
 * Workflows that start others by the thousands end as one: a run with 10,000 children that wait is cancelled, and so is what a deleted workflow has; one
 * that calls itself is stopped at its budget, deleted while it grows, and unpublished while it grows. Afterwards nothing of it lives.
 */
export async function family({ on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  const env = { ...box.env, DATABASE_URL: cluster.url };
  const sql = postgres(cluster.url, { max: 1 });
  /** A part of it on a server of its own; what that one ended with. */
  const onServer = async <T>(more: Readonly<Record<string, string>>, part: (tried: Tried) => Promise<T>) => {
    await using server = await startProduct({ ...env, ...more });
    const api = new Api(() => server.url, await box.key(env));
    const postmaster = findPostmaster(cluster.data);
    if (!postmaster) throw new Error('Postgres does not run');
    const pids = () => [server.pid, postmaster.pid].flatMap((pid) => treeOf(pid));
    const came = await part({ api, sql, url: server.url, pids });
    return { ...came, code: await server.end('SIGTERM') };
  };
  try {
    const wides = await onServer({}, async (tried) => {
      const leaf = await tried.api.publish(line('leaf', { s: { type: 'start.called' }, w: hour }));
      return { cancelled: await wide(tried, leaf, 'cancel'), deleted: await wide(tried, leaf, 'delete') };
    });
    // So deep that their number is what stops them.
    const limits = { HEDDLE_RUN_FAMILY: String(budgetOfForks), HEDDLE_RUN_DEPTH: '1000' };
    const forks = await onServer(limits, async (tried) => ({
      budget: await fork(tried, 'budget'),
      gone: await fork(tried, 'delete'),
      unpublished: await fork(tried, 'unpublish'),
    }));
    return reportOf(wides, forks);
  } finally {
    await sql.end();
  }
}

interface Wide {
  /** What counts, and by the clock, in milliseconds. */
  readonly ms: number;
  readonly clock: number;
  readonly held: number;
  readonly live: number;
}

interface Fork {
  /** Until it was at rest, and until the call that took it away was answered, in milliseconds by the clock. */
  readonly ms: number;
  readonly answered: number;
  /** What counts of the former. */
  readonly alone: number;
  readonly runs: number;
  readonly live: number;
}

type Ended<Names extends string, T> = Readonly<Record<Names, T>> & { readonly code: number | null };

function reportOf(
  { cancelled, deleted, code }: Ended<'cancelled' | 'deleted', Wide>,
  { budget, gone, unpublished, code: later }: Ended<'budget' | 'gone' | 'unpublished', Fork>,
): Report {
  const codes = [code, later];
  return {
    figures: {
      'cancelled, deleted by the clock': `${cancelled.clock}, ${deleted.clock} ms`,
      'a call that calls itself, stopped at': `${budget.runs} runs, at rest after ${budget.ms} ms`,
      'deleted while it grew': `${gone.runs} runs, answered in ${gone.answered} ms, at rest after ${gone.ms} ms`,
      'unpublished while it grew': `${unpublished.runs} runs, at rest after ${unpublished.ms} ms`,
    },
    broken: [
      ...unless(budget.runs <= budgetOfForks + 1, `one that calls itself started ${budget.runs} runs`),
      ...unless(budget.runs >= budgetOfForks / 2, `one that calls itself came to ${budget.runs} runs only`),
      ...[cancelled, deleted, budget, gone, unpublished].flatMap(({ live }) =>
        unless(live === 0, `${live} runs live on`),
      ),
      ...codes.flatMap((one) => unless(one === 0, `told to stop, it ended with ${one}`)),
    ],
    laws: [
      { name: `${children} children: cancelled with their parent`, is: cancelled.ms, most: cancelMost, unit: 'ms' },
      { name: `${children} children: ended with their deleted workflow`, is: deleted.ms, most: cancelMost, unit: 'ms' },
      { name: 'a workflow that calls itself: deleted', is: gone.alone, most: cancelMost, unit: 'ms' },
      {
        name: 'the server is held meanwhile',
        is: Math.max(cancelled.held, deleted.held),
        most: heldMost,
        unit: 'ms held',
      },
    ],
  };
}

interface Tried {
  readonly api: Api;
  readonly sql: Sql;
  readonly url: string;
  /** The processes of the server and of its Postgres. */
  readonly pids: () => number[];
}

const hour = { type: 'control.wait', params: { for: '1h' } };

/** How many runs there are and how many of them live: of one workflow, or of all. */
async function countRuns(sql: Sql, workflow: string | null = null): Promise<{ all: number; live: number }> {
  const [row] = await sql<{ all: number; live: number }[]>`
    select count(*)::int as all, count(*) filter (where finished_at is null)::int as live
    from runs where ${workflow}::text is null or workflow = ${workflow}`;
  return row!;
}
/** Stages that somebody carries out or may: not those that wait. */
const countDue = (sql: Sql) =>
  count(sql`select count(*) as n from stages where state = 'leased' or next_at is null or next_at <= now()`);
const count = async (rows: PromiseLike<Row[]>): Promise<number> => Number((await rows)[0]?.['n']);

/** One run starts ten thousand that wait; then it is cancelled, or its workflow deleted. */
async function wide({ api, sql, url, pids }: Tried, leaf: string, how: 'cancel' | 'delete'): Promise<Wide> {
  const id = await api.publish(
    line(`wide ${how}`, {
      s: { type: 'start.manual' },
      code: {
        type: 'code.javascript',
        params: { code: `return Array.from({ length: ${children - 1} }, (_, n) => ({ n }));` },
      },
      call: { type: 'control.call', params: { workflow: leaf, mode: 'each', wait: false } },
      w: hour,
    }),
  );
  const run = await api.start(id);
  const live = async () => (await countRuns(sql)).live;
  await until(`${children} runs live`, live, { ...patience, least: children });
  await until('the last of them wait', async () => -(await countDue(sql)), { ...patience, least: 0 });
  const said = JSON.stringify(await api.done('GET', `/api/v1/runs/${run}`));
  if (!said.includes('"waiting"')) throw new Error(`it began them and does not wait: ${said}`);
  await using probe = new Probe(url);
  await probe.told();
  const from = Date.now();
  const took = measured(pids);
  if (how === 'cancel') await api.done('POST', `/api/v1/runs/${run}/cancel`);
  else await api.done('DELETE', `/api/v1/workflows/${id}`);
  const left = await untilNone(sql);
  const { alone, clock } = took();
  await probe.told();
  const held = probe.held.filter(({ to }) => to >= from).map((one) => one.held);
  return { ms: alone, clock: Math.round(clock), held: Math.max(...held), live: left };
}

/** A workflow that calls itself for four items is left to its budget, or taken away while it grows. */
async function fork({ api, sql, pids }: Tried, how: 'budget' | 'delete' | 'unpublish'): Promise<Fork> {
  const start = { m: { type: 'start.manual' } };
  const id = await api.publish(line(`fork ${how}`, start));
  // Nothing of it waits but for the runs that it calls.
  const four = { type: 'data.set', params: { json: { four: [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }] } } };
  const split = { type: 'data.split-out', params: { field: 'four' } };
  const call = { type: 'control.call', params: { workflow: id, mode: 'each', parallel: 50 } };
  const drawn = line(`fork ${how}`, { ...start, four, split, call });
  const document = {
    ...drawn,
    nodes: [...drawn.nodes, { key: 's', type: 'start.called' }],
    edges: [...drawn.edges, { from: 's', to: 'four' }],
  };
  await api.done('PUT', `/api/v1/workflows/${id}`, { document, revision: 1 });
  await api.done('POST', `/api/v1/workflows/${id}/publish`);
  await api.start(id, { input: [{}] });
  const begun = async () => (await countRuns(sql, id)).all;
  await until('it grows', begun, { ...patience, least: how === 'budget' ? 2 : grown });
  const took = measured(pids);
  if (how === 'delete') await api.done('DELETE', `/api/v1/workflows/${id}`);
  if (how === 'unpublish') await api.done('POST', `/api/v1/workflows/${id}/unpublish`);
  const answered = Math.round(took().clock);
  await untilNone(sql, id);
  const { clock, alone } = took();
  // What was on its way when it ended may still begin something.
  await pause(3_000);
  const { all: runs, live } = await countRuns(sql, id);
  return { ms: Math.round(clock), alone, answered, runs, live };
}

/** Waits until none lives, or none more begins or ends; gives how many live on. */
async function untilNone(sql: Sql, workflow?: string): Promise<number> {
  for (const rest = new Patience(stillMs); ; await pause(100)) {
    const { all, live } = await countRuns(sql, workflow);
    if (live === 0 || !rest.lasts(2 * all - live)) return live;
  }
}
