import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

// A workflow that calls its own webhook starts runs that are nobody's children: they count below the first all the same.

let place: TestServer;
beforeAll(async () => {
  place = await openPlace({
    env: { HEDDLE_URL: 'http://127.0.0.1:4999', HEDDLE_RUN_DEPTH: '3', HEDDLE_RUN_FAMILY: '8' },
  });
  const allowHosts = [new URL(place.url).host];
  expect((await place.call('PUT', '/api/v1/settings', { allowHosts })).status).toBe(200);
  // A process sees within seconds what it may call.
  const { id } = await place.publish(
    drawn('look', { go: { type: 'start.manual' }, ask: asks('GET', '/healthz') }, 'go -> ask'),
  );
  const look = async () => (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10 })).json.status;
  await vi.waitUntil(async () => (await look()) === 'finished', { timeout: 50_000, interval: 500 });
});
afterAll(() => place[Symbol.asyncDispose]());

const asks = (method: string, path: string, more: object = {}) => ({
  type: 'connect.http-request',
  params: { method, url: `${place.url}${path}`, ...more },
});
interface Listed {
  readonly id: string;
  readonly status: string;
}
const runsOf = async (workflow: string): Promise<Listed[]> =>
  (await place.call('GET', `/api/v1/runs?workflow=${workflow}&limit=200`)).json.items;
const areOver = (runs: readonly Listed[]) => runs.every(({ status }) => status === 'finished' || status === 'failed');
const post = (path: string, headers: Record<string, string> = {}) => place.hook(path, { method: 'POST', headers });

test('a workflow that calls its own webhook is stopped at the depth that called workflows have', async () => {
  const { id } = await place.publish(
    drawn(
      'deep',
      { hook: { type: 'start.webhook', params: { path: 'deep' } }, ask: asks('POST', '/hooks/main/deep') },
      'hook -> ask',
    ),
  );
  expect((await post('/hooks/main/deep')).status).toBe(202);
  // The first, and three below it; the last of them is answered 508.
  await expect.poll(async () => (await runsOf(id)).filter(({ status }) => status === 'failed').length).toBe(1);
  const runs = await runsOf(id);
  expect(runs).toHaveLength(4);
  await expect.poll(async () => areOver(await runsOf(id))).toBe(true);
  const [last] = runs.filter(({ status }) => status === 'failed');
  const facts = await place.call('GET', `/api/v1/runs/${last?.id}/events?full=1`);
  expect(facts.text).toContain('508');
  expect(facts.json.items[0].data.descends).toMatchObject({ depth: 3 });
  expect(facts.json.items[0].data.parent).toBeUndefined();
  // The word by which it was known is shown to no workflow.
  expect(JSON.stringify(facts.json.items[0].data.input)).not.toContain('heddle-called-by');
});

test('one that calls itself several times is stopped at the number of runs that a run may start', async () => {
  const twice = { hook: { type: 'start.webhook', params: { path: 'wide' } } };
  const { id } = await place.publish(
    drawn(
      'wide',
      { ...twice, one: asks('POST', '/hooks/main/wide?n=1'), two: asks('POST', '/hooks/main/wide?n=2') },
      'hook -> one\nhook -> two',
    ),
  );
  await post('/hooks/main/wide');
  // Of 14 that the depth would let it start.
  await expect.poll(async () => (await runsOf(id)).length).toBe(9);
  await expect.poll(async () => areOver(await runsOf(id))).toBe(true);
  expect(await runsOf(id)).toHaveLength(9);
});

test('runs that are started by the API are counted as well', async () => {
  const headers = { authorization: `Bearer ${place.keys.operator}` };
  const { id } = await place.publish(
    drawn(
      'api',
      { hook: { type: 'start.webhook', params: { path: 'api' } }, rest: { type: 'control.no-op' } },
      'hook -> rest',
    ),
  );
  const caller = await place.publish(
    drawn(
      'caller',
      {
        go: { type: 'start.webhook', params: { path: 'caller' } },
        ask: asks('POST', `/api/v1/workflows/${id}/runs`, { headers }),
      },
      'go -> ask',
    ),
  );
  await post('/hooks/main/caller');
  await expect.poll(async () => (await runsOf(id)).length).toBe(1);
  const [first] = await runsOf(caller.id);
  const [begun] = await runsOf(id);
  const facts = await place.call('GET', `/api/v1/runs/${begun?.id}/events?full=1`);
  expect(facts.json.items[0].data.descends).toEqual({ top: first?.id, depth: 1 });
});

test('a word that somebody else wrote is ignored', async () => {
  const { id } = await place.publish(
    drawn(
      'forged',
      { hook: { type: 'start.webhook', params: { path: 'forged' } }, rest: { type: 'control.no-op' } },
      'hook -> rest',
    ),
  );
  for (const word of [`run_a 9 ${'A'.repeat(43)}`, 'run_a 9', '', `run_a 9999 ${'-'.repeat(43)}`])
    expect((await post('/hooks/main/forged', { 'heddle-called-by': word })).status).toBe(202);
  await expect.poll(async () => areOver(await runsOf(id))).toBe(true);
  for (const { id: run } of await runsOf(id)) {
    const { json } = await place.call('GET', `/api/v1/runs/${run}/events?full=1`);
    expect(json.items[0].data.descends).toBeUndefined();
  }
});

test('a run that waited for its turn still counts below the one that called it', async () => {
  const { id } = await place.publish(
    drawn(
      'queued',
      { hook: { type: 'start.webhook', params: { path: 'queued' } }, ask: asks('POST', '/hooks/main/queued') },
      'hook -> ask',
      { concurrency: 1 },
    ),
  );
  await post('/hooks/main/queued');
  await expect
    .poll(async () => (await runsOf(id)).filter(({ status }) => status === 'failed').length, { timeout: 20_000 })
    .toBe(1);
  expect(await runsOf(id)).toHaveLength(4);
});
