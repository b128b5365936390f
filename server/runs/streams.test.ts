import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { readOnce } from './list-stream.ts';
import { LiveLists } from './live-lists.ts';
import { lookEveryMs } from './stream.ts';
import { writeLongRun } from './testing/long-run.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

/** A reader of a stream of events; `ended` resolves when the server ends it, with the milliseconds since then that `from` gives. */
async function open(url: string, headers: Record<string, string>) {
  const gone = new AbortController();
  const response = await fetch(place.url + url, { headers, signal: gone.signal });
  let text = '';
  let isOver = false;
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
  })()
    .catch(() => undefined)
    .finally(() => (isOver = true));
  const events = () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
  return {
    status: response.status,
    events,
    lastId: () => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '',
    isOver: () => isOver,
    ended: () => reading,
    close: () => gone.abort(),
  };
}
const byKey = (key: string) => ({ authorization: `Bearer ${key}` });
const newKey = async (role = 'viewer') => (await place.call('POST', '/api/v1/keys', { name: 'x', role })).json;

const go = { type: 'start.manual' };
const nap = { type: 'control.wait', params: { for: '1h' } };
const parked = async () => {
  const { id } = await place.publish(drawn(`Parked ${Math.random()}`, { go, nap }, 'go -> nap'));
  return (await place.call('POST', `/api/v1/workflows/${id}/runs`, {})).json.runId as string;
};

test('the list of runs comes live: what begins and ends, of this workspace alone; who comes back reads it again', async () => {
  const own = await open('/api/v1/runs/live', byKey((await newKey()).key));
  const { key } = (await place.call('POST', '/api/v1/keys', { name: 'x', role: 'viewer' }, 'stranger')).json;
  const other = await open('/api/v1/runs/live', byKey(key));
  expect([own.status, other.status]).toEqual([200, 200]);
  const run = await parked();
  const seen = () =>
    own
      .events()
      .flatMap(({ runs = [] }: { runs?: { id: string; status: string }[] }) =>
        runs.filter(({ id }) => id === run).map(({ status }) => status),
      );
  await expect.poll(() => seen().at(-1)).toBe('waiting');
  await place.call('POST', `/api/v1/runs/${run}/cancel`);
  await expect.poll(() => seen().at(-1)).toBe('cancelled');
  // Gathered: a run that begins and parks is one or two events, not one a fact.
  expect(seen().length).toBeLessThanOrEqual(4);
  expect(other.events()).toEqual([]);
  const back = await open('/api/v1/runs/live', { ...byKey((await newKey()).key), 'last-event-id': own.lastId() });
  await expect.poll(() => back.events()).toEqual([{ again: true }]);
  for (const stream of [own, other, back]) stream.close();
});

test('a list that was open never heard that a failed run was retried: news of a retry are news of what it retries', async () => {
  const stop = { type: 'control.stop', params: { message: 'No.' } };
  const { id } = await place.publish(drawn('Told', { go, stop }, 'go -> stop'));
  const failed = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10 })).json.runId as string;
  const own = await open('/api/v1/runs/live', byKey((await newKey()).key));
  const retry = (await place.call('POST', `/api/v1/runs/${failed}/retry`, {})).json.runId as string;
  const told = () =>
    own
      .events()
      .flatMap(({ runs = [] }: { runs?: { id: string; retriedAs?: object }[] }) =>
        runs.filter((run) => run.id === failed).map(({ retriedAs }) => retriedAs),
      );
  await expect.poll(() => told().at(-1)).toEqual({ id: retry, status: 'failed' });
  own.close();
});

test('what moves on in another process is told here: a few by name, many as a word to read the list again', async () => {
  const onBroken = (error: unknown) => {
    throw error;
  };
  const elsewhere = new LiveLists({ sql: place.opened.ledger.sql, boot: 'elsewhere', onBroken });
  await elsewhere.open();
  const reader = await open('/api/v1/runs/live', byKey((await newKey()).key));
  const run = await parked();
  const named = () =>
    reader.events().filter((event) => event.runs?.some(({ id }: { id: string }) => id === run)).length;
  await expect.poll(named).toBeGreaterThan(0);
  const before = named();
  // Said until it is heard: that somebody looks here goes to the other process by a notice too.
  await expect.poll(() => (elsewhere.committed('ws_main', run), named()), { interval: 300 }).toBeGreaterThan(before);
  for (let n = 0; n < 200; n++) elsewhere.committed('ws_main', `run_${n}`);
  await expect.poll(() => reader.events().at(-1)).toEqual({ again: true });
  reader.close();
  await elsewhere.close();
});

test('of a hundred and one streams of one key the last is refused, without a question to the database; others have room', async () => {
  const { key } = await newKey();
  const run = await parked();
  const urls = ['/api/v1/runs/live', `/api/v1/runs/${run}/live`];
  const hundred = await Promise.all(Array.from({ length: 100 }, (_, n) => open(urls[n % 2]!, byKey(key))));
  expect(new Set(hundred.map(({ status }) => status))).toEqual(new Set([200]));
  for (const url of [...urls, '/api/v1/runs/run_unknown/live']) {
    const refused = await place.hook(url, { headers: byKey(key) });
    expect([refused.status, refused.headers.get('retry-after'), refused.json.error.code]).toEqual([
      429,
      '10',
      'too-many',
    ]);
  }
  const other = await open(urls[0]!, byKey((await newKey()).key));
  expect(other.status).toBe(200);
  for (const stream of hundred) stream.close();
  const back = async () => {
    const one = await open(urls[1]!, byKey(key));
    one.close();
    return one.status;
  };
  await expect.poll(back).toBe(200);
  other.close();
});

test('what is told to a hundred streams is read once for all of them; each telling anew', async () => {
  let reads = 0;
  const read = readOnce(async () => (reads++, []));
  const [first, second] = [new Set(['run_1']), new Set(['run_1'])];
  await Promise.all(Array.from({ length: 100 }, () => read('ws_1', first)));
  expect(reads).toBe(1);
  await read('ws_1', second);
  expect(reads).toBe(2);
});

test('streams look by themselves every two seconds, and no more than a hundred times a second in all', () => {
  expect([1, 200, 2_000].map(lookEveryMs)).toEqual([2_000, 2_000, 20_000]);
});

test('a long run comes whole by its stream, a part at a time', async () => {
  const { run } = await writeLongRun(place.opened.ground.database, 'ws_main', 400);
  const stored = (await place.call('GET', `/api/v1/runs/${run}/events`)).json.items as { seq: number }[];
  expect(stored.length).toBeGreaterThan(1_000);
  for (const as of ['', '?as=wire']) {
    const text = await place.stream(`/api/v1/runs/${run}/live${as}`);
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq))).toEqual(stored.map(({ seq }) => seq));
  }
});

interface Person {
  readonly id: string;
  readonly headers: Record<string, string>;
}

/** Somebody who accepted an invitation. */
async function person(email: string, role: string): Promise<Person> {
  const { token } = (await place.call('POST', '/api/v1/invites', { email, role })).json;
  const accepted = await place.hook('/api/invites/accept', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: place.url },
    body: JSON.stringify({ token, name: 'P', password: 'a long password' }),
  });
  const cookie = accepted.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const headers = { cookie, origin: place.url };
  return { id: (await place.hook('/api/v1/me', { headers })).json.id, headers };
}

test('what may be read no longer ends within 5 s: a key revoked, somebody taken out or logged out; others go on (T9)', async () => {
  const run = await parked();
  const urls = [`/api/v1/runs/${run}/live`, '/api/v1/runs/live'];
  const key = await newKey();
  const [removed, left, moved, stays] = [
    await person('removed@example.com', 'editor'),
    await person('left@example.com', 'viewer'),
    await person('moved@example.com', 'viewer'),
    await person('stays@example.com', 'editor'),
  ];
  // Taken out of one workspace and still in another: without a word of which, they would be found in that one.
  await place.opened.ground.database.app
    .sql`insert into members (workspace, user_id, role) values ('ws_other', ${moved.id}, 'owner')`;
  const readers = [byKey(key.key), removed.headers, left.headers, moved.headers];
  const ending = await Promise.all(readers.flatMap((headers) => urls.map((url) => open(url, headers))));
  const staying = await Promise.all(urls.map((url) => open(url, stays.headers)));
  expect([...ending, ...staying].map(({ status }) => status)).toEqual(Array(10).fill(200));
  // Known a moment ago, so that what is remembered of them is fresh.
  for (const headers of readers) expect((await place.hook('/api/v1/runs', { headers })).status).toBe(200);
  const began = performance.now();
  const did = await Promise.all([
    place.call('DELETE', `/api/v1/keys/${key.id}`),
    place.call('DELETE', `/api/v1/members/${removed.id}`),
    place.call('DELETE', `/api/v1/members/${moved.id}`),
    place.call('PUT', `/api/v1/members/${stays.id}`, { role: 'viewer' }),
    place.hook('/api/logout', {
      method: 'POST',
      headers: { ...left.headers, 'content-type': 'application/json' },
      body: '{}',
    }),
  ]);
  expect(did.map(({ status }) => status < 300)).toEqual([true, true, true, true, true]);
  await Promise.all(ending.map((stream) => stream.ended()));
  // 4.5 s by its parts, here where the change was made 2.5 s; a busy machine adds its own.
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(staying.map((stream) => stream.isOver())).toEqual([false, false]);
  const again = await Promise.all(readers.map((headers) => place.hook(`/api/v1/runs/${run}`, { headers })));
  expect(again.map(({ status }) => status)).toEqual([401, 403, 401, 404]);
  const edit = { method: 'POST', headers: { ...stays.headers, 'content-type': 'application/json' }, body: '{}' };
  expect((await place.hook('/api/v1/workflows', edit)).status).toBe(403);
  for (const stream of staying) stream.close();
});
