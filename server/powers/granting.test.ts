import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { farSide } from '../wire/testing/far-side.ts';
import type { FarSide } from '../wire/testing/far-side.ts';

let place: TestServer;
let far: FarSide;
let other: FarSide;
const seen: string[] = [];
let answers: Record<string, { status: number; headers: Record<string, string> }> = {};
beforeAll(async () => {
  far = await farSide(({ method, url }, _, response) => {
    seen.push(`${method} ${url}`);
    const { status, headers } = answers[url] ?? { status: 200, headers: {} };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"ok":true}');
  });
  other = await farSide((_, __, response) => response.end('{"other":true}'));
  place = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: `${far.pair},${other.pair}` } });
  await place.call('POST', '/api/v1/credentials', {
    name: 'ledger',
    type: 'bearer',
    fields: { token: 'a token of some length' },
  });
  answers = {
    '/away': { status: 302, headers: { location: `${other.url}/x` } },
    '/done-away': { status: 303, headers: { location: `${other.url}/x` } },
    '/near': { status: 302, headers: { location: '/here' } },
  };
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => void (seen.length = 0));

const http = (params: object, settings?: object) => ({
  type: 'connect.http-request',
  params,
  ...(settings ? { settings } : {}),
});
const flow = (name: string, ask: Parameters<typeof drawn>[1][string]) =>
  drawn(name, { go: { type: 'start.manual' }, ask }, 'go -> ask');
const start = (id: string, body: object = {}) =>
  place.call('POST', `/api/v1/workflows/${id}/runs`, {
    input: { n: 1, away: other.url, far: far.url },
    wait: 20,
    ...body,
  });

test('a redirect leaves the hosts that were granted only when any host was', async () => {
  const { id } = await place.publish(flow('Away', http({ url: `${far.url}/away` })));
  const refused = await start(id);
  expect(refused.json.error).toMatchObject({
    code: 'power.denied',
    node: 'ask',
    message: expect.stringContaining(other.pair),
  });
  expect([seen, other.connections]).toEqual([['GET /away'], 0]);
  const near = await place.publish(flow('Near', http({ url: `${far.url}/near` })));
  expect((await start(near.id)).json.output).toEqual([{ ok: true }]);
  const open = await place.publish(flow('Open', http({ url: '{{ $json.far }}/away', as: 'json' })));
  expect((await start(open.id)).json.output).toEqual([{ other: true }]);
});

test('a POST that was done before its redirect was refused counts as done', async () => {
  const retry = { retry: { times: 3, wait: '10ms' } };
  const ask = http({ method: 'POST', url: `${far.url}/done-away`, json: {} }, retry);
  const ran = await start((await place.publish(flow('Done', ask))).id);
  expect(ran.json.error).toMatchObject({ code: 'power.denied' });
  expect(seen).toEqual(['POST /done-away']);
  const { items } = (await place.call('GET', `/api/v1/runs/${ran.json.id}/events`)).json;
  expect(items).toContainEqual(
    expect.objectContaining({
      type: 'item.failed',
      data: expect.objectContaining({ fault: expect.objectContaining({ done: 'yes' }) }),
    }),
  );
});

test('a draft may do what it asks for itself; what runs is what was published', async () => {
  const { id } = await place.publish(flow('Drafted', http({ url: `${far.url}/one` })));
  const next = { document: flow('Drafted', http({ url: `${far.url}/two`, credential: 'ledger' })), revision: 1 };
  await place.call('PUT', `/api/v1/workflows/${id}`, next);
  expect((await start(id, { draft: true })).json).toMatchObject({ status: 'finished', version: null });
  expect((await start(id)).json).toMatchObject({ status: 'finished', version: 1 });
  expect(seen).toEqual(['GET /two', 'GET /one']);
});

/** Publishes, then takes something out of what was granted, as if an older build had granted less. */
async function published(document: ReturnType<typeof drawn>, narrowed: Record<string, string[]>): Promise<string> {
  const { id } = await place.publish(document);
  const owner = postgres(place.opened.ground.database.url, { max: 1 });
  await owner`
    update workflow_versions set manifest = jsonb_set(manifest, '{nodes,0}', (manifest -> 'nodes' -> 0) || ${JSON.stringify(narrowed)}::text::jsonb)
    where workflow = ${id}`;
  await owner.end();
  return id;
}

test.each([
  ['a power', 'http', http({ url: 'FAR/x' }), { powers: ['file'] }],
  ['a host', 'host', http({ url: 'FAR/x' }), { hosts: ['api.example.com'] }],
  ['a credential', 'credential', http({ url: 'FAR/x', credential: 'ledger' }), { credentials: ['other'] }],
  ['a workflow', 'workflow', { type: 'control.call', params: { workflow: 'Child' } }, { workflows: ['Other'] }],
  ['a wait', 'timer', { type: 'control.wait', params: { for: '1h' } }, { powers: [] }],
  ['state', 'state', { type: 'data.only-new', params: { by: ['n'] } }, { powers: ['file'] }],
])('%s that was not granted is refused at its use', async (name, word, ask, narrowed) => {
  if (word === 'workflow') await place.publish(drawn('Child', { in: { type: 'start.called' } }));
  const written: typeof ask = JSON.parse(JSON.stringify(ask).replace('FAR', far.url));
  const whole = await place.publish(flow(`Whole ${name}`, written));
  expect((await start(whole.id, { wait: word === 'timer' ? 0 : 20 })).json.status).not.toBe('failed');
  seen.length = 0;
  const id = await published(flow(`Narrow ${name}`, written), narrowed);
  const ran = await start(id);
  expect(ran.json.error, ran.text).toMatchObject({ code: 'power.denied', node: 'ask' });
  expect(seen).toEqual([]);
});
