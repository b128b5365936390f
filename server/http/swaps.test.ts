import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openHouse, owner } from '../accounts/testing/house.ts';
import type { By, House } from '../accounts/testing/house.ts';

/** Something of the workspace main that another workspace's owner tries to reach by its id. */
interface Swap {
  /** Makes it, as the owner of main, and gives its id. */
  make(house: House, by: By): Promise<string>;
  /** What is sent with it; it must be right, so that only the id keeps it from working. */
  body?: unknown;
  /** Reads what must not change. */
  read(house: House, by: By): Promise<unknown>;
}

const list = (url: string) => async (house: House, by: By) => {
  const { items } = z
    .object({ items: z.array(z.looseObject({ lastUsedAt: z.unknown().optional() })) })
    .parse((await house.call('GET', url, by)).json());
  return items.map(({ lastUsedAt: _moves, ...rest }) => rest);
};

const member: Swap = {
  make: async (house) => {
    const me = await house.call('GET', '/api/v1/me', await house.logIn(owner.email, owner.password));
    // A second owner, so that nothing but the id stands in the way.
    await house.database.app
      .sql`insert into users (id, name, email) values ('user_second', 'S', 's@example.com') on conflict do nothing`;
    await house.database.app
      .sql`insert into members (workspace, user_id, role) values ('ws_main', 'user_second', 'owner') on conflict do nothing`;
    expect(me.statusCode).toBe(200);
    return 'user_second';
  },
  read: list('/api/v1/members'),
};
const invite: Swap = {
  make: async (house, by) =>
    (await house.call('POST', '/api/v1/invites', by, { email: 'x@example.com', role: 'viewer' })).json().id,
  read: list('/api/v1/invites'),
};
const key: Swap = {
  make: async (house, by) => (await house.call('POST', '/api/v1/keys', by, { name: 'x' })).json().id,
  read: list('/api/v1/keys'),
};
const provider: Swap = {
  make: async (house) => {
    await house.database.app.sql`
      insert into oidc_providers (id, workspace, name, domain, role, issuer, client_id, sealed_secret, endpoints)
      values ('works', 'ws_main', 'W', 'example.com', 'viewer', 'https://i.example.com', 'c', 's', '{}') on conflict do nothing`;
    return 'works';
  },
  read: list('/api/v1/oidc'),
};

const credential: Swap = {
  make: async (house, by) => {
    const { items } = (await house.call('GET', '/api/v1/credentials', by)).json();
    if (items[0]) return items[0].id;
    const wanted = { name: 'shop', type: 'bearer', fields: { token: 'a token of main' } };
    return (await house.call('POST', '/api/v1/credentials', by, wanted)).json().id;
  },
  read: list('/api/v1/credentials'),
};

/** Every route and procedure that takes an id. A room adds its own here; a test below fails until it does (SAFETY T2). */
const swaps: Record<string, Swap> = {
  'PUT /api/v1/members/:id': { ...member, body: { role: 'viewer' } },
  'DELETE /api/v1/members/:id': member,
  'DELETE /api/v1/invites/:id': invite,
  'DELETE /api/v1/keys/:id': key,
  'PUT /api/v1/oidc/:id': {
    ...provider,
    body: { name: 'X', domain: 'example.com', issuer: 'https://i.example.com', clientId: 'c', clientSecret: 's' },
  },
  'DELETE /api/v1/oidc/:id': provider,
  'GET /api/v1/credentials/:id': credential,
  'PUT /api/v1/credentials/:id': { ...credential, body: { fields: { token: 'a token of theirs' } } },
  'DELETE /api/v1/credentials/:id': credential,
  'mutation accounts.changeRole': { ...member, body: { role: 'viewer' } },
  'mutation accounts.removeMember': member,
  'mutation accounts.revokeInvite': invite,
  'mutation accounts.revokeKey': key,
};

let house: House;
let own: By;
let other: By;
beforeAll(async () => {
  house = await openHouse();
  own = await house.key('owner');
  other = (await house.stranger()).by;
});
afterAll(() => house[Symbol.asyncDispose]());

test('every route and procedure that takes an id is tried with another workspace’s', () => {
  const routes = house.http.listed
    .filter(({ path, role, method }) => role !== 'public' && path.includes(':') && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`);
  const procedures = house.http.procedures
    .filter(({ inputs }) =>
      inputs.some((input) => input instanceof z.ZodObject && Object.keys(input.shape).some(namesSomething)),
    )
    .map(({ kind, path }) => `${kind} ${path}`);
  expect(Object.keys(swaps).sort()).toEqual([...routes, ...procedures].sort());
});

/** `id`, `run`, `workflowId`, …: a field that may hold an id. */
const namesSomething = (field: string) => /^(id|ids|run|workflow|credential|entity)$|Ids?$/.test(field);

describe('another workspace’s id is not there', () => {
  test.each(Object.entries(swaps))('%s', async (name, swap) => {
    const id = await swap.make(house, own);
    const before = await swap.read(house, own);
    const [verb = '', where = ''] = name.split(' ');
    const send = (as: string) => {
      const whole = typeof swap.body === 'object' ? { ...swap.body, id: as } : { id: as };
      if (verb === 'mutation') return house.call('POST', `/trpc/${where}`, other, whole);
      if (verb === 'query')
        return house.call('GET', `/trpc/${where}?input=${encodeURIComponent(JSON.stringify(whole))}`, other);
      return house.call(
        z.enum(['GET', 'POST', 'PUT', 'DELETE']).parse(verb),
        where.replace(/:\w+/, as),
        other,
        swap.body,
      );
    };
    const answers = [await send(id), await send('nobody-has-this')];
    expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404]);
    expect(answers[0]?.body).toBe(answers[1]?.body);
    expect(await swap.read(house, own)).toEqual(before);
    expect(before).not.toEqual([]);
  });
});
