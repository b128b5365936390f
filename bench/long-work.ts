import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compile } from '../flow/compile/compile.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { catalogue } from '../nodes/all.ts';
import { findWorkspace } from '../server/accounts/find-workspace.ts';
import { median } from './load.ts';
import { openProduct } from './product.ts';
import type { Product } from './product.ts';

const concurrency = 50;
const rounds = 5;

/**
 * S7: whether long work is linear. 10,000 POSTs of one node at concurrency 50, beside the same calls bare through the guarded client, in turn, to a
 * service that answers in 5 ms and to one that answers at once (where nothing is waited for, so that all that is added shows); what an item costs at
 * 30,000 of what it costs at 1,000; and a turn of a loop at 10,000 of that at 1,000, its body a stage for each turn. Each figure is the middle one
 * of rounds that alternate what is compared.
 */
export async function longWork(): Promise<object> {
  const [slow, prompt] = [await openService(5), await openService(0)];
  Object.assign(process.env, {
    HEDDLE_ALLOW_HOSTS: `${slow.host},${prompt.host}`,
    HEDDLE_RUN_STEPS: '1000000',
    HEDDLE_RUN_JOURNAL: String(1024 ** 3),
  });
  await using product = await openProduct();
  const workspace = await findWorkspace(product.opened.ground.database.app.sql, 'main');
  const run = (document: Workflow, count: number) => timed(() => runOf(product, workspace, document, count));
  const beside = async ({ url }: Service) => {
    await bare(product, url, 500);
    await run(postsTo(url), 500);
    return inTurn(
      rounds,
      () => timed(() => bare(product, url, 10_000)),
      () => run(postsTo(url), 10_000),
    );
  };
  const [alone, inRun] = await beside(slow);
  const [aloneAtOnce, inRunAtOnce] = await beside(prompt);
  const posts = postsTo(prompt.url);
  const each = (document: Workflow, count: number) => async () => (await run(document, count)) / count;
  const [few, many] = await inTurn(3, each(posts, 1_000), each(posts, 30_000));
  await run(turns, 100);
  const [short, long] = await inTurn(3, each(turns, 1_000), each(turns, 10_000));
  for (const service of [slow, prompt]) service.close();
  return {
    bare: Math.round(median(alone)),
    ms: Math.round(median(inRun)),
    ratio: ratioOf(inRun, alone),
    atOnce: { bare: Math.round(median(aloneAtOnce)), ms: Math.round(median(inRunAtOnce)) },
    ratioAtOnce: ratioOf(inRunAtOnce, aloneAtOnce),
    item: rounded(median(few)),
    growth: ratioOf(many, few),
    turn: rounded(median(short)),
    turnGrowth: ratioOf(long, short),
  };
}

/** Two things measured in turn, so that what else the machine does meets both; who comes first changes. */
async function inTurn(
  times: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<[number[], number[]]> {
  const found: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round++)
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      found[side].push(await (side === 0 ? a() : b()));
  return found;
}

/** The middle one of the ratios of each round. */
const ratioOf = (these: readonly number[], those: readonly number[]) =>
  rounded(median(these.map((value, round) => value / (those[round] ?? Number.NaN))));

interface Service {
  readonly host: string;
  readonly url: string;
  close(): void;
}

/** Answers every request after so many milliseconds. */
async function openService(delayMs: number): Promise<Service> {
  const server = createServer((request, response) => {
    const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    request.resume().on('end', () => void (delayMs > 0 ? setTimeout(answer, delayMs) : answer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}/`, close: () => void server.close() };
}

const rounded = (value: number) => Math.round(value * 100) / 100;

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The calls and nothing else: through the client that the node's go through. */
async function bare({ opened }: Product, url: string, count: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++)
      await opened.http.send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', 'idempotency-key': `bare-${n}` },
        body: JSON.stringify({ n }),
        timeoutMs: 30_000,
      });
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

const go = { key: 'go', type: 'start.manual' };

const postsTo = (url: string): Workflow => ({
  heddle: 1,
  name: 'S7',
  nodes: [
    go,
    {
      key: 'post',
      type: 'connect.http-request',
      params: { method: 'POST', url, json: { n: '{{ $json.n }}' } },
      settings: { concurrency },
    },
  ],
  edges: [{ from: 'go', to: 'post' }],
});

/** A node that may be tried again is a stage by itself, so each turn is carried out and recorded by itself. */
const turns: Workflow = {
  heddle: 1,
  name: 'S7 turns',
  nodes: [
    go,
    { key: 'loop', type: 'control.loop' },
    {
      key: 'set',
      type: 'data.set',
      params: { fields: [{ name: 'm', type: 'number', value: '{{ $json.n }}' }] },
      settings: { retry: { times: 1 } },
    },
  ],
  edges: [
    { from: 'go', to: 'loop' },
    { from: 'loop.each', to: 'set' },
    { from: 'set', to: 'loop.next' },
  ],
};

async function runOf({ opened }: Product, workspace: string, document: Workflow, count: number): Promise<void> {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const actor = await opened.engine.start({
    workspace,
    workflow: { id: 'wf_s7', name: document.name, version: null },
    plan: compiled.plan,
    document,
    start: 'go',
    input: Array.from({ length: count }, (_, n) => ({ n })),
    lane: 'background',
    mode: 'live',
    trigger: { kind: 'manual' },
  });
  await actor.whenOver();
  const { ended, output, failing } = actor.state;
  if (ended?.status !== 'finished' || output?.length !== count)
    throw new Error(`${document.name} ended ${JSON.stringify(failing ?? ended)} with ${output?.length} items`);
}
