import { expect, test } from 'vitest';
import { openHouse, owner } from '../accounts/testing/house.ts';

test('without its database the server says 503 and when to come back, and lives', async () => {
  await using house = await openHouse();
  const key = await house.key('owner');
  const cookie = await house.logIn(owner.email, owner.password);
  await house.database.close();
  const calls = [
    house.call('GET', '/api/v1/me', key),
    house.call('GET', '/api/v1/members', cookie),
    house.call('POST', '/api/v1/keys', key, { name: 'x' }),
    house.call('POST', '/api/login', undefined, owner),
    house.call('GET', '/api/setup'),
    house.call('GET', '/trpc/accounts.me', key),
    house.call('GET', '/readyz'),
  ];
  for (const answer of await Promise.all(calls)) {
    expect(answer.statusCode, answer.body).toBe(503);
    expect(answer.body).not.toMatch(/CONNECTION|select|stack/);
  }
  expect((await house.call('GET', '/healthz')).statusCode).toBe(200);
});
