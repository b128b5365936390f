import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { besideBacklog } from './backlog.ts';
import { drawing } from './canvas.ts';
import { inProcess, measurePart, withHome } from './in-process.ts';
import { scenariosOverHttp } from './over-http.ts';
import { startRaw } from './raw-beside.ts';
import { median } from './load.ts';
import { serve } from './served.ts';
import type { Served } from './served.ts';
import { table } from './table.ts';
import { tenants } from './tenants.ts';
import type { Figures } from './table.ts';

/**
 * `npm run bench [-- --json FILE] [-- --only S1,S4,raw,canvas] [-- --seconds 12] [-- --warm-up 5] [-- --prof FOLDER] [-- --in-process]`: starts the product
 * as people do, on a home of its own, drives the scenarios of SPEED.md over HTTP and prints them beside what must be reached; the raw durable
 * limit is measured between. With `--in-process` the engine alone, without its doors.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    seconds: { type: 'string', default: '12' },
    'warm-up': { type: 'string', default: '5' },
    prof: { type: 'string' },
    'in-process': { type: 'boolean', default: false },
  },
});
const alone: readonly string[] = ['S7', 'redaction'];
const overHttp = [...Object.keys(scenariosOverHttp), ...alone, 'S12', 'memory', 'start'];
const there: readonly string[] = values['in-process'] ? inProcess : overHttp;
const asked = values.only?.split(',').map((name) => name.trim()) ?? there;
const unknown = asked.filter((name) => !there.includes(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${there.join(', ')}.`);
  process.exit(2);
}
const options = { seconds: Number(values.seconds), warmUp: Number(values['warm-up']), prof: values.prof };

const [busy = 0] = loadavg();
if (busy > availableParallelism() / 2)
  console.error(`The machine is busy (load ${busy.toFixed(1)}): compare ratios, not figures.`);

const say = (sentence: string) => console.error(sentence);
const figures = values['in-process'] ? await engineAlone() : await withHome(wholeProduct);
const how = values['in-process']
  ? 'the engine alone, the load in its own process'
  : 'client, server and Postgres on it';
console.log(`${cpus()[0]?.model ?? 'a machine'}, ${availableParallelism()} cores; ${how}\n`);
console.log(table(figures));
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);

async function engineAlone(): Promise<Figures> {
  const measured: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const name of asked) {
    say(`${name} …`);
    measured[name] = await measurePart(name, options);
  }
  return measured;
}

/** One start of the product carries all scenarios, so that its memory at the end is that after S1 to S6. */
async function wholeProduct(home: string): Promise<Figures> {
  const measured: Record<string, Readonly<Record<string, unknown>>> = {};
  if (asked.includes('start')) {
    say('start …');
    measured['start'] = await warmStarts(home);
  }
  // By themselves, in a process of their own: a ratio within one round, that nothing else may disturb.
  for (const name of alone.filter((one) => asked.includes(one))) {
    say(`${name} …`);
    measured[name] = await measurePart(name, options);
  }
  // On a server of its own: what hostile programs leave of the machine must not stand in the figures of the others.
  if (asked.includes('S12')) {
    say('S12 …');
    measured['S12'] = { ...(await tenants(home, options.seconds, options.prof)), ...(await backlog()) };
  }
  if (asked.every((name) => name === 'start' || name === 'S12' || alone.includes(name))) return measured;
  await using served = await serve(home, {
    prof: options.prof,
    ...(asked.includes('canvas') ? { owner: drawing } : {}),
  });
  await pause(3_000);
  const idle = served.resident();
  const raw = asked.includes('raw') ? await startRaw(home) : undefined;
  for (const name of asked.filter((part) => part in scenariosOverHttp)) {
    if (name === 'raw' && measured['raw']) continue;
    say(`${name} …`);
    const part = await scenariosOverHttp[name]?.({ served, home, ...options, rawUrl: raw?.url });
    Object.assign(measured, part);
  }
  const runs = Number(measured['raw']?.['answered'] ?? 0);
  if (raw && (await raw.stop()) < runs) throw new Error('The raw durable limit lost runs.');
  if (asked.includes('memory')) measured['memory'] = await memory(served, idle);
  return measured;
}

/** On a home of its own, too: what hostile programs left would stand in its idle figures. */
function backlog(): Promise<Readonly<Record<string, number>>> {
  return withHome(async (home) => {
    await using served = await serve(home, { prof: options.prof });
    return await besideBacklog(served, options.seconds, options.warmUp);
  });
}

/** All our processes but Postgres: the launcher, the server, the sandboxes. */
async function memory(
  served: Served,
  idle: ReturnType<Served['resident']>,
): Promise<Readonly<Record<string, unknown>>> {
  const after = served.resident();
  const { rss, pss, by } = after;
  return { rss, idle: idle.rss, pss, idlePss: idle.pss, by, idleBy: idle.by, heap: await served.heap() };
}

/** From `npm start` to /readyz, with an embedded Postgres that was made before; the middle one of three. */
async function warmStarts(home: string): Promise<{ ms: number; first: number }> {
  const first = await oneStart(home);
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) times.push(await oneStart(home));
  return { ms: median(times), first };
}

async function oneStart(home: string): Promise<number> {
  await using served = await serve(home);
  return served.startMs;
}
