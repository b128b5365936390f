import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../accounts/keys.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { startWorker } from '../work/testing/worker.ts';
import { drawn } from './testing/place.ts';
import { startServer } from './testing/server-process.ts';
import type { ServerProcess } from './testing/server-process.ts';

let database: TestDatabase;
let home: string;
let key: string;
const env = () => ({
  DATABASE_URL: database.url,
  HEDDLE_HOME: home,
  HEDDLE_ADMIN_EMAIL: 'olga@example.com',
  HEDDLE_ADMIN_PASSWORD: 'a long password',
});
beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(path.join(tmpdir(), 'heddle-processes-'));
  // The first start makes the workspace; keys of it can be made by then.
  await (await startServer('web', env())).end('SIGTERM');
  const { app } = await database.open({ app: 1, engine: 1 });
  key = (await createKey(app.orm, 'ws_main', { name: 'test', role: 'owner' })).key;
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const call = async (server: ServerProcess, method: string, url: string, body?: unknown) => {
  const response = await fetch(server.url + url, {
    method,
    headers: {
      ...(url.startsWith('/api') ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test reads of an answer is what it asserts
  const json: any = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, json };
};

const publish = async (server: ServerProcess, document: object): Promise<string> => {
  const { json } = await call(server, 'POST', '/api/v1/workflows', { document });
  const published = await call(server, 'POST', `/api/v1/workflows/${json.id}/publish`);
  expect(published.status, JSON.stringify(published.json)).toBe(200);
  return json.id;
};

test('what was answered with 2xx is there and ends after the server was killed at that moment (W4)', async () => {
  const runs: string[] = [];
  {
    await using server = await startServer('all', env());
    const set = { type: 'data.set', params: { json: { n: '{{ $json.body.n }}' } } };
    const rest = { type: 'control.wait', params: { for: '1500ms' } };
    const hook = (reply: string) => ({ type: 'start.webhook', params: { path: `kill-${reply}`, reply } });
    await publish(server, drawn('Kill now', { hook: hook('now'), rest, set }, 'hook -> rest\nrest -> set'));
    const answered = drawn(
      'Kill respond',
      { hook: hook('respond'), say: { type: 'control.respond' }, rest, set },
      'hook -> say\nsay -> rest\nrest -> set',
    );
    await publish(server, answered);
    // Calls until it dies in the middle of them.
    const flood = Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; n < 200; n++) {
        const response = await fetch(`${server.url}/hooks/main/kill-${lane % 2 ? 'now' : 'respond'}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ n }),
        }).catch(() => undefined);
        if (!response?.ok) return;
        runs.push(response.headers.get('heddle-run-id') ?? 'none');
        if (runs.length === 60) void server.end('SIGKILL');
        await response.arrayBuffer().catch(() => undefined);
      }
    });
    await Promise.all(flood);
    await server.end('SIGKILL');
  }
  expect(runs.length).toBeGreaterThanOrEqual(60);
  await using again = await startServer('all', env());
  for (const run of runs)
    await expect
      .poll(async () => (await call(again, 'GET', `/api/v1/runs/${run}`)).json.status, {
        timeout: 40_000,
        interval: 250,
      })
      .toBe('finished');
});

test('a web process answers for what a worker carries; a publish and a cancel reach the other processes', async () => {
  const starting = [startServer('web', env()), startServer('web', env()), startWorker(env())] as const;
  await using one = await starting[0];
  await using two = await starting[1];
  await using worker = await starting[2];
  expect(worker.child.pid).toBeGreaterThan(0);
  // Code never runs in a process of role web: the worker carries it, and the caller still gets the answer.
  const code = {
    type: 'code.javascript',
    params: { code: 'return items.map((item) => ({ twice: item.body.n * 2 }))' },
  };
  const hook = { type: 'start.webhook', params: { path: 'coded', reply: 'respond' } };
  await publish(one, drawn('Coded', { hook, code, say: { type: 'control.respond' } }, 'hook -> code\ncode -> say'));
  // Published by one, called at the other.
  const coded = async () => (await call(two, 'POST', '/hooks/main/coded', { n: 21 })).status;
  await expect.poll(coded, { timeout: 40_000 }).toBe(200);
  expect((await call(two, 'POST', '/hooks/main/coded', { n: 21 })).json).toEqual({ twice: 42 });
  expect((await call(one, 'POST', '/hooks/main/coded', { n: 4 })).json).toEqual({ twice: 8 });

  const endless = { type: 'code.javascript', params: { code: 'for (;;) {}' }, settings: { timeout: '60s' } };
  const id = await publish(one, drawn('Endless', { go: { type: 'start.manual' }, endless }, 'go -> endless'));
  const { json } = await call(one, 'POST', `/api/v1/workflows/${id}/runs`, {});
  const url = `/api/v1/runs/${json.runId}`;
  await expect.poll(async () => (await call(two, 'GET', url)).json.status, { timeout: 40_000 }).toBe('running');
  // A reader at the other process follows it to the end.
  const live = fetch(`${two.url}${url}/live`, { headers: { authorization: `Bearer ${key}` } }).then((stream) =>
    stream.text(),
  );
  expect((await call(two, 'POST', `${url}/cancel`)).json.status).toBe('cancelled');
  expect(await live).toContain('run.cancelled');
});

test('a server that is told to stop ends what it answers and ends itself', async () => {
  await using server = await startServer('all', env());
  const slow = drawn(
    'Stops',
    {
      hook: { type: 'start.webhook', params: { path: 'stops', reply: 'last' } },
      rest: { type: 'control.wait', params: { for: '900ms' } },
    },
    'hook -> rest',
  );
  await publish(server, slow);
  const answer = call(server, 'POST', '/hooks/main/stops', { n: 1 });
  const begun = async () => (await call(server, 'GET', '/api/v1/runs?q=Stops')).json.items.length;
  await expect.poll(begun, { timeout: 20_000 }).toBe(1);
  const ended = server.end('SIGTERM');
  expect((await answer).status).toBe(200);
  expect(await ended).toBe(0);
});
