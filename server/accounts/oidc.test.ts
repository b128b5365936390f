import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client, openIdentityProvider } from './testing/identity-provider.ts';
import type { IdentityProvider } from './testing/identity-provider.ts';
import { cookieOf, openHouse, owner } from './testing/house.ts';
import type { House } from './testing/house.ts';
import { oidcProviders } from './tables.ts';

/** A house with the provider set up for example.com. */
async function openBoth(settings: object = {}, env: Record<string, string> = {}) {
  const idp = await openIdentityProvider();
  const house = await openHouse({ env: { HEDDLE_ALLOW_HOSTS: idp.host, ...env } });
  const put = await house.call('PUT', '/api/v1/oidc/works', await house.key('owner'), {
    name: 'Works',
    domain: 'Example.com',
    role: 'operator',
    issuer: idp.issuer,
    clientId: client.id,
    clientSecret: client.secret,
    ...settings,
  });
  const dispose = async () => {
    await house[Symbol.asyncDispose]();
    await idp[Symbol.asyncDispose]();
  };
  return { idp, house, put, [Symbol.asyncDispose]: dispose };
}

/** Goes the whole way through the provider, as a browser does. */
async function logInBy(house: House, idp: IdentityProvider): Promise<LightMyRequestResponse> {
  const begun = await house.call('POST', '/api/login/oidc', undefined, { provider: 'works' });
  const back = await idp.visit(begun.json().url);
  return house.send({ url: `${back.pathname}${back.search}`, headers: cookieOf(begun) });
}

test('somebody new comes by the provider, joins as its role, and comes back', async () => {
  await using both = await openBoth();
  const { house, idp, put } = both;
  expect(put.json()).toEqual({ callback: 'http://localhost:4000/api/auth/sso/callback/works' });
  expect((await house.call('GET', '/api/setup')).json().providers).toEqual([{ id: 'works', name: 'Works' }]);
  for (let n = 0; n < 2; n++) {
    const done = await logInBy(house, idp);
    expect([done.statusCode, done.headers.location]).toEqual([302, '/']);
    const me = await house.call('GET', '/api/v1/me', cookieOf(done));
    expect(me.json()).toMatchObject({ email: 'petra@example.com', role: 'operator' });
  }
});

test('who wanted to go somewhere comes there by the provider, and comes back to a login that still knows it', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const begin = (to: string) => house.call('POST', '/api/login/oidc', undefined, { provider: 'works', to });
  const to = '/runs?status=failed&q=two%20words';
  const begun = await begin(to);
  const back = await idp.visit(begun.json().url);
  const done = await house.send({ url: `${back.pathname}${back.search}`, headers: cookieOf(begun) });
  expect(done.headers.location).toBe(to);
  const again = await begin(to);
  const said = await idp.visit(again.json().url);
  const no = new URLSearchParams({ error: 'access_denied', state: said.searchParams.get('state') ?? '' });
  const refused = await house.send({ url: `${said.pathname}?${no}`, headers: cookieOf(again) });
  const { pathname, searchParams } = new URL(refused.headers.location ?? '', 'http://here');
  expect([pathname, searchParams.get('to'), searchParams.get('error')]).toEqual(['/login', to, 'access_denied']);
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example/', 'runs'])
    expect((await begin(elsewhere)).statusCode).toBe(400);
});

test('a login that is begun and never ended leaves nothing in the database, however many there are', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const far = `/runs?q=${'%C3%A9'.repeat(300)}`;
  for (let n = 0; n < 20; n++) {
    const begun = await house.call('POST', '/api/login/oidc', undefined, { provider: 'works', to: far });
    expect(begun.statusCode).toBe(200);
    // What a browser keeps of a cookie, its name and value.
    for (const { name, value } of begun.cookies)
      expect(name.length + encodeURIComponent(value).length).toBeLessThan(4_096);
  }
  expect(await house.database.app.sql`select 1 from verifications`).toEqual([]);
  expect((await logInBy(house, idp)).headers.location).toBe('/');
  expect(await house.database.app.sql`select 1 from verifications`).toEqual([]);
});

test('whatever is asked of a provider goes out by the guarded client, and to no address that it refuses', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const done = await logInBy(house, idp);
  expect(done.headers.location).toBe('/');
  expect(idp.requests.length).toBeGreaterThan(2);
  expect(house.sent.map((line) => line.replace(idp.issuer, ''))).toEqual(idp.requests);
  const before = idp.requests.length;
  // Begun while the provider was right, answered when its token's address points into our own network.
  const begun = await house.call('POST', '/api/login/oidc', undefined, { provider: 'works' });
  const back = await idp.visit(begun.json().url);
  const [row] = await house.database.app.sql`select endpoints from oidc_providers where id = 'works'`;
  const inside = { ...row?.['endpoints'], token: `http://localhost:${new URL(idp.issuer).port}/token` };
  await house.database.app.orm.update(oidcProviders).set({ endpoints: inside });
  const refused = await house.send({ url: `${back.pathname}${back.search}`, headers: cookieOf(begun) });
  expect(refused.headers.location).toMatch(/^\/login\?error=/);
  expect(idp.requests).toHaveLength(before);
});

test('somebody who has an account by password is the same person', async () => {
  await using both = await openBoth();
  both.idp.person = { sub: 's2', email: owner.email };
  const done = await logInBy(both.house, both.idp);
  const me = await both.house.call('GET', '/api/v1/me', cookieOf(done));
  expect(me.json()).toMatchObject({ email: owner.email, role: 'owner' });
});

test('somebody taken out of the workspace does not come in again by the provider', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const me = await house.call('GET', '/api/v1/me', cookieOf(await logInBy(house, idp)));
  await house.call('DELETE', `/api/v1/members/${me.json().id}`, await house.key('owner'));
  const again = await house.call('GET', '/api/v1/me', cookieOf(await logInBy(house, idp)));
  expect([again.statusCode, again.json().error.code]).toEqual([403, 'no-workspace']);
});

describe('refused, without a session and without an account', () => {
  let both: Awaited<ReturnType<typeof openBoth>>;
  beforeAll(async () => void (both = await openBoth()));
  afterAll(() => both[Symbol.asyncDispose]());

  const expectRefused = async () => {
    const done = await logInBy(both.house, both.idp);
    expect(done.headers.location).toMatch(/^\/login\?error=/);
    expect(done.cookies.filter(({ name, value }) => name.includes('session_token') && value)).toEqual([]);
    expect((await both.house.database.app.sql`select 1 from users`).length).toBe(1);
  };

  test.each(['other-key', 'other-audience', 'other-issuer', 'expired'] as const)(
    'a token with a flaw: %s',
    async (flaw) => {
      both.idp.flaw = flaw;
      await expectRefused();
      both.idp.flaw = 'none';
    },
  );

  test.each([
    ['another domain', { sub: 's3', email: 'eve@evil.example' }],
    ['a domain below', { sub: 's3', email: 'eve@sub.example.com' }],
    ['an address that is not verified', { sub: 's3', email: 'eve@example.com', email_verified: false }],
  ])('%s', async (_name, person) => {
    both.idp.person = person;
    await expectRefused();
  });
});

test('an answer without our state, with another browser’s state, or used before is refused', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const begun = await house.call('POST', '/api/login/oidc', undefined, { provider: 'works' });
  const back = await idp.visit(begun.json().url);
  const target = `${back.pathname}${back.search}`;
  const locations = [
    await house.send({ url: back.pathname }),
    await house.send({ url: target }),
    await house.send({ url: target.replace(/state=[^&]+/, 'state=forged'), headers: cookieOf(begun) }),
  ].map((answer) => answer.headers.location);
  for (const location of locations) expect(location).toMatch(/^\/login\?(.*&)?error=/);
  const twice = [
    await house.send({ url: target, headers: cookieOf(begun) }),
    await house.send({ url: target, headers: cookieOf(begun) }),
  ];
  expect(twice[0]?.headers.location).toBe('/');
  expect(twice[1]?.headers.location).toMatch(/error=/);
  const unknown = await house.send({ url: '/api/auth/sso/callback/nowhere?code=x&state=y' });
  expect(unknown.statusCode).toBe(404);
});

test('the client secret is sealed in the database and shown nowhere', async () => {
  await using both = await openBoth();
  const rows = await both.house.database.app.sql`select * from oidc_providers`;
  expect(JSON.stringify(rows)).not.toContain(client.secret);
  const shown = await both.house.call('GET', '/api/v1/oidc', await both.house.key('owner'));
  expect(shown.json().items).toEqual([
    {
      id: 'works',
      name: 'Works',
      domain: 'example.com',
      role: 'operator',
      issuer: both.idp.issuer,
      clientId: client.id,
    },
  ]);
  const kept = await both.house.call('PUT', '/api/v1/oidc/works', await both.house.key('owner'), {
    name: 'Renamed',
    domain: 'example.com',
    issuer: both.idp.issuer,
    clientId: client.id,
  });
  expect(kept.statusCode).toBe(200);
  expect((await logInBy(both.house, both.idp)).headers.location).toBe('/');
});

test('an issuer on a private address is not asked unless the operator allowed it', async () => {
  await using both = await openBoth({}, { HEDDLE_ALLOW_HOSTS: '' });
  expect([both.put.statusCode, both.put.json().error.code]).toEqual([422, 'issuer-unusable']);
  expect(both.idp.requests).toEqual([]);
});

test('only the workspace main sets providers, and none is made owner by one', async () => {
  await using both = await openBoth();
  const { house, idp } = both;
  const other = await house.stranger();
  const settings = { name: 'X', domain: 'example.com', issuer: idp.issuer, clientId: 'x', clientSecret: 'y' };
  expect((await house.call('PUT', '/api/v1/oidc/works', other.by, settings)).statusCode).toBe(404);
  expect((await house.call('DELETE', '/api/v1/oidc/works', other.by)).statusCode).toBe(404);
  expect(
    (await house.call('PUT', '/api/v1/oidc/x', await house.key('owner'), { ...settings, role: 'owner' })).statusCode,
  ).toBe(400);
});
