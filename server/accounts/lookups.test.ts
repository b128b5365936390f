import { expect, test, vi } from 'vitest';
import { openCallers } from './callers.ts';
import { cookieOf, headersOf, home, openHouse, owner } from './testing/house.ts';
import { makeToken } from './tokens.ts';

// What nobody ever had costs the database little, and what somebody had lately is looked up all the same.

test('made-up keys, cookies and invitations of one place are looked up until it has had its share, a key that held goes on', async () => {
  await using house = await openHouse({ budget: { known: 1_000, unknown: 30 } });
  const good = await house.key('viewer');
  const late = await house.key('viewer');
  const me = (headers: Record<string, string>) => house.send({ url: '/api/v1/me', headers });
  expect((await me(headersOf(good))).statusCode).toBe(200);
  using looks = vi.spyOn(house.database.app.orm, 'select');
  const made = [
    () => me({ authorization: `Bearer ${makeToken('hk')}` }),
    () => me({ cookie: `heddle.session_token=${encodeURIComponent(`${makeToken('hk')}.c2lnbmVk`)}`, origin: home }),
    () => house.call('POST', '/api/invites/look', undefined, { token: makeToken('invite') }),
  ];
  const statuses: number[] = [];
  for (let n = 0; n < 90; n++) statuses.push((await made[n % 3]!()).statusCode);
  expect(statuses.slice(0, 29)).not.toContain(429);
  expect(new Set(statuses.slice(29))).toEqual(new Set([429]));
  expect(looks.mock.calls.length).toBeLessThan(60);
  const before = looks.mock.calls.length;
  for (let n = 0; n < 9; n++) await made[n % 3]!();
  expect(looks.mock.calls.length).toBe(before);
  expect((await me(headersOf(good))).statusCode).toBe(200);
  // One that holds and was not seen here before waits with the others: nothing tells it from those that are made up.
  expect((await me(headersOf(late))).statusCode).toBe(429);
});

test('what was seen to hold is forgotten when it does not any more', async () => {
  await using house = await openHouse();
  let now = Date.now();
  const callers = openCallers({
    orm: house.database.app.orm,
    auth: { cookieName: 'heddle.session_token', findSession: async () => undefined },
    now: () => now,
  });
  const asked = { headers: headersOf(await house.key('viewer')), workspace: undefined };
  expect(callers.lately(asked)).toBeUndefined();
  const found = await callers.identify(asked);
  expect([found.kind, callers.lately(asked)]).toEqual(['key', found]);
  // In another process, so that this one is not told.
  await house.database.app.sql`update api_keys set revoked_at = now()`;
  now += 3_000;
  expect(callers.lately(asked)).toEqual(found);
  expect((await callers.identify(asked)).kind).toBe('anonymous');
  expect(callers.lately(asked)).toBeUndefined();
});

test('who changes rights here is remembered by nobody here', async () => {
  await using house = await openHouse();
  const callers = openCallers({
    orm: house.database.app.orm,
    auth: { cookieName: 'heddle.session_token', findSession: async () => undefined },
  });
  const asked = { headers: headersOf(await house.key('viewer')), workspace: undefined };
  await callers.identify(asked);
  callers.forget();
  expect(callers.lately(asked)).toBeUndefined();
});

test('a login that somebody logs out of is no cookie that held', async () => {
  await using house = await openHouse({ budget: { known: 1_000, unknown: 4 } });
  const cookie = cookieOf(await house.call('POST', '/api/login', undefined, owner));
  expect((await house.call('GET', '/api/v1/me', cookie)).statusCode).toBe(200);
  expect((await house.call('POST', '/api/logout', cookie, {})).statusCode).toBe(204);
  const after: number[] = [];
  for (let n = 0; n < 4; n++) after.push((await house.call('GET', '/api/v1/me', cookie)).statusCode);
  expect(after).toEqual([401, 401, 429, 429]);
});
