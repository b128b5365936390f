import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { chain, hook, named, reply, set } from './scenarios.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { percentiles } from './load.ts';
import { timed } from './timed.ts';

/** Two workspaces of one server: A presses, B goes about its business. */
export interface Neighbourhood {
  /** Publishes for a workspace and gives where the webhook listens. */
  readonly publish: (workspace: 'a' | 'b', document: Workflow) => Promise<string>;
  /** A service that takes its time; may be called by nodes. */
  readonly slow: string;
  /** Seconds that are measured, idle and beside the load each. */
  readonly seconds: number;
  /** Runs of each kind that A keeps going; 100. */
  readonly each?: number;
  /** Takes away what A published and waits until nothing of it is left; then B is measured alone once more. */
  readonly forget?: () => Promise<void>;
}

/** What calls came to, ms. `failed` are answers other than 200. */
export interface Calls {
  readonly count: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Neighbours {
  /** B's pure webhook and its code node, before A begins (or after it is gone, if it was slower then: the machine is busier than it was) and beside it. */
  readonly idle: { readonly pure: Calls; readonly code: Calls };
  readonly beside: { readonly pure: Calls; readonly code: Calls; readonly own: Calls };
  /** What A's callers were answered, by status; 0 is a connection that broke. */
  readonly pressed: Readonly<Record<string, number>>;
}

/** Programs that cost as much as they can: of each several run at a time. */
const hostile = [
  'for (;;);',
  "const all = []; for (;;) all.push('x'.repeat(1e6) + all.length);",
  "for (;;) console.log('x'.repeat(1000));",
  "return items.map(() => 'x'.repeat(6e6));",
  'await new Promise(() => {})',
  'const f = () => Promise.resolve().then(f); await f()',
];

const pure = (path: string): Workflow =>
  named(
    path,
    [hook(path), set('set', { total: ['number', '{{ $json.body.amount * 1.2 }}'] }), reply],
    chain('hook', 'set', 'reply'),
  );

/** Answers in a word, so that whoever measures is not busy with reading what hostile programs give. */
const word: Workflow['nodes'][number] = {
  key: 'reply',
  type: 'control.respond',
  params: { with: 'text', value: 'done', status: 200 },
};

const coded = (path: string, code: string): Workflow =>
  named(
    path,
    [hook(path), { key: 'code', type: 'code.javascript', params: { mode: 'all', code } }, word],
    chain('hook', 'code', 'reply'),
  );

const slowly = (path: string, url: string): Workflow =>
  named(
    path,
    [hook(path), { key: 'get', type: 'connect.http-request', params: { method: 'GET', url, as: 'full' } }, reply],
    chain('hook', 'get', 'reply'),
  );

/**
 * Measures B alone, then beside 100 slow and 100 hostile runs of A that are begun again as they end: B's pure webhook, B's code node, and a pure
 * webhook of A itself.
 */
export async function neighbours({ publish, slow, seconds, each = 100, forget }: Neighbourhood): Promise<Neighbours> {
  const b = {
    pure: await publish('b', pure('calm')),
    code: await publish('b', coded('reckon', 'return [{ n: 6 * 7 }];')),
  };
  const own = await publish('a', pure('canary'));
  const pressing = [await publish('a', slowly('slow', slow))];
  for (const [n, code] of hostile.entries()) pressing.push(await publish('a', coded(`hostile${n}`, code)));
  const [slowUrl, ...hostileUrls] = pressing;
  for (let n = 0; n < 20; n += 1) await Promise.all([timed(b.pure), timed(b.code), timed(own)]);
  const idle = { pure: await calls(b.pure, seconds, 5), code: await calls(b.code, seconds / 2, 20) };
  const urls = Array.from({ length: each }, (_, n) => [slowUrl!, hostileUrls[n % hostileUrls.length]!]).flat();
  // From a thread of its own: what pressing costs the one who presses keeps no call of B's waiting.
  const presser = new Worker(new URL('./press-worker.ts', import.meta.url), { workerData: { urls } });
  await once(presser, 'online');
  // What comes at once is the hardest moment and counts: measuring begins with the load.
  const [calm, reckon, canary] = await Promise.all([
    calls(b.pure, seconds, 5),
    calls(b.code, seconds, 50),
    calls(own, seconds, 50),
  ]);
  presser.postMessage('over');
  const [pressed] = (await once(presser, 'message')) as [Readonly<Record<string, number>>];
  const beside = { pure: calm, code: reckon, own: canary };
  if (!forget) return { idle, beside, pressed };
  await forget();
  const after = { pure: await calls(b.pure, seconds / 2, 5), code: await calls(b.code, seconds / 2, 20) };
  return {
    idle: { pure: slower(idle.pure, after.pure), code: slower(idle.code, after.code) },
    beside,
    pressed,
  };
}

const slower = (one: Calls, other: Calls): Calls => (other.p99 > one.p99 ? other : one);

/** Calls again and again, one at a time, a moment apart. */
async function calls(url: string, seconds: number, apartMs: number): Promise<Calls> {
  const times: number[] = [];
  let failed = 0;
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; await pause(apartMs)) {
    const { ms, status } = await timed(url);
    times.push(ms);
    if (status !== 200) failed += 1;
  }
  const { p50, p99 } = percentiles(times);
  return { count: times.length, failed, p50, p99 };
}

/** The law of the bulkhead: each figure beside what it may come to at most, ms. */
export function lawOf({ idle, beside }: Neighbours): { name: string; is: number; most: number }[] {
  return [
    { name: "B's pure webhook p99 beside A", is: beside.pure.p99, most: 3 * idle.pure.p99 + 50 },
    { name: "B's code node p99 beside A", is: beside.code.p99, most: 1_000 },
    { name: "A's own pure webhook p99", is: beside.own.p99, most: 1_000 },
  ];
}
