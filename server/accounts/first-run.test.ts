import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDoors } from '../doors.ts';
import { openLog } from '../log/log.ts';
import { cookieOf, openHouse, owner } from './testing/house.ts';

test('a fresh installation needs an owner, gets one, and refuses a second', async () => {
  await using house = await openHouse({ fresh: true });
  expect((await house.call('GET', '/api/setup')).json()).toEqual({ needed: true, known: false, providers: [] });

  const made = await house.call('POST', '/api/setup', undefined, owner);
  expect(made.statusCode).toBe(201);
  const me = await house.call('GET', '/api/v1/me', cookieOf(made));
  expect(me.json()).toMatchObject({ kind: 'user', email: owner.email, role: 'owner', workspace: { slug: 'main' } });

  expect((await house.call('GET', '/api/setup')).json().needed).toBe(false);
  const again = await house.call('POST', '/api/setup', undefined, { ...owner, email: 'other@example.com' });
  expect([again.statusCode, again.json().error.code]).toEqual([409, 'already-set-up']);
});

test('of ten setups at the same moment one wins', async () => {
  await using house = await openHouse({ fresh: true });
  const tries = Array.from({ length: 10 }, (_, n) =>
    house.call('POST', '/api/setup', undefined, { ...owner, email: `person${n}@example.com` }),
  );
  const answers = await Promise.all(tries);
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array(9).fill(409)]);
});

test('HEDDLE_ADMIN_* makes the owner once; later starts change nothing', async () => {
  await using house = await openHouse();
  const { config, database } = house;
  const log = openLog({ level: 'silent' });
  const http = { send: async () => Promise.reject(new Error('unused')) };
  const later = { ...config, admin: { email: owner.email, password: 'another password' } };
  await using _second = await openDoors({ config: later, database, http, log, version: '0' });
  await expect(house.logIn(owner.email, owner.password)).resolves.toBeDefined();
  await expect(house.logIn(owner.email, 'another password')).rejects.toThrow('login-failed');
});

test('the secret is a file that only its owner reads, made once; two processes share it', async () => {
  await using house = await openHouse();
  const file = path.join(house.config.home, 'keys/accounts.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const cookie = await house.logIn(owner.email, owner.password);
  await using second = await openDoors({
    config: house.config,
    database: house.database,
    http: { send: async () => Promise.reject(new Error('unused')) },
    log: openLog({ level: 'silent' }),
    version: '0',
  });
  const me = await second.app.inject({ url: '/api/v1/me', headers: cookie });
  expect(me.statusCode).toBe(200);
});

test('a setup that does not fit is refused with the place of what is wrong', async () => {
  await using house = await openHouse({ fresh: true });
  const wrong: [object, string][] = [
    [{ ...owner, email: 'no address' }, 'email'],
    [{ ...owner, password: 'short' }, 'password'],
    [{ ...owner, role: 'owner' }, ''],
  ];
  const answers = await Promise.all(wrong.map(([body]) => house.call('POST', '/api/setup', undefined, body)));
  expect(answers.map((answer) => [answer.statusCode, answer.json().error.details[0].at])).toEqual(
    wrong.map(([, place]) => [400, place]),
  );
});
