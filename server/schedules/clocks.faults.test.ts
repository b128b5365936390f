import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../accounts/keys.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { startServer } from '../triggers/testing/server-process.ts';
import type { ServerProcess } from '../triggers/testing/server-process.ts';
import { drawn } from '../triggers/testing/place.ts';

let database: TestDatabase;
let home: string;
let key: string;
beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(path.join(tmpdir(), 'heddle-clocks-'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

/** A server on a machine whose clock is off by so much. */
function serverOff(ms: number): Promise<ServerProcess> {
  const skew = `const Real = Date; const off = ${ms}; globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + off); else super(...given); }
    static now() { return Real.now() + off; }
  };`;
  return startServer('all', {
    DATABASE_URL: database.url,
    HEDDLE_HOME: home,
    HEDDLE_ADMIN_EMAIL: 'olga@example.com',
    HEDDLE_ADMIN_PASSWORD: 'a long password',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(skew)}`,
  });
}

async function call(server: ServerProcess, method: string, url: string, body?: unknown) {
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
  return { status: response.status, json, run: response.headers.get('heddle-run-id') };
}

async function publish(server: ServerProcess, document: object): Promise<string> {
  const { json } = await call(server, 'POST', '/api/v1/workflows', { document });
  expect((await call(server, 'POST', `/api/v1/workflows/${json.id}/publish`)).status).toBe(200);
  return json.id;
}

const hour = 3_600_000;

test.each([
  ['ahead of', 2 * hour],
  ['behind', -2 * hour],
])(
  'a machine that is two hours %s the database waits three seconds for three seconds, fires nothing early, and says so',
  async (word, ms) => {
    const name = `clock-${Math.sign(ms)}`;
    await using server = await serverOff(ms);
    const { app } = await database.open({ app: 1, engine: 1 });
    key = (await createKey(app.orm, 'ws_main', { name, role: 'owner' })).key;
    expect(server.said()).toContain(`the clock of this machine is 7200 s ${word} the database's`);
    await publish(
      server,
      drawn(
        name,
        {
          hook: { type: 'start.webhook', params: { path: name, reply: 'last' } },
          rest: { type: 'control.wait', params: { for: '3s' } },
        },
        'hook -> rest',
      ),
    );
    const began = Date.now();
    const waited = await call(server, 'POST', `/hooks/main/${name}`, {});
    expect(waited.status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_900);
    const { json: run } = await call(server, 'GET', `/api/v1/runs/${waited.run}`);
    expect(Math.abs(Date.parse(run.startedAt) - began)).toBeLessThan(60_000);

    const ticks = await publish(
      server,
      drawn(`ticks ${name}`, {
        clock: { type: 'start.schedule', params: { rules: [{ every: '2s' }] } },
        noon: { type: 'start.schedule', params: { rules: [{ cron: '0 0 1 1 *' }, { every: '90m' }] } },
      }),
    );
    const fired = async () => (await call(server, 'GET', `/api/v1/runs?workflow=${ticks}`)).json.items;
    await expect.poll(async () => (await fired()).length, { timeout: 40_000 }).toBeGreaterThanOrEqual(3);
    for (const { start, startedAt } of await fired()) {
      expect(start).toBe('clock');
      expect(Math.abs(Date.parse(startedAt) - Date.now())).toBeLessThan(60_000);
    }
  },
);
