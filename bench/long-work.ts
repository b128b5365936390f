import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compile } from '../flow/compile/compile.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { catalogue } from '../nodes/all.ts';
import { findWorkspace } from '../server/accounts/find-workspace.ts';
import { openProduct } from './product.ts';
import type { Product } from './product.ts';

const concurrency = 50;

/**
 * S7: whether long work is linear. 10,000 POSTs of one node at concurrency 50, beside the same calls bare through the guarded client, in turn; what
 * an item costs at 30,000 of what it costs at 1,000; and a turn of a loop at 10,000 of that at 1,000, its body a stage for each turn.
 */
export async function longWork(): Promise<object> {
  const target = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    HEDDLE_ALLOW_HOSTS: host,
    HEDDLE_RUN_STEPS: '1000000',
    HEDDLE_RUN_JOURNAL: String(1024 ** 3),
  });
  await using product = await openProduct();
  const workspace = await findWorkspace(product.opened.ground.database.app.sql, 'main');
  const run = (document: Workflow, count: number) => timed(() => runOf(product, workspace, document, count));
  const posts = postsTo(`http://${host}/`);
  await bare(product, `http://${host}/`, 500);
  await run(posts, 500);
  const bares: number[] = [];
  const runs: number[] = [];
  for (let round = 0; round < 2; round++) {
    bares.push(await timed(() => bare(product, `http://${host}/`, 10_000)));
    runs.push(await run(posts, 10_000));
  }
  const few = Math.min(await run(posts, 1_000), await run(posts, 1_000)) / 1_000;
  const many = (await run(posts, 30_000)) / 30_000;
  await run(turns, 100);
  const short = Math.min(await run(turns, 1_000), await run(turns, 1_000)) / 1_000;
  const long = (await run(turns, 10_000)) / 10_000;
  target.close();
  const [alone = 0, inRun = 0] = [Math.min(...bares), Math.min(...runs)];
  return {
    bare: Math.round(alone),
    ms: Math.round(inRun),
    ratio: rounded(inRun / alone),
    item: rounded(few),
    growth: rounded(many / few),
    turn: rounded(short),
    turnGrowth: rounded(long / short),
  };
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
