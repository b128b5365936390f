import { expect, test } from 'vitest';
import { openDoors } from '../doors.ts';
import { openLog } from '../log/log.ts';
import type { Refusal } from '../http/refusal.ts';
import { acceptInvite } from './invites.ts';
import type { Accepting } from './invites.ts';
import { changeRole, removeMember } from './members.ts';
import { cookieOf, headersOf, openHouse, owner } from './testing/house.ts';
import type { By, House } from './testing/house.ts';

const person = { email: 'petra@example.com', name: 'Petra', password: 'another long one' };

/** Invites somebody and gives the token of the link. */
async function invite(house: House, by: By, email = person.email, role = 'editor'): Promise<string> {
  const answer = await house.call('POST', '/api/v1/invites', by, { email, role });
  return answer.json().token;
}

/** A second person, joined and logged in. */
async function join(house: House, by: By, role = 'editor'): Promise<{ id: string; by: By }> {
  const token = await invite(house, by, person.email, role);
  const joined = cookieOf(
    await house.call('POST', '/api/invites/accept', undefined, { token, name: person.name, password: person.password }),
  );
  return { id: (await house.call('GET', '/api/v1/me', joined)).json().id, by: joined };
}

test('an invitation brings somebody new in, logged in, once', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const made = await house.call('POST', '/api/v1/invites', by, { email: 'Petra@Example.com', role: 'operator' });
  const { token, url } = made.json();
  expect(url).toBe(`http://localhost:4000/invite#${token}`);
  expect((await house.call('POST', '/api/invites/look', undefined, { token })).json()).toEqual({
    email: person.email,
    role: 'operator',
    workspace: 'Main',
    hasAccount: false,
  });
  const bare = await house.call('POST', '/api/invites/accept', undefined, { token });
  expect(bare.json().error.message).toContain('name and a password');

  const tries = Array.from({ length: 5 }, () =>
    house.call('POST', '/api/invites/accept', undefined, { token, name: 'Petra', password: person.password }),
  );
  const answers = await Promise.all(tries);
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 404, 404, 404, 404]);
  const joined = answers.find((answer) => answer.statusCode === 200);
  const me = await house.call('GET', '/api/v1/me', joined && cookieOf(joined));
  expect(me.json()).toMatchObject({ email: person.email, role: 'operator', workspace: { slug: 'main' } });
  expect((await house.call('GET', '/api/v1/invites', by)).json()).toEqual({ items: [] });
});

test('one person makes so many workspaces and no more, also at once, and also when they left some to others', async () => {
  await using house = await openHouse({ env: { HEDDLE_WORKSPACES: '3' } });
  const by = await house.logIn(owner.email, owner.password);
  const make = async (slug: string, as: By = by) => {
    const made = await house.call('POST', '/api/v1/workspaces', as, { name: slug, slug });
    return made.json().error?.code ?? 'made';
  };
  // The first one, which the setup made, is theirs.
  const answers = await Promise.all(['one', 'two', 'three', 'four'].map((slug) => make(slug)));
  expect(answers.toSorted()).toEqual(['made', 'made', 'workspaces-full', 'workspaces-full']);
  await house.database.app.sql`
    delete from members where workspace in (select id from workspaces where created_by is not null)`;
  expect(await make('five')).toBe('workspaces-full');
  // Somebody else has theirs.
  const petra = await join(house, by, 'owner');
  expect(await make('six', petra.by)).toBe('made');
});

test('an invitation for somebody who has an account is taken by them alone', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const petra = await join(house, by);
  const second = await house.call('POST', '/api/v1/workspaces', by, { name: 'Second', slug: 'second' });
  const there: By = { cookie: `${'cookie' in by ? by.cookie : ''}` };
  const made = await house.send({
    method: 'POST',
    url: '/api/v1/invites',
    headers: { ...headersOf(there), 'heddle-workspace': 'second' },
    payload: { email: person.email, role: 'viewer' },
  });
  const { token } = made.json();
  const accept = async (as?: By) =>
    (await house.call('POST', '/api/invites/accept', as, { token })).json().error?.code ?? 'joined';
  expect(await accept()).toBe('login-first');
  expect(await accept(by)).toBe('other-person');
  expect(await accept(petra.by)).toBe('joined');
  expect(await accept(petra.by)).toBe('invite-gone');
  const me = await house.send({
    url: '/api/v1/me',
    headers: { ...headersOf(petra.by), 'heddle-workspace': second.json().id },
  });
  expect(me.json()).toMatchObject({
    role: 'viewer',
    workspace: { slug: 'second' },
    workspaces: [{ slug: 'main', role: 'editor' }, { slug: 'second' }],
  });
});

test('an invitation that is old, taken back, another or forged is gone in one and the same way', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const old = await invite(house, by, 'old@example.com');
  await house.database.app.sql`update invites set expires_at = now() - interval '1 second'`;
  const back = await invite(house, by, 'back@example.com');
  const [open] = (await house.call('GET', '/api/v1/invites', by)).json().items;
  expect((await house.call('DELETE', `/api/v1/invites/${open.id}`, by)).statusCode).toBe(204);
  const answers = await Promise.all(
    [old, back, `invite_${'A'.repeat(43)}`].map((token) =>
      house.call('POST', '/api/invites/accept', undefined, { token, name: 'X', password: person.password }),
    ),
  );
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect(answers[0]?.statusCode).toBe(404);
  const empty = await house.call('POST', '/api/invites/accept', undefined, { token: null });
  expect(empty.statusCode).toBe(400);
});

test('a password is hashed only for an account that an open invitation makes, and a place that names wrong ones waits', async () => {
  await using house = await openHouse();
  const { orm } = house.database.app;
  const by = await house.logIn(owner.email, owner.password);
  const open = await invite(house, by);
  const known = await invite(house, by, owner.email);
  const forged = `invite_${'A'.repeat(43)}`;
  let hashed = 0;
  const hashPassword = async () => `hash ${(hashed += 1)}`;
  const accept = (token: string, more: Partial<Accepting> = {}, ip = '2001:db8:1:2::1') =>
    acceptInvite(orm, { hashPassword }, { token, userId: undefined, ip, ...person, ...more }).catch(
      (error: Refusal) => error.code,
    );
  expect(await accept(known)).toBe('login-first');
  expect(await accept(open, { userId: 'user_other' })).toBe('other-person');
  expect(await accept(open, { name: undefined })).toBe('invalid');
  const wrong = await Promise.all(Array.from({ length: 60 }, () => accept(forged)));
  expect([new Set(wrong), hashed]).toEqual([new Set(['invite-gone']), 0]);
  expect(await accept(open, {}, '2001:db8:1:2::2')).toBe('too-many');
  expect([await accept(open, {}, '2001:db8:1:3::1'), hashed]).toEqual([{ email: person.email, isNew: true }, 1]);
});

test('neither tokens nor keys nor passwords are stored as they are', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const token = await invite(house, by);
  const { key } = (await house.call('POST', '/api/v1/keys', by, { name: 'CI' })).json();
  const stored: string[] = [];
  for (const table of ['invites', 'api_keys', 'logins', 'attempts']) {
    stored.push(JSON.stringify(await house.database.app.sql`select * from ${house.database.app.sql(table)}`));
  }
  const all = stored.join();
  for (const secret of [token, key, owner.password]) {
    expect(all).not.toContain(secret);
    expect(house.logged.join()).not.toContain(secret);
  }
  expect(all).toContain(key.slice(0, 9));
});

test('a key acts with its own role in its own workspace, and is shown without itself', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const { id, key } = (await house.call('POST', '/api/v1/keys', by, { name: 'CI', role: 'viewer' })).json();
  expect(key).toMatch(/^hk_[\w-]{43}$/);
  expect((await house.call('GET', '/api/v1/me', { key })).json()).toMatchObject({ kind: 'key', id, role: 'viewer' });
  expect((await house.call('GET', '/api/v1/keys', { key })).statusCode).toBe(403);
  const [listed] = (await house.call('GET', '/api/v1/keys', by)).json().items;
  expect(listed).toMatchObject({ id, name: 'CI', prefix: key.slice(0, 9), lastUsedAt: expect.any(String) });
  expect(JSON.stringify(listed)).not.toContain(key);
  const elsewhere = await house.send({
    url: '/api/v1/me?workspace=other',
    headers: { ...headersOf({ key }), 'heddle-workspace': 'other' },
  });
  expect(elsewhere.json().workspace.slug).toBe('main');
});

test('nothing is given away beyond the own role, nor taken from a body', async () => {
  await using house = await openHouse();
  const editor = await house.key('editor');
  expect((await house.call('POST', '/api/v1/keys', editor, { name: 'x', role: 'owner' })).statusCode).toBe(403);
  const by = await house.key('owner');
  for (const extra of [
    { id: 'key_mine' },
    { workspace: 'ws_other' },
    { createdBy: 'user_x' },
    { keyHash: 'x' },
    { revokedAt: null },
  ]) {
    expect((await house.call('POST', '/api/v1/keys', by, { name: 'x', ...extra })).statusCode).toBe(400);
  }
  expect((await house.call('POST', '/api/v1/workspaces', by, { name: 'X', slug: 'xx' })).json().error.code).toBe(
    'person-needed',
  );
});

test('what is revoked here acts at once, and within 5 s in another process (T9)', async () => {
  await using house = await openHouse();
  await using other = await openDoors({
    config: house.config,
    database: house.database,
    http: { send: async () => Promise.reject(new Error('unused')) },
    log: openLog({ level: 'silent' }),
    version: '0',
  });
  const by = await house.logIn(owner.email, owner.password);
  const petra = await join(house, by, 'owner');
  const { id, key } = (await house.call('POST', '/api/v1/keys', by, { name: 'CI' })).json();
  const there = async (who: By) => (await other.app.inject({ url: '/api/v1/me', headers: headersOf(who) })).statusCode;
  expect([await there({ key }), await there(petra.by)]).toEqual([200, 200]);

  await house.call('DELETE', `/api/v1/keys/${id}`, by);
  await house.call('DELETE', `/api/v1/members/${petra.id}`, by);
  const revokedAt = Date.now();
  expect((await house.call('GET', '/api/v1/me', { key })).statusCode).toBe(401);
  expect((await house.call('GET', '/api/v1/me', petra.by)).statusCode).toBe(403);
  await expect
    .poll(async () => [await there({ key }), await there(petra.by)], { timeout: 5_000, interval: 100 })
    .toEqual([401, 403]);
  expect(Date.now() - revokedAt).toBeLessThan(5_000);
});

test('a workspace keeps an owner, also when two owners put each other down at once', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const me = (await house.call('GET', '/api/v1/me', by)).json().id;
  expect((await house.call('DELETE', `/api/v1/members/${me}`, by)).json().error.code).toBe('last-owner');
  expect((await house.call('PUT', `/api/v1/members/${me}`, by, { role: 'viewer' })).statusCode).toBe(409);
  const petra = await join(house, by, 'owner');
  const { orm } = house.database.app;
  const ended = await Promise.allSettled([
    changeRole(orm, 'ws_main', me, 'viewer'),
    removeMember(orm, 'ws_main', petra.id),
  ]);
  expect(ended.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
});
