import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import type { Row, Sql } from 'postgres';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { line } from './line.ts';
import { Probe } from './probe.ts';
import { startProduct } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';
import { until } from './until.ts';

const children = 10_000;
/** E15: a tree of ten thousand ends so fast. */
const cancelMost = 5_000;
const answerMost = 250;
const restMs = 60_000;
/** Less than what is to be ended shows nothing: without it the drill says so and ends. */
const patience = { everyMs: 200, withinMs: 5 * restMs };

/**
 * Workflows that start others by the thousands end as one: a run with 10,000 children that wait is cancelled, and so is what a deleted workflow has; one
 * that calls itself is stopped at its budget, deleted while it grows, and unpublished while it grows. Afterwards nothing of it lives.
 */
export async function family({ on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  const env = { ...box.env, DATABASE_URL: cluster.url };
  await using server = await startProduct(env);
  const api = new Api(() => server.url, await box.key({ DATABASE_URL: cluster.url }));
  const sql = postgres(cluster.url, { max: 1 });
  const tried = { api, sql, url: server.url };
  try {
    const leaf = await api.publish(line('leaf', { s: { type: 'start.called' }, w: hour }));
    const [cancelled, deleted] = [await wide(tried, leaf, 'cancel'), await wide(tried, leaf, 'delete')];
    const [budget, gone, unpublished] = [
      await fork(tried, 'budget'),
      await fork(tried, 'delete'),
      await fork(tried, 'unpublish'),
    ];
    const code = await server.end('SIGTERM');
    return {
      figures: {
        'a call that calls itself, stopped at': `${budget.runs} runs, at rest after ${budget.ms} ms`,
        'deleted while it grew': `${gone.runs} runs, answered in ${gone.answered} ms`,
        'unpublished while it grew': `${unpublished.runs} runs, at rest after ${unpublished.ms} ms`,
      },
      broken: [
        ...unless(budget.runs <= children + 1, `one that calls itself started ${budget.runs} runs`),
        ...[budget, gone, unpublished].flatMap(({ live }) => unless(live === 0, `${live} runs live on`)),
        ...unless(code === 0, `told to stop, it ended with ${code}`),
      ],
      laws: [
        { name: `${children} children: cancelled with their parent`, is: cancelled.ms, most: cancelMost, unit: 'ms' },
        {
          name: `${children} children: ended with their deleted workflow`,
          is: deleted.ms,
          most: cancelMost,
          unit: 'ms',
        },
        { name: 'a workflow that calls itself: deleted', is: gone.ms, most: cancelMost, unit: 'ms' },
        {
          name: 'longest /healthz meanwhile',
          is: Math.max(cancelled.slowest, deleted.slowest),
          most: answerMost,
          unit: 'ms',
        },
      ],
    };
  } finally {
    await sql.end();
  }
}

interface Tried {
  readonly api: Api;
  readonly sql: Sql;
  readonly url: string;
}

const hour = { type: 'control.wait', params: { for: '1h' } };
const items = (many: number) => ({
  type: 'code.javascript',
  params: { code: `return Array.from({ length: ${many} }, (_, n) => ({ n }));` },
});

/** Runs that are not over: of one workflow, or of all. */
const countLive = (sql: Sql, workflow: string | null = null) =>
  count(sql`select count(*) as n from runs
    where finished_at is null and (${workflow}::text is null or workflow = ${workflow})`);
const countAll = (sql: Sql, workflow: string) =>
  count(sql`select count(*) as n from runs where workflow = ${workflow}`);
/** Stages that somebody carries out or may: not those that wait. */
const countDue = (sql: Sql) =>
  count(sql`select count(*) as n from stages where state = 'leased' or next_at is null or next_at <= now()`);
const count = async (rows: PromiseLike<Row[]>): Promise<number> => Number((await rows)[0]?.['n']);

/** One run starts ten thousand that wait; then it is cancelled, or its workflow deleted. */
async function wide({ api, sql, url }: Tried, leaf: string, how: 'cancel' | 'delete') {
  const id = await api.publish(
    line(`wide ${how}`, {
      s: { type: 'start.manual' },
      code: items(children - 1),
      call: { type: 'control.call', params: { workflow: leaf, mode: 'each', wait: false } },
      w: hour,
    }),
  );
  const run = await api.start(id);
  await until(`${children} runs live`, async () => (await countLive(sql)) >= children, patience);
  await until('the last of them wait', async () => (await countDue(sql)) === 0, patience);
  const probe = new Probe(url);
  await until('the probe has begun', () => probe.asked.length > 0);
  const from = Date.now();
  if (how === 'cancel') await api.done('POST', `/api/v1/runs/${run}/cancel`);
  else await api.done('DELETE', `/api/v1/workflows/${id}`);
  await untilNone(() => countLive(sql));
  const ms = Date.now() - from;
  await probe[Symbol.asyncDispose]();
  return { ms, slowest: Math.max(...probe.asked.filter(({ at }) => at >= from).map(({ took }) => took)) };
}

/** A workflow that calls itself for four items is left to its budget, or taken away while it grows. */
async function fork({ api, sql }: Tried, how: 'budget' | 'delete' | 'unpublish') {
  const start = { m: { type: 'start.manual' } };
  const id = await api.publish(line(`fork ${how}`, start));
  const call = { type: 'control.call', params: { workflow: id, mode: 'each', parallel: 50 } };
  const drawn = line(`fork ${how}`, { ...start, code: items(4), call });
  const document = {
    ...drawn,
    nodes: [...drawn.nodes, { key: 's', type: 'start.called' }],
    edges: [...drawn.edges, { from: 's', to: 'code' }],
  };
  await api.done('PUT', `/api/v1/workflows/${id}`, { document, revision: 1 });
  await api.done('POST', `/api/v1/workflows/${id}/publish`);
  await api.start(id);
  const grown = how === 'budget' ? 1 : 2_000;
  await until(`${grown} runs have begun`, async () => (await countAll(sql, id)) >= grown, patience);
  const from = performance.now();
  if (how === 'delete') await api.done('DELETE', `/api/v1/workflows/${id}`);
  if (how === 'unpublish') await api.done('POST', `/api/v1/workflows/${id}/unpublish`);
  const answered = Math.round(performance.now() - from);
  await untilNone(() => countLive(sql, id), how === 'budget' ? 10 * restMs : restMs);
  const ms = Math.round(performance.now() - from);
  // What was on its way when it ended may still begin something.
  await pause(3_000);
  return { ms, answered, runs: await countAll(sql, id), live: await countLive(sql, id) };
}

/** Waits until none lives, or long enough: then the figure says it. */
async function untilNone(live: () => Promise<number>, withinMs = restMs): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end && (await live()) > 0;) await pause(20);
}
