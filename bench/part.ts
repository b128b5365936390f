import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { readConfig } from '../server/config.ts';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';
import { load, oneByOne } from './load.ts';
import type { Load } from './load.ts';
import { longWork } from './long-work.ts';
import { openProduct } from './product.ts';
import { openRaw, serveRaw } from './raw.ts';
import { redaction } from './redaction.ts';
import * as scenarios from './scenarios.ts';

// One part of the bench, in a process and a database of its own: node bench/part.ts NAME SECONDS WARM-UP; JSON on standard output.
const [name = '', seconds = 12, warmUp = 5] = process.argv
  .slice(2)
  .map((arg, at) => (at === 0 ? arg : Number(arg))) as [string?, number?, number?];

const parts: Record<string, () => Promise<object>> = {
  S1: () => webhook(scenarios.s1, { greeting: 'Hello Ada', total: 144, source: 'bench' }, ['hook', 'set', 'reply']),
  S2: () =>
    webhook(
      scenarios.s2,
      undefined,
      scenarios.s2.nodes.map(({ key }) => key),
    ),
  S4: tenThousand,
  S5: thousandInCode,
  S7: longWork,
  redaction,
  raw: durableLimit,
  memory,
};

const part = parts[name];
if (!part) throw new Error(`There is no part ${name}: choose from ${Object.keys(parts).join(', ')}.`);
process.stdout.write(`${JSON.stringify(await part())}\n`);
process.exit(0);

/** Unloaded, at 10 and at 50 clients; then 20 random runs are read back. */
async function webhook(document: typeof scenarios.s1, output: unknown, steps: readonly string[]): Promise<object> {
  await using product = await openProduct();
  const flow = product.workflow(document);
  const gives = await flow.call(scenarios.order);
  const ask = async () => void (await flow.call(scenarios.order));
  const one = await load({ clients: 1, seconds: seconds / 3, warmUp }, ask);
  const ten = await load({ clients: 10, seconds, warmUp }, ask);
  const fifty = await load({ clients: 50, seconds, warmUp: warmUp / 2 }, ask);
  const readBack = await flow.readBack(20, output ?? gives, steps);
  return { ...ten, ...at50(fifty), unloaded: one.p50, readBack };
}

function at50({ rps, p50, p95, p99 }: Load): object {
  return { rps50: rps, p50at50: p50, p95at50: p95, p99at50: p99 };
}

/** `code` is one call of the sandbox with the same code, by itself; `rest` what is not that. */
async function tenThousand(): Promise<object> {
  await using product = await openProduct();
  const flow = product.workflow(scenarios.s4);
  const ms = await oneByOne(seconds / 2, async () => void (await flow.call({})));
  const source = z.object({ code: z.string() }).parse(scenarios.s4.nodes[1]?.params).code;
  const scope = { now: 0, seed: 's', nodes: {}, workflow: {}, run: {}, turn: 0, vars: {} };
  const call = {
    workspace: 'main',
    source,
    mode: 'all' as const,
    items: [{}],
    scope,
    timeoutMs: 30_000,
    memoryMb: 128,
  };
  const code = await oneByOne(2, async () => {
    const result = await product.opened.sandbox.runCode(call);
    if (!result.ok) throw new Error(result.fault.message);
  });
  return { ms, code, rest: Math.round((ms - code) * 10) / 10 };
}

async function thousandInCode(): Promise<object> {
  await using product = await openProduct();
  const median = (document: typeof scenarios.s5a) => {
    const flow = product.workflow(document);
    return oneByOne(seconds / 3, async () => {
      const body = await flow.call(scenarios.thousand);
      if (z.object({ count: z.number() }).parse(body).count !== 1_000) throw new Error('items were lost');
    });
  };
  return { a: await median(scenarios.s5a), b: await median(scenarios.s5b) };
}

/** `runs` in the way that S1 is measured, at 50 clients; `http` over HTTP, the load in a process of its own. */
async function durableLimit(): Promise<object> {
  const server = await joinEmbeddedPostgres({ home: readConfig().home });
  try {
    await using raw = await openRaw(server.url);
    let asked = 0;
    const ask = async () => {
      asked += 1;
      await raw.run(scenarios.order);
    };
    const ten = await load({ clients: 10, seconds, warmUp }, ask);
    const fifty = await load({ clients: 50, seconds, warmUp: warmUp / 2 }, ask);
    if ((await raw.finished()) !== asked) throw new Error('The raw durable limit lost runs.');
    const { server: http, url } = await serveRaw(raw);
    const over10 = await cannon(url, 10);
    const over50 = await cannon(url, 50);
    http.close();
    return { runs: fifty.rps, runs10: ten.rps, p50: fifty.p50, http: { rps: over10, rps50: over50 } };
  } finally {
    await server.leave();
  }
}

/** Requests a second by autocannon in another process. */
async function cannon(url: string, connections: number): Promise<number> {
  const args = [
    '-j',
    '-n',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-W',
    '[',
    '-c',
    String(connections),
    '-d',
    String(warmUp),
    ']',
  ];
  const body = ['-m', 'POST', '-H', 'content-type=application/json', '-b', JSON.stringify(scenarios.order), url];
  const { stdout } = await promisify(execFile)(process.execPath, [
    'node_modules/autocannon/autocannon.js',
    ...args,
    ...body,
  ]);
  const shape = z.object({ requests: z.object({ average: z.number() }), non2xx: z.number(), errors: z.number() });
  const result = shape.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  if (result.non2xx + result.errors > 0) throw new Error(`The raw server failed: ${stdout.slice(0, 500)}`);
  return Math.round(result.requests.average);
}

/** Resident memory of this process and its sandboxes, MB: after the start, and after all scenarios that there are. */
async function memory(): Promise<object> {
  await using product = await openProduct();
  const idle = resident();
  for (const document of [scenarios.s1, scenarios.s2]) {
    const flow = product.workflow(document);
    await load({ clients: 50, seconds: seconds / 2, warmUp: 0 }, async () => void (await flow.call(scenarios.order)));
  }
  for (const [document, body] of [
    [scenarios.s4, {}],
    [scenarios.s5a, scenarios.thousand],
    [scenarios.s5b, scenarios.thousand],
  ] as const) {
    const flow = product.workflow(document);
    await oneByOne(seconds / 4, async () => void (await flow.call(body)));
  }
  return { rss: resident(), idle };
}

function resident(): number {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' });
  const kilobytes = table.split('\n').flatMap((line) => {
    const [pid, parent, rss, ...command] = line.trim().split(/\s+/);
    const isOurs = Number(pid) === process.pid || (Number(parent) === process.pid && command[0] !== 'ps');
    return isOurs && !/postgres/.test(command.join(' ')) ? Number(rss) : [];
  });
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1_024);
}
