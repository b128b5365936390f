import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { Api } from '../drills/api.ts';
import { openBox } from '../drills/box.ts';
import type { DrillOptions } from '../drills/carry-out.ts';
import { percentile, Probe } from '../drills/probe.ts';
import { startProduct } from '../drills/product.ts';
import type { Report } from '../drills/report.ts';
import { reaches } from '../drills/until.ts';

/** What nothing may hold the server's own thread for, in milliseconds of processor. */
const heldMost = 250;
/** For each stream, in kB: its socket, its reader, what waits for him, and the garbage of telling him. */
const memoryMost = 150;
/** Three quarters of 2,000 (`HEDDLE_STREAMS`): one workspace leaves the rest to others. */
const letIn = 1_500;
const ofOneKey = 100;
/** Calls that start runs meanwhile, which all who look at the list are told of. */
const calls = 100;

const Key = z.object({ key: z.string() });

/** The law "streams": one workspace opens as many as it may, half at a run that waits and half at the list of runs, while runs begin and end. */
export async function streams({ times = 1, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on, { HEDDLE_LOG_LEVEL: 'warn' });
  await using server = await startProduct({ ...box.env, HEDDLE_LOG_LEVEL: 'info' });
  const api = new Api(() => server.url, await box.key());
  const waiting = await api.start(await api.publish(drawn('waits', { type: 'control.wait', params: { for: '1h' } })));
  await api.publish(drawn('ends', { type: 'control.no-op' }));
  const before = await residentOf(server.url);
  const open: IncomingMessage[] = [];
  const statuses = new Map<number, number>();
  let events = 0;
  for (let at = 0, key = ''; at < letIn + ofOneKey; at++) {
    if (at % ofOneKey === 0) key = await newKey(api, at);
    const response = await ask(`${server.url}/api/v1/runs${at % 2 === 0 ? '' : `/${waiting}`}/live`, key);
    const { statusCode: status = 0 } = response;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    response.on('data', (chunk: Buffer) => (events += chunk.toString().split('\ndata:').length - 1));
    response.on('error', () => undefined);
    if (status === 200) open.push(response);
    else response.destroy();
  }
  await using probe = new Probe(server.url);
  for (let n = 0; n < calls * times; n++) {
    await fetch(`${server.url}/hooks/main/ends`, { method: 'POST' }).then((answer) => answer.text());
    await pause(100);
  }
  await reaches(() => events, { least: open.length + 1 });
  await probe.told();
  const after = await residentOf(server.url);
  for (const response of open) response.destroy();
  const held = Math.max(...probe.held.map((one) => one.held));
  const took = probe.asked.map((one) => one.took);
  return {
    figures: {
      'let in': statuses.get(200) ?? 0,
      'told to come again': statuses.get(429) ?? 0,
      events,
      'MB before and with all of them': `${Math.round(before / 1e6)}, ${Math.round(after / 1e6)}`,
      'healthz p50, p99, most': [50, 99, 100]
        .map((percent) => `${Math.round(percentile(took, percent))} ms`)
        .join(', '),
    },
    broken: events > open.length ? [] : [`only ${events} events came on ${open.length} streams`],
    laws: [
      { name: 'streams that one workspace may have', is: open.length, least: letIn, most: letIn, unit: 'streams' },
      { name: 'memory for a stream', is: (after - before) / 1e3 / open.length, most: memoryMost, unit: 'kB' },
      { name: 'the server is held beside them', is: held, most: heldMost, unit: 'ms held' },
    ],
  };
}

async function newKey(api: Api, at: number): Promise<string> {
  return Key.parse(await api.done('POST', '/api/v1/keys', { name: `reader ${at}`, role: 'viewer' })).key;
}

/** The answer's head; a connection of its own for each. */
const ask = (url: string, key: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
    get(url, { agent: false, headers }, resolve).on('error', reject);
  });

/** Of the server's process, in bytes. */
async function residentOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? Number.NaN);
}

const drawn = (name: string, then: object) => ({
  heddle: 1,
  name,
  nodes: [
    { key: 'hook', type: 'start.webhook', params: { path: name } },
    { key: 'then', ...then },
  ],
  edges: [{ from: 'hook', to: 'then' }],
});
