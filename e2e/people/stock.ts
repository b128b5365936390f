import type { APIRequestContext, Page } from '@playwright/test';
import * as z from 'zod';
import { workflow } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';

/** A workspace with things in it, put there through the outside doors. */
export interface Stock {
  /** Puts a workflow there and gives its id. */
  workflow(document: Workflow): Promise<string>;
  publish(id: string): Promise<void>;
  /** Runs a draft until it is over or waits, and gives the id of the run. */
  run(id: string, input?: unknown): Promise<string>;
  /** The same with the version that is live. */
  runLive(id: string, input?: unknown): Promise<string>;
  /** Calls a webhook that answers when its run is over, and gives the id of that run. */
  runByCall(id: string, path: string, data: unknown): Promise<string>;
}

/** Makes a workspace of its own for whoever is logged in at the page, and lets the page work in it from now on. */
export async function newWorkspace(page: Page, slug: string): Promise<Stock> {
  await ask(page.request, 'POST', '/api/v1/workspaces', z.unknown(), { name: slug, slug }, fromPage(page));
  // Once the page knows which workspace it is in, it no longer writes it down.
  await page.waitForFunction(() => sessionStorage.getItem('heddle.workspace') !== null);
  await page.evaluate((chosen) => sessionStorage.setItem('heddle.workspace', chosen), slug);
  return stockOf(page.request, { ...fromPage(page), 'heddle-workspace': slug });
}

/** A session is good for requests of our own pages only. */
const fromPage = (page: Page) => ({ origin: new URL(page.url()).origin });

function stockOf(request: APIRequestContext, headers: Record<string, string>): Stock {
  const post = <S extends z.ZodType>(path: string, shape: S, data: unknown) =>
    ask(request, 'POST', `/api/v1${path}`, shape, data, headers);
  const begun = async (id: string, wish: { draft?: boolean; input?: unknown }) =>
    (await post(`/workflows/${id}/runs`, z.object({ runId: z.string() }), { wait: 30, ...wish })).runId;
  return {
    workflow: async (document) => (await post('/workflows', z.object({ id: z.string() }), { document })).id,
    publish: async (id) => void (await post(`/workflows/${id}/publish`, z.unknown(), {})),
    run: async (id, input) => begun(id, { draft: true, input }),
    runLive: async (id, input) => begun(id, { input }),
    runByCall: async (id, path, data) => {
      await ask(request, 'POST', `/hooks/${headers['heddle-workspace']}/${path}`, z.unknown(), data);
      const listed = z.object({ items: z.array(z.object({ id: z.string() })).min(1) });
      const { items } = await ask(request, 'GET', `/api/v1/runs?workflow=${id}`, listed, undefined, headers);
      return items[0]?.id ?? '';
    },
  };
}

async function ask<S extends z.ZodType>(
  request: APIRequestContext,
  method: string,
  path: string,
  shape: S,
  data: unknown,
  headers: Record<string, string> = {},
): Promise<z.output<S>> {
  const answer = await request.fetch(path, { method, data, headers });
  if (!answer.ok()) throw new Error(`${method} ${path} was answered ${answer.status()}: ${await answer.text()}`);
  return shape.parse(await answer.json());
}

type Node = Workflow['nodes'][number];

const node = (
  key: string,
  type: string,
  at: [number, number],
  params: Record<string, unknown>,
  title?: string,
): Node => ({
  key,
  type,
  at,
  params,
  ...(title ? { title } : {}),
});

/** Edges of a chain: each feeds the next. */
const chain = (...ends: readonly string[]) =>
  ends.slice(1).map((to, index) => ({ from: ends[index] ?? '', to: to.split('.')[0] ?? '' }));

/** A small workflow with a branch: an order comes in, is added up, and if it is large the stock is asked. */
export const orders = (stockUrl: string): Workflow =>
  workflow.parse({
    heddle: 1,
    name: 'Orders',
    nodes: [
      node('order', 'start.webhook', [0, 96], { path: 'orders', reply: 'respond' }, 'Order comes in'),
      node(
        'total',
        'data.set',
        [240, 96],
        {
          fields: [
            { name: 'sku', value: '{{ $json.body.sku }}' },
            { name: 'total', value: '{{ $json.body.net * 1.2 }}' },
          ],
          keep: 'none',
        },
        'Work out the total',
      ),
      node(
        'large',
        'rules.if',
        [480, 96],
        { where: { all: [{ left: '{{ $json.total }}', op: 'gt', right: 100 }] } },
        'Over 100?',
      ),
      node(
        'stock',
        'connect.http-request',
        [736, 16],
        { method: 'POST', url: stockUrl, json: '{{ $json }}' },
        'Reserve stock',
      ),
      node('answer', 'control.respond', [992, 112], {}, 'Answer the shop'),
    ],
    edges: [...chain('order', 'total', 'large', 'stock', 'answer'), { from: 'large.false', to: 'answer' }],
    notes: [
      {
        id: 'note-1',
        text: '### Who looks at what\n- Orders over 100 are reserved at once.\n- The shop hears of both.',
        at: [0, 240],
        size: [240, 128],
      },
    ],
  });

/** A workflow of this name that fails at a node of this name. */
export const failingAs = (name: string): Workflow =>
  workflow.parse({
    heddle: 1,
    name,
    nodes: [
      node('hand', 'start.manual', [0, 0], {}),
      node('go', 'code.javascript', [240, 0], { code: "throw new Error('No answer');" }, name),
    ],
    edges: chain('hand', 'go'),
  });

/** A workflow of code alone. */
export const coded = (): Workflow =>
  workflow.parse({
    heddle: 1,
    name: 'Daily figures',
    nodes: [
      node('hand', 'start.manual', [0, 0], {}),
      node(
        'figures',
        'code.javascript',
        [240, 0],
        {
          code: "const days = ['Mon', 'Tue', 'Wed'];\n\n// One item for each day, the busiest last.\nreturn days\n  .map((day, index) => ({ day, orders: 12 * (index + 1) }))\n  .toSorted((a, b) => a.orders - b.orders);\n",
        },
        'Figures',
      ),
    ],
    edges: [{ from: 'hand', to: 'figures' }],
  });

/** A workflow that asks a person and waits. */
export const asking = (): Workflow =>
  workflow.parse({
    heddle: 1,
    name: 'Refunds',
    nodes: [
      node('hand', 'start.manual', [0, 0], {}),
      node(
        'ask',
        'control.review',
        [240, 0],
        { title: 'Refund 120.00 to Maren Oltmanns?', text: 'She sent the coat back on Monday.' },
        'Ask finance',
      ),
    ],
    edges: [{ from: 'hand', to: 'ask' }],
  });

/** A workflow that asks a person to fill something in, with a file, and keeps what the file says. */
export const askingForFile = (): Workflow =>
  workflow.parse({
    heddle: 1,
    name: 'Slips',
    nodes: [
      node('hand', 'start.manual', [0, 0], {}),
      node('ask', 'control.review', [240, 0], {
        title: 'Which slip?',
        form: [
          { name: 'note', kind: 'text', label: 'Note' },
          { name: 'count', kind: 'number', label: 'How many', required: true },
          { name: 'slip', kind: 'file', label: 'Slip', required: true },
        ],
      }),
      node('read', 'data.from-file', [480, 0], { file: '{{ $json.review.values.slip }}', format: 'text' }),
    ],
    edges: chain('hand', 'ask', 'read'),
  });

/** A loop whose body is pure, or is run iteration by iteration. */
export const looping = (name: string, isPure: boolean): Workflow =>
  workflow.parse({
    heddle: 1,
    name,
    nodes: [
      node('begin', 'start.manual', [0, 0], {}),
      node('each', 'control.loop', [240, 0], {}, 'Each order'),
      {
        ...node(
          'mark',
          'data.set',
          [480, 96],
          { fields: [{ name: 'seen', type: 'string', value: 'yes {{ $json.n }}' }] },
          'Mark it',
        ),
        ...(isPure ? {} : { settings: { timeout: '20s' } }),
      },
      node('end', 'control.no-op', [480, -96], {}, 'All done'),
    ],
    edges: [
      { from: 'begin', to: 'each.in' },
      { from: 'each.each', to: 'mark' },
      { from: 'mark', to: 'each.next' },
      { from: 'each', to: 'end' },
    ],
  });

/** The same loop behind a webhook, over the list that it is called with. */
export const called = (document: Workflow, path: string): Workflow =>
  workflow.parse({
    ...document,
    nodes: [
      node('hook', 'start.webhook', [-240, 0], { path, reply: 'last' }),
      node('split', 'data.split-out', [0, 0], { field: 'body' }),
      ...document.nodes.filter(({ key }) => key !== 'begin'),
    ],
    edges: [
      { from: 'hook', to: 'split' },
      ...document.edges.map((edge) => (edge.from === 'begin' ? { ...edge, from: 'split' } : edge)),
    ],
  });

/** A workflow of many nodes: rows of branches behind a start. */
export const large = (rows: number): Workflow => {
  const lanes = Array.from({ length: rows }, (_, row) => ({
    nodes: [
      node(`if${row}`, 'rules.if', [256, row * 160], {
        where: { all: [{ left: '{{ $json.row }}', op: 'gt', right: row }] },
      }),
      node(
        `set${row}`,
        'data.set',
        [512, row * 160 + 32],
        { fields: [{ name: 'row', value: row }] },
        `Keep row ${row + 1}`,
      ),
      node(`sort${row}`, 'data.sort', [768, row * 160 + 32], { by: [{ field: 'row' }] }),
      node(`limit${row}`, 'data.limit', [1024, row * 160 + 32], { count: 10 }),
    ],
    edges: [{ from: 'hand', to: `if${row}` }, ...chain(`if${row}`, `set${row}`, `sort${row}`, `limit${row}`)],
  }));
  return workflow.parse({
    heddle: 1,
    name: 'Nightly warehouse sync',
    nodes: [node('hand', 'start.manual', [0, (rows * 160) / 2], {}), ...lanes.flatMap(({ nodes }) => nodes)],
    edges: lanes.flatMap(({ edges }) => edges),
  });
};
