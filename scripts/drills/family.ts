import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import type { Sql } from 'postgres';
import type { Workflow } from '../../flow/document/workflow.ts';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { startProduct } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';

const children = 10_000;
/** E15: a tree of ten thousand ends so fast. */
const cancelMost = 5_000;
const answerMost = 250;
const restMs = 60_000;

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
  try {
    const leaf = await api.publish(waits);
    const [cancelled, deleted] = [await wide(api, sql, leaf, 'cancel'), await wide(api, sql, leaf, 'delete')];
    const [budget, gone, unpublished] = [
      await fork(api, sql, 'budget'),
      await fork(api, sql, 'delete'),
      await fork(api, sql, 'unpublish'),
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

const node = (key: string, type: string, params: Record<string, unknown> = {}) => ({ key, type, params });
const chain = (name: string, nodes: readonly ReturnType<typeof node>[]): Workflow => ({
  heddle: 1,
  name,
  nodes: [...nodes],
  edges: nodes.slice(1).map(({ key }, index) => ({ from: nodes[index]!.key, to: key })),
});

const waits = chain('leaf', [node('s', 'start.called'), node('w', 'control.wait', { for: '1h' })]);
const items = (count: number) =>
  node('code', 'code.javascript', { code: `return Array.from({ length: ${count} }, (_, n) => ({ n }));` });

/** Runs that are not over: of one workflow, or of all. */
const countLive = async (sql: Sql, workflow?: string) =>
  Number(
    (
      await sql`select count(*) as n from runs
        where finished_at is null and (${workflow ?? null}::text is null or workflow = ${workflow ?? null})`
    )[0]?.['n'],
  );
const countAll = async (sql: Sql, workflow: string) =>
  Number((await sql`select count(*) as n from runs where workflow = ${workflow}`)[0]?.['n']);

async function begin(api: Api, id: string): Promise<string> {
  const { status, body } = await api.call('POST', `/api/v1/workflows/${id}/runs`, {});
  if (status !== 202 && status !== 201 && status !== 200)
    throw new Error(`not started: ${status} ${JSON.stringify(body)}`);
  return (body as { runId: string }).runId;
}

/** One run starts ten thousand that wait; then it is cancelled, or its workflow deleted. */
async function wide(api: Api, sql: Sql, leaf: string, how: 'cancel' | 'delete') {
  const call = node('call', 'control.call', { workflow: leaf, mode: 'each', wait: false });
  const id = await api.publish(
    chain(`wide ${how}`, [
      node('s', 'start.manual'),
      items(children - 1),
      call,
      node('w', 'control.wait', { for: '1h' }),
    ]),
  );
  const run = await begin(api, id);
  await untilCount(() => countLive(sql), children);
  // The last of them are stored, and begin to wait.
  for (
    let before = -1, now = 0;
    before !== now;
    [before, now] = [now, Number((await sql`select count(*) as n from stages where state = 'ready'`)[0]?.['n'])]
  )
    await pause(2_000);
  let slowest = 0;
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      const began = performance.now();
      await api.call('GET', '/healthz');
      slowest = Math.max(slowest, performance.now() - began);
      await pause(20);
    }
  })();
  const began = performance.now();
  if (how === 'cancel') await expectFine(api.call('POST', `/api/v1/runs/${run}/cancel`));
  else await expectFine(api.call('DELETE', `/api/v1/workflows/${id}`));
  await untilCount(() => countLive(sql), 0, { down: true });
  const ms = performance.now() - began;
  isOver = true;
  await looking;
  return { ms, slowest };
}

/** A workflow that calls itself for four items is left to its budget, or taken away while it grows. */
async function fork(api: Api, sql: Sql, how: 'budget' | 'delete' | 'unpublish') {
  const made = await api.publish(chain(`fork ${how}`, [node('m', 'start.manual')]));
  const call = node('call', 'control.call', { workflow: made, mode: 'each', parallel: 50 });
  const four = items(4);
  const drawn = chain(`fork ${how}`, [node('m', 'start.manual'), four, call]);
  await replace(api, made, {
    ...drawn,
    nodes: [...drawn.nodes, node('s', 'start.called')],
    edges: [...drawn.edges, { from: 's', to: 'code' }],
  });
  await begin(api, made);
  const grown = how === 'budget' ? 1 : 2_000;
  await untilCount(() => countAll(sql, made), grown);
  const began = performance.now();
  if (how === 'delete') await expectFine(api.call('DELETE', `/api/v1/workflows/${made}`));
  if (how === 'unpublish') await expectFine(api.call('POST', `/api/v1/workflows/${made}/unpublish`));
  const answered = Math.round(performance.now() - began);
  await untilCount(() => countLive(sql, made), 0, { down: true, withinMs: how === 'budget' ? 10 * restMs : restMs });
  const ms = Math.round(performance.now() - began);
  // What was on its way when it ended may still begin something.
  await pause(3_000);
  return { ms, answered, runs: await countAll(sql, made), live: await countLive(sql, made) };
}

async function replace(api: Api, id: string, document: object): Promise<void> {
  await expectFine(api.call('PUT', `/api/v1/workflows/${id}`, { document, revision: 1 }));
  await expectFine(api.call('POST', `/api/v1/workflows/${id}/publish`));
}

async function expectFine(answer: ReturnType<Api['call']>): Promise<void> {
  const { status, body } = await answer;
  if (status < 200 || status >= 300) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
}

/** Waits until there are so many, or, going down, so few; gives up after a while, and the figure says it. */
async function untilCount(
  count: () => Promise<number>,
  wanted: number,
  { down, withinMs = down ? restMs : 5 * restMs }: { down?: boolean; withinMs?: number } = {},
): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await pause(down ? 20 : 200)) {
    const now = await count();
    if (down ? now <= wanted : now >= wanted) return;
  }
}
