import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

const hook = (path: string, more: object = {}) =>
  drawn(path, { hook: { type: 'start.webhook', params: { path, ...more } }, end: { type: 'data.set' } }, 'hook -> end');

async function listen(document: object, role: 'owner' | 'editor' | 'viewer' = 'owner') {
  const { id } = (await place.call('POST', '/api/v1/workflows', { document })).json;
  const base = `/api/v1/workflows/${id}/listenings`;
  const begun = await place.call('POST', base, { start: 'hook' }, role);
  const own = `${base}/${begun.json?.id}`;
  return {
    id,
    begun,
    own,
    /** The address as seen from here: the server listens on a port of its own in tests. */
    at: begun.status === 201 ? new URL(begun.json.url).pathname : '',
    heard: async (as: Parameters<TestServer['call']>[3] = role) => place.call('GET', own, undefined, as),
  };
}

const json = { 'content-type': 'application/json' };
const post = (at: string, body: unknown, headers: Record<string, string> = json) =>
  place.hook(at, { method: 'POST', body: JSON.stringify(body), headers });

test('a call that somebody listens for is what the start would deliver; it comes once, and starts nothing', async () => {
  const { id, at, heard } = await listen(hook('orders/:id'));
  expect((await heard()).json).toEqual({ state: 'listening' });
  const call = await post(at.replace(':id', '17') + '?a=1', { sku: 'ÅÄÖ' });
  expect([call.status, call.json.test]).toEqual([200, true]);
  expect((await heard()).json).toMatchObject({
    state: 'called',
    call: { method: 'POST', path: '/orders/17', query: { a: '1' }, params: { id: '17' }, body: { sku: 'ÅÄÖ' } },
  });
  expect((await post(at, {})).status).toBe(404);
  expect((await place.call('GET', `/api/v1/runs?workflow=${id}`)).json.items).toEqual([]);
});

test('a test call never reaches the live version, and the live address never the listener', async () => {
  const { id, at, heard } = await listen(hook('both'));
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect((await post('/hooks/main/both', { live: true })).status).toBe(202);
  expect((await heard()).json).toEqual({ state: 'listening' });
  await post(at, { live: false });
  expect((await heard()).json).toMatchObject({ state: 'called', call: { body: { live: false } } });
  expect((await place.call('GET', `/api/v1/runs?workflow=${id}`)).json.items).toHaveLength(1);
});

test('only while somebody listens: not after they stopped, not after its time, not at a guessed address', async () => {
  const stopped = await listen(hook('stopped'));
  expect((await place.call('DELETE', stopped.own)).status).toBe(204);
  expect((await post(stopped.at, {})).status).toBe(404);
  const late = await listen(hook('late'));
  await place.opened.ledger.sql`update test_calls set until = now() where workflow = ${late.id}`;
  expect((await post(late.at, {})).status).toBe(404);
  expect((await late.heard()).json).toEqual({ state: 'over' });
  const guessed = await listen(hook('guessed'));
  expect((await post('/test-hooks/guessed/guessed', {})).status).toBe(404);
  expect((await post(guessed.at.replace(/guessed$/, 'other'), {})).status).toBe(404);
});

test('who listens is asked: an editor, for their own; others find nothing, and viewers may not', async () => {
  const { at, begun, heard } = await listen(hook('mine'), 'editor');
  await post(at, { secret: 1 });
  expect((await heard('owner')).status).toBe(404);
  expect((await heard('stranger')).status).toBe(404);
  expect((await heard('viewer')).status).toBe(403);
  expect((await heard()).json.call.body).toEqual({ secret: 1 });
  expect((await listen(hook('not-mine'), 'viewer')).begun.status).toBe(403);
  // The address itself is nowhere to be read again.
  const token = new URL(begun.json.url).pathname.split('/')[2] ?? '';
  const rows = await place.opened.ledger.sql`select * from test_calls`;
  expect(token.length).toBeGreaterThan(30);
  expect(JSON.stringify([...rows])).not.toContain(token);
});

test('it is judged as the live webhook will be: methods, who may call, what it reads', async () => {
  const put = await listen(hook('put', { methods: ['PUT'] }));
  const wrong = await post(put.at, {});
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'PUT']);
  const locked = await listen(hook('locked', { auth: { kind: 'basic', credential: 'nobody' } }));
  expect((await post(locked.at, {})).status).toBe(401);
  expect((await locked.heard()).json).toEqual({ state: 'listening' });
  const headers = { cookie: 'session=1', authorization: 'Bearer hk_1', ...json };
  const open = await listen(hook('open'));
  await post(open.at, null, headers);
  const { call } = (await open.heard()).json;
  expect([call.headers.cookie, call.headers.authorization]).toEqual([undefined, undefined]);
});

test('what is no webhook, or has no path yet, says what to do', async () => {
  const { begun } = await listen(drawn('X', { hook: { type: 'start.manual' } }));
  expect([begun.status, begun.json.error.code]).toEqual([400, 'start-unknown']);
  const bare = await listen(drawn('X', { hook: { type: 'start.webhook' } }));
  expect([bare.begun.status, bare.begun.json.error.mend]).toEqual([
    422,
    'Enter its path, and correct what its fields say, first.',
  ]);
});

test('of many calls at once one is kept', async () => {
  const { at, heard } = await listen(hook('many'));
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => post(at, n)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(11).fill(404)]);
  const won = answers.findIndex(({ status }) => status === 200);
  expect((await heard()).json.call.body).toBe(won);
});

const answering = (path: string, reply = 'respond') =>
  drawn(
    path,
    {
      hook: { type: 'start.webhook', params: { path, reply } },
      answer: {
        type: 'control.respond',
        params: { with: 'json', value: '{{ { sku: $json.body.sku } }}', status: 201 },
      },
    },
    'hook -> answer',
  );

/** Calls as who listens said that the draft will run with it, and starts that run as the editor does. */
async function callAndRun(document: object, body: unknown) {
  const heard = await listen(document);
  expect((await place.call('PUT', heard.own, { awaits: true })).status).toBe(204);
  const answer = post(heard.at, body);
  await vi.waitUntil(async () => (await heard.heard()).json.state === 'called');
  return { ...heard, answer, start: (more: object = {}) => start(heard, more) };
}

const start = ({ id, begun }: Awaited<ReturnType<typeof listen>>, more: object) =>
  place.call('POST', `/api/v1/workflows/${id}/runs`, { draft: true, listening: begun.json.id, ...more });

test('a test call was answered with a fixed text, not with what Respond gives: who waits for the run hears it', async () => {
  const { answer, start: run } = await callAndRun(answering('answered'), { sku: 'ÅÄÖ' });
  const { json: started } = await run();
  const { status, json: said, headers } = await answer;
  expect([status, said, headers.get('heddle-run-id')]).toEqual([201, { sku: 'ÅÄÖ' }, started.runId]);
  const { json: ran } = await place.call('GET', `/api/v1/runs/${started.runId}`);
  expect([ran.trigger, ran.start, ran.version]).toEqual(['test-call', 'hook', null]);
});

test('a webhook that answers at once does so for a test call too', async () => {
  const { answer, start: run } = await callAndRun(answering('at-once', 'now'), {});
  const { json: started } = await run();
  expect([(await answer).status, (await answer).json]).toEqual([202, { runId: started.runId }]);
});

test('who let the call go lets the caller go, too', async () => {
  const { answer, own } = await callAndRun(answering('let-go'), {});
  await place.call('DELETE', own);
  expect([(await answer).status, (await answer).json.test]).toEqual([200, true]);
});

test('a run starts with the test call of who listened, and with nothing else beside it', async () => {
  const heard = await listen(answering('whose'));
  expect((await start(heard, {})).status).toBe(404);
  await post(heard.at, {});
  expect((await start(heard, { input: {} })).json.error.code).toBe('reuse-unclear');
  expect((await start(heard, { draft: false })).json.error.code).toBe('draft-only');
  const other = { draft: true, listening: heard.begun.json.id };
  expect((await place.call('POST', `/api/v1/workflows/${heard.id}/runs`, other, 'editor')).status).toBe(404);
  expect((await start(heard, {})).status).toBe(201);
});

const form = (path: string, more: object = {}) =>
  drawn(
    path,
    {
      hook: {
        type: 'start.form',
        params: {
          path,
          title: 'Trip',
          fields: [{ name: 'city', label: 'City', kind: 'text', required: true }],
          ...more,
        },
      },
      end: { type: 'data.set', params: { fields: [{ name: 'said', value: 'To {{ $json.city }}' }] } },
    },
    'hook -> end',
  );
const send = (at: string, fields: Record<string, string>) =>
  place.hook(at, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

test('a form of a draft is tried before it is live: its page, what is wrong with what is sent, and what its start would deliver', async () => {
  const { id, at, heard } = await listen(form('trips'));
  expect(at).toMatch(/^\/test-forms\/[\w-]+\/trips$/);
  expect((await place.hook('/forms/main/trips')).status).toBe(404);
  for (let looks = 0; looks < 2; looks++) expect((await place.hook(at)).text).toContain('<h1>Trip</h1>');
  const empty = await send(at, { city: '' });
  expect([empty.status, empty.text.includes('1 field needs a change')]).toEqual([422, true]);
  expect((await heard()).json).toEqual({ state: 'listening' });
  const sent = await send(at, { city: 'Åre' });
  expect([sent.status, sent.text.includes('is in the editor now')]).toEqual([200, true]);
  expect((await heard()).json).toMatchObject({ state: 'called', call: { city: 'Åre' } });
  expect((await send(at, { city: 'Åre' })).status).toBe(404);
  expect((await place.hook(at)).status).toBe(404);
  expect((await place.call('GET', `/api/v1/runs?workflow=${id}`)).json.items).toEqual([]);
});

test('who sends a form in test is answered by the run of the draft, where that was wanted; webhooks and forms have doors of their own', async () => {
  const { id, at, own, heard } = await listen(form('answered', { reply: 'last' }));
  expect((await post(at.replace('test-forms', 'test-hooks'), {})).status).toBe(404);
  const other = await listen(hook('no-form'));
  expect((await place.hook(other.at.replace('test-hooks', 'test-forms'))).status).toBe(404);
  await place.call('PUT', own, { awaits: true });
  const answer = send(at, { city: 'Åre' });
  await vi.waitFor(async () => expect((await heard()).json.state).toBe('called'));
  const begun = await place.call('POST', `/api/v1/workflows/${id}/runs`, {
    draft: true,
    listening: own.split('/').at(-1),
  });
  expect(begun.status).toBe(201);
  expect((await answer).text).toContain('To Åre');
});
