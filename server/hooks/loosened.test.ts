import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

const secret = 'key_0123456789abcdef';
const login = { username: 'ada', password: 'a password of many letters' };
const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
let place: TestServer;
const connections: Record<string, string> = {};
beforeAll(async () => {
  place = await openPlace();
  for (const [name, type, fields] of [
    ['key', 'header', { name: 'X-Api-Key', value: secret }],
    ['login', 'basic', login],
  ] as const)
    connections[name] = (await place.call('POST', '/api/v1/credentials', { name, type, fields })).json.id;
});
afterAll(() => place[Symbol.asyncDispose]());

const byKey = { kind: 'header', name: 'X-Api-Key', credential: 'key' };
const byLogin = { kind: 'basic', credential: 'login' };

/** A webhook that gives back its call. */
const hook = (path: string, params: object = {}) =>
  drawn(
    path,
    {
      hook: { type: 'start.webhook', params: { path, reply: 'respond', ...params } },
      reply: { type: 'control.respond', params: { with: 'json', value: '{{ $json }}' } },
    },
    'hook -> reply',
  );
const again = async (id: string, document: object) => {
  const { json } = await place.call('GET', `/api/v1/workflows/${id}`);
  const saved = await place.call('PUT', `/api/v1/workflows/${id}`, { document, revision: json.revision });
  const published = await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect([saved.status, published.status]).toEqual([200, 200]);
};
const call = (path: string, headers: Record<string, string> = {}) =>
  place.hook(`/hooks/main/${path}`, { method: 'POST', headers });

test('a webhook that asks its callers for less than before does not show what they go on sending', async () => {
  const { id } = await place.publish(hook('loosened', { auth: byKey }));
  expect((await call('loosened')).status).toBe(401);
  expect((await call('loosened', { 'x-api-key': secret })).json.headers).not.toHaveProperty('x-api-key');
  for (const auth of [{ kind: 'none' }, { kind: 'header', name: 'X-New', credential: 'key' }]) {
    await again(id, hook('loosened', { auth }));
    // Whatever stands there: a key that they made themselves is not ours to know.
    const { status, json } = await call('loosened', { 'x-new': secret, 'x-api-key': 'a key of theirs', 'x-own': '1' });
    expect([status, json.headers['x-own']]).toEqual([200, '1']);
    expect(json.headers).not.toHaveProperty('x-api-key');
    expect(JSON.stringify(json)).not.toContain(secret);
  }
});

test('nor does another workflow that answers there afterwards, by the same path or by one with names', async () => {
  const { id } = await place.publish(hook('given/up', { auth: byLogin }));
  await place.call('POST', `/api/v1/workflows/${id}/unpublish`);
  await place.publish(hook('given/:what'));
  expect((await call('given/up', { authorization: basic })).json.headers).not.toHaveProperty('authorization');
  // Who calls elsewhere proves nothing there.
  expect((await call('given/else', { authorization: 'Bearer mine' })).json.headers.authorization).toBe('Bearer mine');
});

test('nor one that is written out where another takes any name', async () => {
  await place.publish(hook('any/:name', { auth: byKey }));
  await place.publish(hook('any/ada'));
  expect((await call('any/ada', { 'x-api-key': 'theirs' })).json.headers).not.toHaveProperty('x-api-key');
  expect((await call('any/bob', { 'x-api-key': 'theirs' })).status).toBe(401);
});

test('after a month the name is a name again, and its note goes', async () => {
  const { id } = await place.publish(hook('old', { auth: byKey }));
  await again(id, hook('old'));
  const { sql } = place.opened.ledger;
  await sql`update proofs set until = until - interval '31 days' where shape = 'old'`;
  await place.rooms.triggers.directory.read('ws_main');
  expect((await call('old', { 'x-api-key': 'theirs' })).json.headers['x-api-key']).toBe('theirs');
});

test('secrets of the workspace are hidden in every header and in the query, for 30 days after they were replaced or removed', async () => {
  await place.publish(hook('open'));
  const seen = async () =>
    (
      await call(`open?q=${encodeURIComponent(secret)}&n=1`, {
        'x-any': `Bearer ${secret}`,
        authorization: basic,
        'x-own': 'mine',
      })
    ).json;
  const hidden = {
    headers: { 'x-any': '[redacted]', authorization: '[redacted]', 'x-own': 'mine' },
    query: { q: '[redacted]', n: '1' },
  };
  expect(await seen()).toMatchObject(hidden);
  const fields = { name: 'X-Api-Key', value: 'key_that_is_another_one' };
  await place.call('PUT', `/api/v1/credentials/${connections['key']}`, { fields });
  await place.call('DELETE', `/api/v1/credentials/${connections['login']}`);
  expect(await seen()).toMatchObject(hidden);
  const { sql } = place.opened.ledger;
  await sql`update former_secrets set at = at - interval '31 days'`;
  place.opened.wallet.forget('ws_main');
  expect(await seen()).toMatchObject({
    headers: { 'x-any': `Bearer ${secret}`, authorization: basic },
    query: { q: secret },
  });
});
