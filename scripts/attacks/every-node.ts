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

/** What no node may hold the server for by its own work, in milliseconds. */
const heldMost = 250;
/** A run that has not ended by then never will, in milliseconds. */
const patienceMs = 120_000;

const Run = z.object({ runId: z.string() });
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

/** Params beside those of a node's examples that cost what they can cost, over all inputs or one of them. */
const costly: Readonly<Record<string, readonly { readonly over?: string; readonly params: object }[]>> = {
  'code.javascript': [{ params: { code: 'return $input.all();' } }],
  'control.loop': [{ params: { size: 10, max: 100_000 } }],
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
  for (const node of tried.slice(0, times)) {
    const ends: string[] = [];
    let longest = 0;
    for (const [what, most] of Object.entries(inputs))
      for (const params of paramsOver(node, what)) {
        const text = what === 'many items' ? (fewer[node.type] ?? most) : most;
        await heldSince(server.url);
        const end = await runOf(api, server.url, { node, params, text, path: `try${asked++}` });
        const held = await heldSince(server.url);
        longest = Math.max(longest, held);
        if (end === undefined) broken.push(`${node.type} over ${what} did not end`);
        else ended += 1;
        ends.push(`${end ?? 'none'} ${Math.round(held)}`);
      }
    laws.push({ name: node.type, is: longest, most: heldMost, unit: 'ms held' });
    figures[node.type] = ends.join(', ');
    if (server.hasEnded()) return { figures, laws, broken: [...broken, `the server ended with ${node.type}`] };
  }
  const ready = await api.call('GET', '/readyz');
  if (ready.status !== 200) broken.push('afterwards the server was not ready');
  return { figures: { runs: asked, 'came to an end': ended, ...figures }, laws, broken };
}

/** The longest that the server's own thread worked without a pause since this was asked before, in milliseconds of processor. */
async function heldSince(url: string): Promise<number> {
  return heldIn(await (await fetch(`${url}/metrics`)).text()) ?? Number.NaN;
}

/** What a node is tried with over an input: the params of its first example, and what costs more. */
function paramsOver({ type, examples }: AnyNode, what: string): readonly object[] {
  const first = examples[0]?.params;
  const more = (costly[type] ?? []).filter(({ over = what }) => over === what);
  return [isObject(first) ? first : {}, ...more.map(({ params }) => params)];
}

interface Tried {
  readonly node: AnyNode;
  readonly params: object;
  readonly text: string;
  readonly path: string;
}

/** How the run ended: a status, or the code of its fault; undefined when it did not. */
async function runOf(api: Api, url: string, { node, params, text, path }: Tried): Promise<string | undefined> {
  await api.publish(documentOf(node, params, path));
  const answer = await fetch(`${url}/hooks/main/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  if (!answer.ok) return `refused with ${answer.status}`;
  const { runId } = Run.parse(await answer.json());
  for (const until = performance.now() + patienceMs; performance.now() < until; await pause(250)) {
    const run = Looked.safeParse((await api.call('GET', `/api/v1/runs/${runId}`)).body).data;
    if (run && isOver(run.status)) return run.error?.code ?? run.status;
  }
  return undefined;
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
