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

test('what a loaded run had stands before what is pinned, at its start and at every node; a pin stands where it had nothing', async () => {
  const set = (json: object) => ({ type: 'data.set', params: { json, keep: 'none' } });
  const pinned = [{ from: 'a pin' }];
  const nodes = {
    hook: { type: 'start.webhook', params: { path: 'pinned', reply: 'now' } },
    other: { type: 'start.webhook', params: { path: 'pinned-too', reply: 'now' } },
    paid: set({ from: 'the run', of: '{{ $json.body.who }}' }),
    odd: { type: 'control.stop', params: { message: 'No.' } },
    both: set({ from: 'both' }),
  };
  const edges = 'hook -> paid\npaid -> odd\nother -> both';
  const pins = { hook: [{ body: { who: 'A pin' } }], other: pinned, paid: pinned, late: pinned };
  const { id } = await place.publish({ ...drawn('Pinned', nodes, edges), pins: { hook: pins.hook, paid: pinned } });
  const call = { method: 'POST', body: '{"who":"Maren"}', headers: { 'content-type': 'application/json' } };
  const run = (await place.hook('/hooks/main/pinned', call)).headers.get('heddle-run-id') ?? '';
  await place.over(run);
  const mended = { ...nodes, odd: { type: 'control.no-op' }, late: set({ from: 'nowhere' }) };
  const document = { ...drawn('Pinned', mended, `${edges}\nodd -> late`), pins };
  await place.call('PUT', `/api/v1/workflows/${id}`, { document, revision: 1 });
  const tried = async (wish: object) => {
    const started = await place.call('POST', `/api/v1/workflows/${id}/runs`, { draft: true, wait: 20, ...wish });
    const { items } = (await place.call('GET', `/api/v1/runs/${started.json.runId}/steps`)).json;
    const of = (key: string) => items.find((step: { key: string }) => step.key === key)?.output.out?.[0];
    return { who: of('hook')?.body.who, paid: of('paid'), late: of('late'), both: of('both') };
  };
  const had = { who: 'Maren', paid: { from: 'the run', of: 'Maren' }, late: pinned[0] };
  const wish = { reuse: run, pins: 'rest' };
  expect(await tried(wish)).toEqual(had);
  expect(await tried({ ...wish, upTo: 'late' })).toEqual(had);
  // Let go, the pins count again; so they do from a start that the run did not begin at.
  const pin = { who: 'A pin', paid: pinned[0], late: pinned[0] };
  expect(await tried({ start: 'hook', pins: true })).toEqual(pin);
  expect(await tried({ ...wish, start: 'other' })).toEqual({ both: { from: 'both' } });
});
