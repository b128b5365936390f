import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { Api } from '../drills/api.ts';
import type { DrillOptions } from '../drills/carry-out.ts';
import { openBox } from '../drills/box.ts';
import { percentile, Probe } from '../drills/probe.ts';
import type { Asked, Held } from '../drills/probe.ts';
import { startProduct } from '../drills/product.ts';
import { unless } from '../drills/report.ts';
import type { Report } from '../drills/report.ts';
import { openDoors } from './open-doors.ts';
import type { Door } from './open-doors.ts';
import { Random } from './random.ts';
import type { Sent } from './bodies.ts';

/** No anonymous request may hold the server for longer, in milliseconds. */
const gapMost = 250;
const usualTimes = 2_000;
const usualSeed = 9;
/** Sent side by side. */
const lanes = 3;
/** How often what was sent beside a hold that was too long is sent again: neighbours and garbage cost once, what holds holds each time. */
const againMost = 2;

interface Outcome {
  /** Which body of the seed it was. */
  readonly nth: number;
  readonly door: string;
  readonly shape: string;
  readonly status: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The law "one anonymous request freezes nothing": bodies of every content type at every open door, at and around each bound, while /healthz is
 * asked every 20 ms. What counts is the processor time that the server's own thread worked without a pause, as the server measures it; that a busy
 * machine gives it no processor is no fault of the server's. On an idle machine the two are the same. Of a hold that was too long the shortest of three tries with
 * the same bodies counts.
 */
export async function oneRequest({ times = usualTimes, seed = usualSeed, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on, { HEDDLE_LOG_LEVEL: 'warn' });
  await using server = await startProduct({ ...box.env, HEDDLE_LOG_LEVEL: 'info' });
  const api = new Api(() => server.url, await box.key());
  const doors = await openDoors(api);
  const outcomes: Outcome[] = [];
  await using probe = new Probe(server.url);
  const agent = new Agent({ keepAlive: true });
  const sendNth = (nth: number) => sendTo(doors[nth % doors.length]!, nth, { url: server.url, agent, seed });
  let next = 0;
  const lane = async () => {
    while (next < times) outcomes.push(await sendNth(next++));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await probe.told();
  const holds = await confirmed(probe.held, outcomes, async (same) => {
    const from = Date.now();
    await Promise.all(same.map(({ nth }) => sendNth(nth)));
    await probe.told();
    const told = probe.held.filter(({ to }) => to > from).map(({ held }) => held);
    return told.length > 0 ? Math.max(...told) : Infinity;
  });
  agent.destroy();
  const again = await api.call('GET', '/readyz');
  const state = { ended: server.hasEnded(), ready: again.status, memory: peakOf(server.pid) };
  return reportOf(outcomes, { asked: probe.asked, holds }, state);
}

/** The holds, each that was too long with the shortest that it came to when the same bodies were sent again, and the longest first. */
async function confirmed(
  told: readonly Held[],
  outcomes: readonly Outcome[],
  again: (same: readonly Outcome[]) => Promise<number>,
): Promise<Held[]> {
  const holds = told.toSorted((a, b) => b.held - a.held);
  for (const [at, hold] of holds.entries()) {
    if (hold.held <= gapMost) break;
    let { held } = hold;
    for (let tries = 0; tries < againMost && held > gapMost; tries++)
      held = Math.min(held, await again(during(hold, outcomes)));
    holds[at] = { ...hold, held };
  }
  return holds.toSorted((a, b) => b.held - a.held);
}

const during = (hold: Held, outcomes: readonly Outcome[]) =>
  outcomes.filter(({ from, to }) => from < hold.to && to > hold.from);

/** Sends a body of the seed, the same one each time. */
async function sendTo(
  door: Door,
  nth: number,
  { url, agent, seed }: { url: string; agent: Agent; seed: number },
): Promise<Outcome> {
  const { path, body } = await door.next(new Random(seed * 1_000_003 + nth));
  const from = Date.now();
  const status = await send(`${url}${path}`, agent, body);
  return { nth, door: door.name, shape: body.shape, status, from, to: Date.now() };
}

/** The status; 0 when the connection ended without an answer. */
function send(url: string, agent: Agent, { type, bytes }: Sent): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-length': bytes.length, ...(type === undefined ? {} : { 'content-type': type }) };
    const sent = request(url, { method: 'POST', agent, headers, timeout: 120_000 }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.once('timeout', () => sent.destroy());
    sent.end(bytes);
  });
}

/** Refused before anybody looked into it. */
const unread: ReadonlySet<number> = new Set([0, 413, 415, 429, 503]);

function reportOf(
  outcomes: readonly Outcome[],
  { asked, holds }: { asked: readonly Asked[]; holds: readonly Held[] },
  { ended, ready, memory }: { ended: boolean; ready: number; memory: number },
): Report {
  const took = asked.map((one) => one.took);
  const reached = outcomes.filter(({ status }) => !unread.has(status)).length / outcomes.length;
  const faults = outcomes.filter(({ status }) => status >= 500 && status !== 503);
  const longest = holds[0]?.held ?? Number.NaN;
  const slowest = outcomes.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  const statuses = Map.groupBy(outcomes, ({ status }) => status);
  const worst = holds.slice(0, 5);
  const beside = (hold: Held) => during(hold, outcomes).map(({ door, shape }) => `${door} ${shape}`);
  return {
    figures: {
      bodies: outcomes.length,
      answers: [...statuses]
        .toSorted(([a], [b]) => a - b)
        .map(([status, { length }]) => `${status || 'cut'}×${length}`)
        .join(' '),
      'asked for /healthz': asked.length,
      '/healthz answered after, p50, p99, most': `${percentile(took, 50).toFixed(1)}, ${percentile(took, 99).toFixed(0)}, ${Math.round(Math.max(...took))} ms`,
      'slowest answer to a body': slowest
        ? `${slowest.to - slowest.from} ms: ${slowest.door} ${slowest.shape}`
        : 'none',
      'most memory, MB': memory,
      ...Object.fromEntries(
        worst.map((one, n) => [`hold ${n + 1}`, `${Math.round(one.held)} ms during ${beside(one).join(' + ')}`]),
      ),
    },
    broken: [
      ...faults.map(({ door, shape, status }) => `${status} at ${door}: ${shape}`).slice(0, 10),
      ...unless(
        holds.length > 0 && asked.every(({ isWell }) => isWell),
        '/healthz did not answer 200 each time, or /metrics not at all',
      ),
      ...unless(!ended && ready === 200, `afterwards the server was not ready: ${ready}`),
    ],
    laws: [
      { name: 'a body at an open door holds the server', is: longest, most: gapMost, unit: 'ms of processor' },
      { name: 'bodies that reach a parser', is: reached * 100, least: 90, unit: '%' },
    ],
  };
}

/** The most resident memory that a process had, in MB. Linux. */
function peakOf(pid: number): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
