import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Workflow } from '../flow/document/workflow.ts';
import { cpuEach } from './cpu.ts';
import type { Cpu } from './cpu.ts';
import { canvas } from './canvas.ts';
import { fire } from './cannon.ts';
import type { Volley } from './cannon.ts';
import { median, oneByOne } from './load.ts';
import { readBack } from './read-back.ts';
import { countFinished } from './journal-count.ts';
import * as scenarios from './scenarios.ts';
import type { Served } from './served.ts';

/** A product that runs, and how long to press on it: seconds that count, after some that do not. */
export interface Pressed {
  readonly served: Served;
  readonly home: string;
  readonly seconds: number;
  readonly warmUp: number;
  /** The raw durable limit, when it is asked for: fired at between the product's own volleys, so that both have the same machine. */
  readonly rawUrl?: string | undefined;
}

/** What a scenario came to, and the raw limit measured between. */
type Figure = Readonly<Record<string, unknown>>;

/** Each scenario over HTTP; autocannon for those that are many at once, one call after another for the others. */
export const scenariosOverHttp: Readonly<Record<string, (pressed: Pressed) => Promise<Record<string, Figure>>>> = {
  S1: async (pressed) => {
    const { served, seconds, warmUp } = pressed;
    const flow = await served.publish(scenarios.s1);
    const target = { url: flow.url, body: scenarios.order, seconds, warmUp };
    const one = await fire({ ...target, connections: 1, seconds: seconds / 3 });
    const { mine, raw } = await atBoth(pressed, flow.url);
    await readBack(served, mine[1].runs, ['hook', 'set', 'reply'], {
      input: scenarios.order,
      output: [{ greeting: 'Hello Ada', total: 144, source: 'bench' }],
    });
    return { S1: { ...webhook(mine), unloaded: one.p50 }, ...(raw && { raw: rawFigure(raw) }) };
  },
  S2: async (pressed) => {
    const flow = await pressed.served.publish(scenarios.s2);
    const { mine } = await atBoth({ ...pressed, rawUrl: undefined }, flow.url);
    return { S2: webhook(mine) };
  },
  S3: inBackground,
  S4: tenThousand,
  S5: async ({ served, seconds }) => {
    const time = async (document: Workflow) =>
      oneByOne(seconds / 3, counting((await served.publish(document)).url, scenarios.thousand, 1_000));
    return { S5: { a: await time(scenarios.s5a), b: await time(scenarios.s5b) } };
  },
  S6: async ({ served, seconds }) => {
    const child = await served.publish(scenarios.s6child);
    const { url } = await served.publish(scenarios.s6(child.id));
    return { S6: { ms: await oneByOne(seconds / 3, counting(url, scenarios.thousand.slice(0, 100), 100)) } };
  },
  // As long as SPEED.md says, with 12 seconds for the others.
  canvas: async ({ served, seconds }) => ({ canvas: await canvas(served, (seconds * 5) / 12) }),
  // By itself only when no S1 is measured: S1 measures it between its own volleys.
  raw: async ({ rawUrl, seconds, warmUp }): Promise<Record<string, Figure>> => {
    if (!rawUrl) return {};
    const target = { url: rawUrl, body: scenarios.order, seconds, warmUp };
    const ten = await fire({ ...target, connections: 10 });
    return { raw: rawFigure([ten, await fire({ ...target, connections: 50 })]) };
  },
};

type Both = readonly [ten: Volley, fifty: Fifty];

/** With the processor time of each call. */
type Fifty = Volley & { readonly cpu?: Cpu };

/** At 10 and at 50 connections, the raw limit after each. */
async function atBoth({ served, seconds, warmUp, rawUrl }: Pressed, url: string): Promise<{ mine: Both; raw?: Both }> {
  const at = (to: string, connections: number) =>
    fire({ url: to, body: scenarios.order, connections, seconds, warmUp });
  const ten = await at(url, 10);
  const rawTen = rawUrl && (await at(rawUrl, 10));
  if (warmUp > 0) await fire({ url, body: scenarios.order, connections: 50, seconds: warmUp, warmUp: 0 });
  const before = served.cpu();
  const fifty = await fire({ url, body: scenarios.order, connections: 50, seconds, warmUp: 0 });
  const cpu = cpuEach(before, served.cpu(), fifty.answered);
  const rawFifty = rawUrl && (await at(rawUrl, 50));
  return { mine: [ten, { ...fifty, cpu }], ...(rawTen && rawFifty && { raw: [rawTen, rawFifty] as const }) };
}

const webhook = ([ten, fifty]: Both): Figure => ({
  rps: ten.rps,
  p50: ten.p50,
  p95: ten.p95,
  p99: ten.p99,
  rps50: fifty.rps,
  p50at50: fifty.p50,
  p95at50: fifty.p95,
  p99at50: fifty.p99,
  cpu: fifty.cpu,
});

const rawFigure = ([ten, fifty]: Both): Figure => ({
  runs: fifty.rps,
  runs10: ten.rps,
  p50: fifty.p50,
  answered: ten.answered + fifty.answered,
});

/** From the first call to the end of the last run; every run that was accepted must be there, and finished. */
async function inBackground({ served, home, seconds, warmUp }: Pressed): Promise<Record<string, Figure>> {
  const flow = await served.publish(scenarios.s3);
  const target = { url: flow.url, body: scenarios.order, connections: 50, warmUp: 0 };
  const warm = await fire({ ...target, seconds: warmUp });
  await drained(served, flow.id);
  const from = performance.now();
  const volley = await fire({ ...target, seconds });
  const accepting = performance.now() - from;
  await drained(served, flow.id);
  const took = performance.now() - from;
  const finished = await countFinished(home, flow.id);
  const wanted = warm.answered + volley.answered;
  // Calls that autocannon left at its end have runs too.
  if (finished < wanted || finished > wanted + 100)
    throw new Error(`S3: ${wanted} runs were accepted and ${finished} finished`);
  return {
    S3: {
      accepted: volley.rps,
      rps: Math.round(volley.answered / (took / 1_000)),
      drainMs: Math.round(took - accepting),
      p99at50: volley.p99,
    },
  };
}

async function drained(served: Served, workflow: string): Promise<void> {
  const Listed = z.object({ items: z.array(z.unknown()) });
  for (const status of ['queued', 'running', 'waiting'])
    while (Listed.parse(await served.read(`/runs?workflow=${workflow}&status=${status}`)).items.length > 0)
      await pause(20);
}

/** `code` is the code node's own step in the same runs, `rest` everything else. */
async function tenThousand({ served, seconds }: Pressed): Promise<Record<string, Figure>> {
  const flow = await served.publish(scenarios.s4);
  const runs: string[] = [];
  const ms = await oneByOne(seconds / 2, async () => {
    const { body, run } = await call(flow.url, {});
    const counts = z.array(z.object({ count: z.number() })).parse(body);
    if (counts.reduce((sum, { count }) => sum + count, 0) !== 9_000) throw new Error('S4: records were lost');
    runs.push(run);
  });
  const took = await Promise.all(runs.slice(-10).map((run) => codeMs(served, run)));
  const code = median(took);
  return { S4: { ms, code, rest: Math.round((ms - code) * 10) / 10 } };
}

const Steps = z.object({
  items: z.array(z.object({ key: z.string(), startedAt: z.string(), finishedAt: z.string() })),
});

async function codeMs(served: Served, run: string): Promise<number> {
  const steps = Steps.parse(await served.read(`/runs/${run}/steps`)).items;
  const step = steps.find(({ key }) => key === 'records');
  return step ? Date.parse(step.finishedAt) - Date.parse(step.startedAt) : 0;
}

/** One call, whose answer must count to `count`. */
const counting = (url: string, body: unknown, count: number) => async (): Promise<void> => {
  const given = await call(url, body);
  if (z.object({ count: z.number() }).parse(given.body).count !== count) throw new Error(`${url}: items were lost`);
};

async function call(url: string, body: unknown): Promise<{ body: unknown; run: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return { body: JSON.parse(text), run: response.headers.get('heddle-run-id') ?? '' };
}
