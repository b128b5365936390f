import { fire } from './cannon.ts';
import { chain, hook, named, order, s1, set } from './scenarios.ts';
import type { Served } from './served.ts';

const runs = 10_000;
/** Each waits so long at most, in seconds, evenly: as many come due in each second as in any other. */
const spread = 20;
const abreast = 50;

/** Answers at once, works, waits and works again, all in the background. */
const patient = named(
  'S12 background',
  [
    hook('patient', 'now'),
    set('first', { greeting: ['string', 'Hello {{ $json.body.name }}'], wait: ['string', '{{ $json.body.wait }}'] }),
    { key: 'wait', type: 'control.wait', params: { for: '{{ $json.wait }}' } },
    set('second', { label: ['string', '{{ $json.greeting }}!'] }),
  ],
  chain('hook', 'first', 'wait', 'second'),
);

/**
 * S1 at 10 connections alone, and then from the moment that 10,000 background runs of the same workspace were started, some 500 of which come due in
 * each second: `beside` is its p99 as a multiple of that alone. Times in ms.
 */
export async function besideBacklog(
  served: Served,
  seconds: number,
  warmUp: number,
): Promise<Readonly<Record<string, number>>> {
  const target = { url: (await served.publish(s1)).url, body: order, connections: 10 };
  const { url } = await served.publish(patient);
  const idle = await fire({ ...target, seconds, warmUp });
  await start(url);
  const beside = await fire({ ...target, seconds, warmUp: 0 });
  return {
    idleP99: idle.p99,
    p99: beside.p99,
    idleRps: idle.rps,
    rps: beside.rps,
    beside: Math.round((beside.p99 / idle.p99) * 100) / 100,
  };
}

/** Starts them all; throws when one is refused. */
async function start(url: string): Promise<void> {
  let next = 0;
  const headers = { 'content-type': 'application/json' };
  const client = async () => {
    for (let n = next++; n < runs; n = next++) {
      const body = JSON.stringify({ name: 'Ada', wait: `${1 + (n % spread)}s` });
      const response = await fetch(url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${url} answered ${response.status} to run ${n} of ${runs}`);
    }
  };
  await Promise.all(Array.from({ length: abreast }, client));
}
