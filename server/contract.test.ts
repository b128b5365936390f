import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createTestDatabase } from './db/testing.ts';
import type { TestDatabase } from './db/testing.ts';
import { packageRoot } from './root.ts';
import { startServer } from './triggers/testing/server-process.ts';
import type { ServerProcess } from './triggers/testing/server-process.ts';

/**
 * An outside program and a real server process: it knows CONTRACT.md and nothing else. The shapes below are that page's, written out
 * again by hand, so that a field which is renamed here cannot be renamed there by itself.
 */
let database: TestDatabase;
let home: string;
let server: ServerProcess;
let key: string;
beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(path.join(tmpdir(), 'heddle-contract-'));
  const env = {
    DATABASE_URL: database.url,
    HEDDLE_HOME: home,
    HEDDLE_ADMIN_EMAIL: 'olga@example.com',
    HEDDLE_ADMIN_PASSWORD: 'a long password',
  };
  server = await startServer('all', env);
  const made = await promisify(execFile)(
    process.execPath,
    [path.join(packageRoot, 'scripts/heddle.js'), 'apikey', 'create', '--workspace', 'main', '--name', 'out', '--json'],
    { env: { ...process.env, ...env } },
  );
  key = z.strictObject({ id: z.string(), key: z.string() }).parse(JSON.parse(made.stdout)).key;
});
afterAll(async () => {
  await server.end('SIGTERM');
  await database[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const At = z.iso.datetime();
const Fault = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  mend: z.string().optional(),
});
const statuses = ['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled'] as const;
const Run = z.object({
  id: z.string(),
  workflow: z.string(),
  version: z.int().nullable(),
  status: z.enum(statuses),
  trigger: z.string(),
  start: z.string(),
  startedAt: At,
  finishedAt: At.nullable(),
  durationMs: z.number().nullable(),
  output: z.array(z.unknown()).optional(),
  error: Fault.optional(),
  needs: z.array(z.looseObject({ kind: z.enum(['in-doubt', 'review', 'budget', 'quarantine', 'missing-node']) })),
  retryOf: z.string().optional(),
  parent: z.object({ run: z.string() }).optional(),
});
const Ports = z.record(z.string(), z.array(z.unknown()));
const Step = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  path: z.string(),
  attempt: z.int(),
  status: z.enum([...statuses, 'skipped', 'in-doubt']),
  startedAt: At.nullable(),
  finishedAt: At.nullable(),
  input: Ports,
  output: Ports,
  error: Fault.optional(),
  logs: z.array(z.unknown()),
  usage: z.unknown().optional(),
});
const Event = z.strictObject({ seq: z.int(), at: At, type: z.string(), data: z.unknown() });
const Issue = z.object({
  level: z.enum(['error', 'warning', 'hint']),
  code: z.string(),
  where: z.object({ node: z.string().optional(), param: z.string().optional(), edge: z.unknown().optional() }),
  message: z.string(),
  mend: z.string(),
});
const Saved = z.strictObject({ id: z.string(), revision: z.int(), issues: z.array(Issue) });
const Published = z.strictObject({
  version: z.int(),
  triggers: z.array(
    z.strictObject({ key: z.string(), type: z.string(), url: z.url().optional(), nextFire: At.optional() }),
  ),
});
const Started = z.strictObject({ runId: z.string(), status: z.enum(statuses) });
const Refused = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    mend: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** Asks with the key and reads the answer by the shape that the page promises, at the status that it promises. */
async function ask<T extends z.ZodType>(
  status: number,
  shape: T,
  method: string,
  url: string,
  body?: unknown,
): Promise<z.output<T>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const sent =
    body === undefined ? { headers: { authorization: headers.authorization } } : { headers, body: asText(body) };
  const response = await fetch(`${server.url}/api/v1${url}`, { method, ...sent });
  const text = await response.text();
  expect(response.status, `${method} ${url}: ${text}`).toBe(status);
  return shape.parse(text === '' ? undefined : JSON.parse(text));
}
const asText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));
const refused = async (status: number, method: string, url: string, body?: unknown) =>
  (await ask(status, Refused, method, url, body)).error;
const hook = (where: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/hooks/main/${where}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
const over = async (run: string) => {
  await expect
    .poll(async () => (await ask(200, Run, 'GET', `/runs/${run}`)).finishedAt, { timeout: 20_000 })
    .not.toBeNull();
  return ask(200, Run, 'GET', `/runs/${run}`);
};

/** The document of the page, with nothing left in it that goes out. */
const orders = (name = 'Orders', where = 'orders') => ({
  heddle: 1,
  name,
  nodes: [
    { key: 'hook', type: 'start.webhook', params: { path: where, methods: ['POST'], reply: 'respond' } },
    {
      key: 'price',
      type: 'data.set',
      params: { fields: [{ name: 'total', type: 'number', value: '{{ $json.body.amount * 1.2 }}' }], keep: 'all' },
    },
    { key: 'big', type: 'rules.if', params: { where: { all: [{ left: '{{ $json.total }}', op: 'gt', right: 100 }] } } },
    { key: 'tell', type: 'data.set', params: { fields: [{ name: 'big', type: 'boolean', value: true }], keep: 'all' } },
    { key: 'reply', type: 'control.respond', params: { with: 'first', status: 200 } },
  ],
  edges: [
    { from: 'hook', to: 'price' },
    { from: 'price', to: 'big' },
    { from: 'big.true', to: 'tell' },
    { from: 'big.false', to: 'reply' },
    { from: 'tell', to: 'reply' },
  ],
});
const manual = (name: string, nodes: object[], edges: [string, string][], more: object = {}) => ({
  heddle: 1,
  name,
  nodes: [{ key: 'go', type: 'start.manual' }, ...nodes],
  edges: edges.map(([from, to]) => ({ from, to })),
  ...more,
});
const publish = async (document: object) => {
  const { id } = await ask(201, Saved, 'POST', '/workflows', { document });
  return { id, ...(await ask(200, Published, 'POST', `/workflows/${id}/publish`)) };
};

test('make, check, save, publish, call, read what happened, take it away', async () => {
  const broken = orders();
  broken.nodes[2]!.params = { where: { all: [{ left: '{{ $json.total + }}', op: 'gt', right: 100 }] } } as never;
  const made = await ask(201, Saved, 'POST', '/workflows', { document: broken });
  expect(made).toMatchObject({ revision: 1, issues: [{ level: 'error', where: { node: 'big' } }] });
  const url = `/workflows/${made.id}`;
  const not = await refused(422, 'POST', `${url}/publish`);
  expect(not).toMatchObject({ code: 'issues', details: { issues: [{ level: 'error', where: { node: 'big' } }] } });
  expect(await ask(200, Saved, 'PUT', url, { document: orders(), revision: 1 })).toMatchObject({
    revision: 2,
    issues: [],
  });
  expect(await refused(409, 'PUT', url, { document: broken, revision: 1 })).toMatchObject({
    code: 'stale',
    details: { revision: 2, document: orders() },
  });
  const published = await ask(200, Published, 'POST', `${url}/publish`);
  expect(published).toMatchObject({
    version: 1,
    triggers: [{ key: 'hook', type: 'start.webhook', url: expect.stringMatching(/\/hooks\/main\/orders$/) }],
  });
  expect((await ask(200, Published, 'POST', `${url}/publish`)).version).toBe(1);
  const called = await hook('orders', '{"amount":100}');
  expect([called.status, await called.json()]).toMatchObject([200, { total: 120, big: true, body: { amount: 100 } }]);
  const { items } = await ask(200, pageOf(Run), 'GET', `/runs?workflow=${made.id}`);
  const [listed] = items;
  expect(items).toMatchObject([
    { workflow: made.id, version: 1, status: 'finished', trigger: 'webhook', start: 'hook' },
  ]);
  const run = await ask(200, Run, 'GET', `/runs/${listed?.id}`);
  expect(run).toMatchObject({ ...listed, output: [{ total: 120, big: true }] });
  expect(run.durationMs).toBe(Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt));
  const steps = (await ask(200, listOf(Step), 'GET', `/runs/${run.id}/steps`)).items;
  expect(steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'hook finished',
    'price finished',
    'big finished',
    'tell finished',
    'reply finished',
  ]);
  expect(steps[2]).toMatchObject({ type: 'rules.if', path: '', attempt: 1, input: { in: [{ total: 120 }] } });
  const events = (await ask(200, listOf(Event), 'GET', `/runs/${run.id}/events`)).items;
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));
  expect(events[0]?.type).toBe('run.started');
  expect(events.at(-1)?.type).toBe('run.finished');
  await ask(200, z.looseObject({}), 'POST', `${url}/unpublish`);
  expect((await hook('orders', '{}')).status).toBe(404);
  expect((await refused(409, 'POST', `${url}/runs`, {})).code).toBe('not-published');
  await ask(204, z.undefined(), 'DELETE', url);
  for (const [method, body] of [['GET'], ['PUT', { document: orders(), revision: 2 }], ['DELETE']] as const)
    expect((await refused(404, method, url, body)).code).toBe('not-found');
  // What ran is still there.
  expect((await ask(200, Run, 'GET', `/runs/${run.id}`)).status).toBe('finished');
});

test('whatever JSON can say comes through, in the answer and in the trace', async () => {
  await publish({
    ...orders('Exact', 'exact'),
    nodes: orders('Exact', 'exact').nodes.map((node) =>
      node.key === 'price'
        ? { key: 'price', type: 'data.set', params: { json: { given: '{{ $json.body }}' }, keep: 'none' } }
        : node.key === 'big'
          ? { ...node, params: { where: { all: [{ left: 1, op: 'gt', right: 100 }] } } }
          : node,
    ),
  });
  const sent =
    '{"text":"ÅÄÖ 汉字 🎈 \\u202e \\"","none":null,"list":[],"object":{},"nested":[[],[null]],"big":9007199254740993,' +
    '"bigger":-123456789012345678901234567890,"safe":9007199254740991,"part":0.1,"no":false}';
  const got = {
    text: 'ÅÄÖ 汉字 🎈 \u202e "',
    none: null,
    list: [],
    object: {},
    nested: [[], [null]],
    big: '9007199254740993',
    bigger: '-123456789012345678901234567890',
    safe: 9007199254740991,
    part: 0.1,
    no: false,
  };
  const called = await hook('exact', sent);
  expect(await called.json()).toEqual({ given: got });
  const run = (await ask(200, pageOf(Run), 'GET', '/runs?q=Exact')).items[0]?.id;
  expect((await ask(200, Run, 'GET', `/runs/${run}`)).output).toEqual([{ given: got }]);
  const [first] = (await ask(200, listOf(Step), 'GET', `/runs/${run}/steps`)).items;
  expect(first?.output).toMatchObject({ out: [{ body: got }] });
  const logs = first?.logs.map((log) => JSON.stringify(log));
  expect(logs).toEqual([expect.stringContaining('/big'), expect.stringContaining('/bigger')]);
  expect(logs?.[0]).toContain('"warn"');
  const [started] = (await ask(200, listOf(Event), 'GET', `/runs/${run}/events`)).items;
  expect(started?.data).toMatchObject({ input: { items: [{ body: got }] } });
});

describe('runs by hand', () => {
  const twice = { key: 'twice', type: 'data.set', params: { json: { n: '{{ $json.n * 2 }}' }, keep: 'none' } };

  test('201 at once; with wait 200 when it is over, 202 when it is not', async () => {
    const { id } = await publish(manual('Twice', [twice], [['go', 'twice']]));
    const { runId } = await ask(201, Started, 'POST', `/workflows/${id}/runs`, { input: { n: 1 } });
    expect((await over(runId)).output).toEqual([{ n: 2 }]);
    const waited = await ask(200, Run.extend(Started.shape), 'POST', `/workflows/${id}/runs`, {
      input: [{ n: 2 }, { n: 3 }],
      wait: 20,
    });
    expect(waited).toMatchObject({ status: 'finished', trigger: 'manual', start: 'go', output: [{ n: 4 }, { n: 6 }] });
    const nap = { key: 'nap', type: 'control.wait', params: { for: '1h' } };
    const slow = await publish(manual('Slow', [nap], [['go', 'nap']]));
    const parked = await ask(202, Started, 'POST', `/workflows/${slow.id}/runs`, { wait: 1 });
    expect((await ask(200, Run, 'GET', `/runs/${parked.runId}`)).status).toBe('waiting');
    expect((await refused(409, 'POST', `/runs/${parked.runId}/retry`, {})).code).toBe('run-running');
    const cancelled = await ask(200, Run, 'POST', `/runs/${parked.runId}/cancel`, {});
    expect(cancelled).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect((await refused(409, 'POST', `/runs/${parked.runId}/cancel`, {})).code).toBe('run-over');
  });

  test('a webhook start takes a value without body for the body; one start, or one manual start, need not be named', async () => {
    const both = orders('Both', 'both');
    both.nodes.push({ key: 'go', type: 'start.manual', params: {} } as never);
    const { id } = await publish(both);
    const run = (body: object) =>
      ask(200, Run.extend(Started.shape), 'POST', `/workflows/${id}/runs`, { wait: 20, ...body });
    const called = { method: 'POST', body: { amount: 50 } };
    expect((await run({ start: 'hook', input: { amount: 50 } })).output).toMatchObject([{ ...called, total: 60 }]);
    expect((await run({ start: 'hook', input: { body: { amount: 50 } } })).output).toMatchObject([
      { ...called, total: 60 },
    ]);
    expect((await run({ input: { any: 1 } })).start).toBe('go');
    expect((await refused(400, 'POST', `/workflows/${id}/runs`, { start: 'nothing' })).code).toBe('start-unknown');
  });

  test('a failed run says where and why; a retry from a node is a run of its own', async () => {
    const stop = { key: 'stop', type: 'control.stop', params: { as: 'error', message: 'no stock' } };
    const { id } = await publish(
      manual(
        'Fails',
        [twice, stop],
        [
          ['go', 'twice'],
          ['twice', 'stop'],
        ],
      ),
    );
    const { runId } = await ask(201, Started, 'POST', `/workflows/${id}/runs`, { input: { n: 1 } });
    const failed = await over(runId);
    expect(failed).toMatchObject({
      status: 'failed',
      error: { node: 'stop', message: expect.stringContaining('no stock') },
    });
    const steps = (await ask(200, listOf(Step), 'GET', `/runs/${runId}/steps`)).items;
    expect(steps.at(-1)).toMatchObject({ key: 'stop', status: 'failed', error: { code: failed.error?.code } });
    const again = await ask(201, Started, 'POST', `/runs/${runId}/retry`, { from: 'stop', version: 1 });
    expect(await over(again.runId)).toMatchObject({ status: 'failed', retryOf: runId });
  });

  test('what waits for a person says so, and takes one answer', async () => {
    const review = { key: 'ask', type: 'control.review', params: { title: 'Pay?' } };
    const { id } = await publish(manual('Asks', [review], [['go', 'ask']]));
    const { runId } = await ask(201, Started, 'POST', `/workflows/${id}/runs`, {});
    await expect.poll(async () => (await ask(200, Run, 'GET', `/runs/${runId}`)).needs[0]?.kind).toBe('review');
    expect((await refused(400, 'POST', `/runs/${runId}/answer`, { step: 'ask', answer: 'perhaps' })).code).toBe(
      'answer-unknown',
    );
    await ask(204, z.undefined(), 'POST', `/runs/${runId}/answer`, { step: 'ask', answer: 'approved' });
    expect((await refused(409, 'POST', `/runs/${runId}/answer`, { step: 'ask', answer: 'approved' })).code).toBe(
      'answered',
    );
    expect((await over(runId)).status).toBe('finished');
  });

  test('pins are for the canvas: no run by REST is given them', async () => {
    const { id } = await publish(manual('Pinned', [twice], [['go', 'twice']], { pins: { twice: [{ n: 'pinned' }] } }));
    for (const body of [{}, { draft: true }])
      expect(
        (await ask(200, Run, 'POST', `/workflows/${id}/runs`, { ...body, input: { n: 4 }, wait: 20 })).output,
      ).toEqual([{ n: 8 }]);
  });

  test('lists are filtered by each of their filters and go on with a cursor', async () => {
    const { id } = await publish(manual('Filtered', [twice], [['go', 'twice']]));
    const began = new Date().toISOString();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++)
      ids.unshift((await ask(200, Started.loose(), 'POST', `/workflows/${id}/runs`, { input: { n }, wait: 20 })).runId);
    const found = async (query: string) =>
      (await ask(200, pageOf(Run), 'GET', `/runs?${query}`)).items.map((run) => run.id);
    expect(await found(`workflow=${id}`)).toEqual(ids);
    expect(await found(`workflow=${id}&status=finished`)).toEqual(ids);
    expect(await found(`workflow=${id}&status=failed`)).toEqual([]);
    expect(await found(`since=${began}&q=filter`)).toEqual(ids);
    expect(await found(`since=2099-01-01&workflow=${id}`)).toEqual([]);
    expect(await found(`q=${ids[1]}`)).toEqual([ids[1]]);
    const page = await ask(200, pageOf(Run), 'GET', `/runs?workflow=${id}&limit=2`);
    expect(page.items.map((run) => run.id)).toEqual(ids.slice(0, 2));
    const rest = await ask(200, pageOf(Run), 'GET', `/runs?workflow=${id}&limit=2&cursor=${page.next}`);
    expect([rest.items.map((run) => run.id), rest.next]).toEqual([ids.slice(2), null]);
    expect((await refused(400, 'GET', '/runs?status=lost')).code).toBe('invalid');
  });
});

test('the doors that need no key, and those that do', async () => {
  const status = async (url: string, init?: RequestInit) => (await fetch(server.url + url, init)).status;
  expect([await status('/healthz'), await status('/readyz'), await status('/metrics')]).toEqual([200, 200, 200]);
  expect(await status('/api/v1/runs')).toBe(401);
  expect(await status('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).toBe(401);
  const document = z.object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
  const { openapi, paths } = document.parse(await (await fetch(`${server.url}/api/openapi.json`)).json());
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/workflows/{id}/publish', '/hooks/{workspace}/{path}']),
  );
});
