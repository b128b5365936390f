import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api.ts';
import type { Row } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { line } from './line.ts';
import { listProcesses, signal, treeOf } from './processes.ts';
import { freePort, startProduct } from './product.ts';
import type { Product } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';
import { reaches, until } from './until.ts';

/** A short sweep looks for dead neighbours often; the lease outlasts what the drill watches, so that only a mistaken identity can end a claim. */
const beats = { HEDDLE_HEARTBEAT: '1', HEDDLE_LEASE: '20', HEDDLE_SWEEP: '1' };
const name = 'heddle-twin';
/** A pid namespace of its own, in which the server is process 1, and a hostname of its own, which is the other's too. */
const apart = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];
const inTwin = [...apart, 'sh', '-c', `hostname ${name} && exec "$0" "$@"`];
const watchedMs = 12_000;

/**
 * Two servers on one Postgres with the same hostname and the same process number, as two containers have them. Both carry out a PUT and a POST that
 * the service does not answer for many sweeps: neither takes the other's for those of a dead neighbour. Then one is killed, and the other takes
 * over what it held, and nothing of its own changes.
 */
export async function namespaces({ on }: DrillOptions): Promise<Report> {
  const reason = whyNot();
  if (reason !== undefined) {
    console.error(`\nSKIPPED: the drill namespaces was not run. ${reason}\n`);
    return { figures: { SKIPPED: reason }, broken: [] };
  }
  await using box = await openBox(on, beats);
  await using cluster = await box.outer();
  const env = { ...box.env, DATABASE_URL: cluster.url };
  const twins: Product[] = [];
  try {
    for (let n = 0; n < 2; n++) twins.push(await startProduct(env, { port: await freePort(), inside: inTwin }));
    return await watched(box.target, twins, await box.key({ DATABASE_URL: cluster.url }));
  } finally {
    for (const twin of twins) await endTwin(twin);
  }
}

async function watched(
  target: Awaited<ReturnType<typeof openBox>>['target'],
  [one, other]: Product[],
  key: string,
): Promise<Report> {
  if (!one || !other) throw new Error('there are no two servers');
  const twins = [one, other];
  const who = twins.map(whoIs);
  target.hangs = () => true;
  const api = new Api(() => other.url, key);
  const calls: string[] = [];
  for (const method of ['PUT', 'POST'])
    calls.push(await api.publish(calling(method, `http://127.0.0.1:${target.port}/${method.toLowerCase()}`)));
  for (const [n, { url }] of twins.entries())
    for (const path of ['put', 'post']) await start(`${url}/hooks/main/${path}`, n);
  await until('four calls have reached the service', () => target.hits.length, { least: 4 });
  await pause(watchedMs);
  const runs = async (): Promise<Row[]> => (await Promise.all(calls.map((id) => api.runsOf(id)))).flat();
  const live = await runs();
  const sentLive = target.hits.length;

  await endTwin(one);
  // What it sent by PUT is sent again by the one that is left, and is answered now; its POST is in doubt. The other's own go on.
  target.hangs = () => false;
  const doubts = (rows: readonly Row[]) => rows.filter(({ needs }) => needs.some(({ kind }) => kind === 'in-doubt'));
  const finished = (rows: readonly Row[]) => rows.filter(({ status }) => status === 'finished');
  let after = live;
  const began = Date.now();
  const isTaken = await reaches(
    async () => {
      after = await runs();
      return Math.min(1, doubts(after).length) + Math.min(1, finished(after).length);
    },
    { least: 2, everyMs: 250 },
  );
  const takenMs = Date.now() - began;
  const puts = target.hits.filter(({ path }) => path === '/put').length;
  const posts = target.hits.filter(({ path }) => path === '/post').length;
  return {
    figures: {
      identities: who.map(({ host, pid, space }) => `${host}/${pid} in ${space}`).join(' and '),
      'needs while both lived': live.flatMap(({ needs }) => needs.map(({ kind }) => kind)).join(' ') || 'none',
      'calls while both lived': sentLive,
      'taken over after the kill, ms': takenMs,
      'PUT and POST in all': `${puts} and ${posts}`,
      'runs in the end': after
        .map(({ status, needs }) => [status, ...needs.map(({ kind }) => kind)].join(' '))
        .join(', '),
    },
    broken: [
      ...unless(who[0]?.host === name && who[1]?.host === name, 'the two have not the same hostname'),
      ...unless(who[0]?.pid === who[1]?.pid, 'the two have not the same process number'),
      ...unless(who[0]?.space !== who[1]?.space, 'the two are in one namespace'),
      ...unless(
        live.length === 4 && live.every(({ status, needs }) => status === 'running' && needs.length === 0),
        `while both lived a run was touched: ${JSON.stringify(live)}`,
      ),
      ...unless(sentLive === 4, `while both lived ${sentLive} calls reached the service`),
      ...unless(isTaken, 'what the killed one held was not taken over'),
      ...unless(
        doubts(after).length === 1,
        `${doubts(after).length} runs are in doubt; one is what the killed one sent`,
      ),
      ...unless(finished(after).length === 1, `${finished(after).length} runs have finished; one is the repeated PUT`),
      ...unless(puts === 3 && posts === 2, `${puts} PUT and ${posts} POST reached the service; 3 and 2 are right`),
      ...unless(!other.hasEnded(), 'the one that was left fell'),
    ],
  };
}

const calling = (method: string, url: string) =>
  line(method, {
    hook: { type: 'start.webhook', params: { path: method.toLowerCase(), reply: 'now' } },
    // Whoever is called carries it out in place.
    call: { type: 'connect.http-request', params: { method, url, json: {}, timeout: '10m' } },
  });

async function start(url: string, n: number): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ n }) };
  // The other of the two hears of what was published a moment later.
  await until(`${url} takes a call`, async () => {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return response.ok;
  });
}

/** The process that is number 1 in there: the child of `unshare`. */
const innerOf = ({ pid }: Product): number => treeOf(pid)[1] ?? pid;

/** As the server knows itself. */
function whoIs(twin: Product): { host: string; pid: number; space: string } {
  const inner = innerOf(twin);
  const numbers = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${inner}/status`, 'utf8'))?.[1]?.split(/\s+/) ?? [];
  const host = execFileSync('nsenter', ['--uts', '--target', String(inner), 'hostname'], { encoding: 'utf8' }).trim();
  return { host, pid: Number(numbers.at(-1)), space: readlinkSync(`/proc/${inner}/ns/pid`) };
}

/** Kills the server outright; its namespace goes with its process 1. */
async function endTwin(twin: Product): Promise<void> {
  if (twin.hasEnded()) return;
  const tree = treeOf(twin.pid, listProcesses());
  signal(tree.slice(1, 2), 'SIGKILL');
  await twin.end('SIGKILL');
}

/** Why there can be no namespaces here: who is not root, or a container without the right, may not make them. */
function whyNot(): string | undefined {
  try {
    execFileSync(inTwin[0]!, [...inTwin.slice(1), 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return `No process namespace can be made here (${said || 'unshare is not permitted'}); run it as root on Linux.`;
  }
}
