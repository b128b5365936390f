import autocannon from 'autocannon';
import { percentiles } from './load.ts';
import type { Load } from './load.ts';

/** What is fired at, how hard and how long: `warmUp` seconds that do not count, then `seconds` that do. */
export interface Target {
  readonly url: string;
  readonly body: unknown;
  readonly connections: number;
  readonly seconds: number;
  readonly warmUp: number;
}

/** What came back. */
export interface Volley extends Load {
  /** Answers with 2xx while it counted. */
  readonly answered: number;
  /** Some of the runs that were answered for, drawn at random. */
  readonly runs: readonly string[];
}

const runsKept = 100;

/** Fires by autocannon, in this process. Throws when a single answer is not a 2xx: what is refused must not look fast. */
export async function fire(target: Target): Promise<Volley> {
  if (target.warmUp > 0) await volley(target, target.warmUp);
  return volley(target, target.seconds);
}

async function volley({ url, body, connections }: Target, duration: number): Promise<Volley> {
  const times: number[] = [];
  const runs = reservoir(runsKept);
  const headers = { 'content-type': 'application/json' };
  const from = performance.now();
  const cannon = autocannon({
    url,
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    connections,
    duration,
    setupClient: (client) =>
      client.on('headers', ({ headers: names }) => {
        const at = names.indexOf('heddle-run-id');
        if (at >= 0) runs.offer(names[at + 1] ?? '');
      }),
  });
  let last = from;
  void cannon.on('response', (_client, _status, _bytes, ms) => {
    times.push(ms);
    last = performance.now();
  });
  const result = await cannon;
  const lost = result.non2xx + result.errors + result.timeouts;
  if (lost > 0 || result['2xx'] === 0) throw new Error(`${url}: ${lost} calls failed of ${times.length}`);
  const rps = Math.round(times.length / ((last - from) / 1_000));
  return { rps, ...percentiles(times), answered: times.length, runs: runs.kept };
}

/** Keeps so many of what it is offered, each with the same chance. */
function reservoir(size: number): { offer(one: string): void; readonly kept: string[] } {
  const kept: string[] = [];
  let offered = 0;
  const offer = (one: string) => {
    offered += 1;
    const at = kept.length < size ? kept.length : Math.floor(Math.random() * offered);
    if (at < size) kept[at] = one;
  };
  return { offer, kept };
}
