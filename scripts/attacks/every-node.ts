import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { inputPorts, outputPorts } from '../../flow/document/ports.ts';
import { newestNodes } from '../../nodes/all.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { Api } from '../drills/api.ts';
import { openBox } from '../drills/box.ts';
import type { DrillOptions } from '../drills/carry-out.ts';
import type { Law } from '../drills/law.ts';
import { heldIn } from '../drills/probe.ts';
import { startProduct } from '../drills/product.ts';
import type { Report } from '../drills/report.ts';
import { isOver } from '../drills/stock.ts';
import { Patience, reaches } from '../drills/until.ts';

/** What no node may hold the server for by its own work, in milliseconds. */
const heldMost = 250;
/** A run of which nothing more came for so long never ends, in milliseconds; a stage may compute for half a minute of its processor. */
const stillMs = 120_000;
/** How often a node that held the server for too long is tried again: neighbours and garbage cost once, what holds holds each time. */
const againMost = 2;
/** Each so many looks it is asked as well how its steps stand. */
const stepsEach = 20;

const Run = z.object({ runId: z.string() });
const Steps = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) });
const Looked = z.object({ status: z.string(), error: z.object({ code: z.string() }).nullish() });

const rows = (count: number) =>
  JSON.stringify({
    rows: Array.from({ length: count }, (_, n) => ({ n, name: `Name ${n % 97}`, at: '2026-01-15', list: [n] })),
  });

/** What a node is given: as many items as it may get, or one as large as a webhook takes. Made once the law is tried: who tries another needs none of it. */
const makeInputs = (): Readonly<Record<string, string>> => ({
  'many items': rows(100_000),
  'one large item': JSON.stringify({
    rows: [
      {
        n: 1,
        name: 'x'.repeat(7_000_000),
        list: Array.from({ length: 400_000 }, (_, n) => n),
        text: 'a,b;\n'.repeat(1_000_000),
      },
    ],
  }),
});

/** Of a node that writes for each of its items something durable, 100,000 take minutes of the database's time. */
const fewer: Readonly<Record<string, string>> = { 'data.state': rows(2_000) };

const never = { left: '{{ $json.state }}', op: 'equals', right: 'ready' };

/** Params in place of some of an example's: its pauses of 30 s between ten tries are time in which nothing is done. */
const instead: Readonly<Record<string, object>> = { 'control.repeat': { wait: '100ms' } };

/** Params beside those of a node's examples that cost what they can cost, over all inputs or one of them. */
const costly: Readonly<Record<string, readonly { readonly over?: string; readonly params: object }[]>> = {
  'code.javascript': [{ params: { code: 'return $input.all();' } }],
  'control.loop': [{ params: { size: 10, max: 100_000 } }],
  // Ten tries in one stage.
  'control.repeat': [{ params: { until: never, wait: '0s' } }],
  'data.from-file': [{ params: { format: 'csv', file: '{{ $json.text }}' }, over: 'one large item' }],
  'data.set': [
    {
      params: {
        fields: [{ name: 'found', value: "{{ $json.name.replace(/(x+x+)+y/g, 'z').length }}" }],
        keep: 'all',
      },
    },
  ],
  'data.template': [{ params: { each: '{{ $json.name }}{{ $json.name }}' } }],
  'data.to-file': [{ params: { format: 'json', to: 'text' } }],
  // Over many items it takes the 30 s of its budget, which nobody needs to see each time.
  'data.validate': [{ params: { schema: doubling(24) }, over: 'one large item' }],
};

/** A schema whose definitions each name the next twice. */
function doubling(depth: number): object {
  const $defs = Object.fromEntries(
    Array.from({ length: depth }, (_, level) => [
      `d${level}`,
      level === depth - 1 ? {} : { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
    ]),
  );
  return { $defs, $ref: '#/$defs/d0' };
}

/** Nodes that stand behind others and need nobody: no start, nothing that is sent, no person, no moment. */
const tried = newestNodes.filter(
  ({ role, needs = [] }) =>
    role !== 'start' && needs.every((power) => !['http', 'timer', 'review', 'workflow'].includes(power)),
);

/**
 * The law "no node holds the server": every node with the largest input that a webhook takes, in a run of a real server that somebody looks at meanwhile;
 * or the first so many of them. What counts is the processor time of the server's own thread, as the server measures it.
 */
export async function everyNode({ times = tried.length, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on, { HEDDLE_LOG_LEVEL: 'warn' });
  await using server = await startProduct({ ...box.env, HEDDLE_LOG_LEVEL: 'info' });
  const api = new Api(() => server.url, await box.key());
  const laws: Law[] = [];
  const figures: Record<string, string> = {};
  const broken: string[] = [];
  const inputs = makeInputs();
  let [asked, ended] = [0, 0];
  /** How a run ended, and for how long it held the server. */
  const tryOnce = async (one: Omit<Tried, 'path'>) => {
    await heldSince(server.url);
    const end = await runOf(api, server.url, { ...one, path: `try${asked++}` });
    return { end, held: await heldSince(server.url) };
  };
  for (const node of tried.slice(0, times)) {
    const ends: string[] = [];
    let longest = 0;
    for (const [what, most] of Object.entries(inputs))
      for (const params of paramsOver(node, what)) {
        const text = what === 'many items' ? (fewer[node.type] ?? most) : most;
        const first = await tryOnce({ node, params, text });
        const { end } = first;
        let { held } = first;
        for (let tries = 0; tries < againMost && held > heldMost; tries++)
          held = Math.min(held, (await tryOnce({ node, params, text })).held);
        longest = Math.max(longest, held);
        if (end.isOver) ended += 1;
        else broken.push(`${node.type} over ${what}: ${end.how}`);
        ends.push(`${end.how} ${Math.round(held)}`);
      }
    laws.push({ name: node.type, is: longest, most: heldMost, unit: 'ms held' });
    figures[node.type] = ends.join(', ');
    if (server.hasEnded()) return { figures, laws, broken: [...broken, `the server ended with ${node.type}`] };
  }
  const ready = await api.call('GET', '/readyz');
  if (ready.status !== 200) broken.push('afterwards the server was not ready');
  return { figures: { runs: asked, 'came to an end': ended, ...figures }, laws, broken };
}

/** The longest that the server's own thread worked without a pause since this was asked before, in milliseconds of processor; not a number when it does not say. */
async function heldSince(url: string): Promise<number> {
  const metrics = await fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
  return heldIn(metrics) ?? Number.NaN;
}

/** What a node is tried with over an input: the params of its first example, and what costs more. */
function paramsOver({ type, examples }: AnyNode, what: string): readonly object[] {
  const first = examples[0]?.params;
  const more = (costly[type] ?? []).filter(({ over = what }) => over === what);
  return [{ ...(isObject(first) ? first : {}), ...instead[type] }, ...more.map(({ params }) => params)];
}

interface Tried {
  readonly node: AnyNode;
  readonly params: object;
  readonly text: string;
  readonly path: string;
}

/** Whether a run came to an end, and how: a status, or the code of its fault. */
interface End {
  readonly isOver: boolean;
  readonly how: string;
}

/** Carries one run out and reads it again and again meanwhile. */
async function runOf(api: Api, url: string, { node, params, text, path }: Tried): Promise<End> {
  await api.publish(documentOf(node, params, path));
  let answer = new Response(null, { status: 503 });
  // A server that has no moment says so: it is called again as senders do.
  const called = async () => {
    const headers = { 'content-type': 'application/json' };
    answer = await fetch(`${url}/hooks/main/${path}`, { method: 'POST', headers, body: text }).catch(() => answer);
    return answer.status !== 429 && answer.status !== 503;
  };
  if (!(await reaches(called, { everyMs: 1_000 })) || !answer.ok)
    return { isOver: false, how: `refused with ${answer.status}` };
  const { runId } = Run.parse(await answer.json());
  const seen = new Set<string>();
  const patience = new Patience(stillMs);
  for (let looks = 1; patience.lasts(seen.size); looks++, await pause(250)) {
    const run = Looked.safeParse((await api.call('GET', `/api/v1/runs/${runId}`)).body).data;
    if (run && isOver(run.status)) return { isOver: true, how: run.error?.code ?? run.status };
    if (looks % stepsEach !== 0) continue;
    const steps = Steps.safeParse((await api.call('GET', `/api/v1/runs/${runId}/steps?inline=0`)).body).data;
    if (steps) seen.add(JSON.stringify(steps.items));
  }
  return { isOver: false, how: 'did not end' };
}

/** The node behind a webhook whose rows come to all of its ports; a loop with a node in it, which gives back what it gets. */
function documentOf(node: AnyNode, params: object, path: string): object {
  const card = cardOf(node);
  const drawn = { key: 'node', type: node.type, params: { ...params } };
  const turns = node.turn && outputPorts(card, drawn).find(({ name }) => ['each', 'try'].includes(name))?.name;
  const ports = inputPorts(card, drawn)
    .map(({ name }) => name)
    .filter((port) => !(turns && port === 'next'));
  return {
    heddle: 1,
    name: path,
    nodes: [
      { key: 'hook', type: 'start.webhook', params: { path, reply: 'now' } },
      { key: 'rows', type: 'data.split-out', params: { field: 'body.rows' } },
      drawn,
      ...(turns ? [{ key: 'body', type: 'control.no-op' }] : []),
    ],
    edges: [
      { from: 'hook', to: 'rows' },
      ...ports.map((port) => ({ from: 'rows', to: `node.${port}` })),
      ...(turns
        ? [
            { from: `node.${turns}`, to: 'body' },
            { from: 'body', to: 'node.next' },
          ]
        : []),
    ],
  };
}
