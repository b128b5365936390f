import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

const flow = (name: string, value: unknown) =>
  drawn(
    name,
    {
      hook: { type: 'start.webhook', params: { path: name.toLowerCase(), reply: 'respond' } },
      reply: { type: 'control.respond', params: { with: 'json', value } },
    },
    'hook -> reply',
  );

const made = async (document: object): Promise<string> =>
  (await place.call('POST', '/api/v1/workflows', { document })).json.id;

test('what is published is the revision that was named; a draft that moved on is 409 stale and nothing goes live', async () => {
  const id = await made(flow('Named', 'mine'));
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: flow('Named', 'theirs'), revision: 1 });
  const late = await place.call('POST', `/api/v1/workflows/${id}/publish`, { revision: 1 });
  expect(late.status).toBe(409);
  expect(late.json.error).toMatchObject({
    code: 'stale',
    details: { revision: 2, document: { nodes: [{}, { params: { value: 'theirs' } }] } },
  });
  expect((await place.hook('/hooks/main/named', { method: 'POST' })).status).toBe(404);
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`, { revision: 2 })).json.version).toBe(1);
  // Without a revision, the draft as it is: as ever.
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`)).json.version).toBe(1);
});

test('a draft is run at the revision that was named, and at no other', async () => {
  const id = await made(flow('Tried', 1));
  const run = (wish: object) => place.call('POST', `/api/v1/workflows/${id}/runs`, wish);
  expect((await run({ draft: true, revision: 1 })).status).toBe(201);
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: flow('Tried', 2), revision: 1 });
  const late = await run({ draft: true, revision: 1 });
  expect([late.status, late.json.error.code]).toEqual([409, 'stale']);
  const live = await run({ revision: 2 });
  expect([live.status, live.json.error.code]).toEqual([400, 'draft-only']);
});

test('a workflow that was turned off goes live again as it was, whatever became of its draft', async () => {
  const { id } = await place.publish(flow('Again', 'live'));
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: flow('Again', 'draft'), revision: 1 });
  const read = async () => (await place.call('GET', `/api/v1/workflows/${id}`)).json;
  expect(await read()).toMatchObject({
    published: 1,
    latest: 1,
    triggers: [{ key: 'hook', url: expect.stringMatching(/\/hooks\/main\/again$/) }],
    bases: { hooks: expect.stringMatching(/\/hooks\/main$/), forms: expect.stringMatching(/\/forms\/main$/) },
  });
  await place.call('POST', `/api/v1/workflows/${id}/unpublish`);
  expect(await read()).toMatchObject({ published: null, latest: 1, triggers: [] });
  const listed = (await place.call('GET', '/api/v1/workflows')).json.items;
  expect(listed).toContainEqual(expect.objectContaining({ id, published: null, latest: 1 }));
  const back = await place.call('POST', `/api/v1/workflows/${id}/publish`, { version: 1 });
  expect(back.json).toMatchObject({ version: 1, triggers: [{ key: 'hook' }] });
  expect((await place.hook('/hooks/main/again', { method: 'POST' })).json).toBe('live');
  expect((await read()).document.nodes[1].params.value).toBe('draft');
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`, { version: 7 })).status).toBe(404);
});

test('a run that failed is tried again on the draft: with its start item, and up to a node with what stood before it', async () => {
  const { id } = await place.publish(flow('Loaded', '{{ $json.body.who }}'));
  const call = { method: 'POST', body: '{"who":"Maren"}', headers: { 'content-type': 'application/json' } };
  const run = (await place.hook('/hooks/main/loaded', call)).headers.get('heddle-run-id') ?? '';
  const again = async (wish: object) => {
    const { runId } = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { draft: true, wait: 20, ...wish }))
      .json;
    return (await place.call('GET', `/api/v1/runs/${runId}/steps`)).json.items;
  };
  for (const wish of [{ reuse: run }, { reuse: run, upTo: 'reply' }]) {
    const [start] = await again(wish);
    expect(start.output.out[0].body, JSON.stringify(wish)).toEqual({ who: 'Maren' });
  }
  const both = await place.call('POST', `/api/v1/workflows/${id}/runs`, { draft: true, reuse: run, input: {} });
  expect([both.status, both.json.error.code]).toEqual([400, 'reuse-unclear']);
});
