import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { OwnNodes, wordNode } from '../catalogue/testing.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

/** Something of the workspace main that another workspace's owner tries to reach by its id. */
interface Swap {
  /** Makes it, as the owner of main, and gives its id. */
  make(): Promise<string>;
  /** What is sent with it; it must be right, so that only the id keeps it from working. */
  body?: unknown;
  query?: string;
  /** Reads what must not change. */
  read(id: string): Promise<unknown>;
}

let place: TestServer;
const own = new OwnNodes();
beforeAll(async () => void (place = await openPlace({ sources: [own] })));
afterAll(() => place[Symbol.asyncDispose]());

const sql = (...text: Parameters<TestServer['opened']['ground']['database']['app']['sql']>) =>
  place.opened.ground.database.app.sql(...text);
const list = (url: string) => async () => {
  const { items } = z
    .object({ items: z.array(z.looseObject({ lastUsedAt: z.unknown().optional() })) })
    .parse((await place.call('GET', url)).json);
  return items.map(({ lastUsedAt: _moves, ...rest }) => rest);
};
const one = (url: string) => async (id: string) => {
  const { status, json } = await place.call('GET', `${url}/${id}`);
  expect(status).toBe(200);
  return json;
};

const member: Swap = {
  make: async () => {
    // A second owner, so that nothing but the id stands in the way.
    await sql`insert into users (id, name, email) values ('user_second', 'S', 's@example.com') on conflict do nothing`;
    await sql`insert into members (workspace, user_id, role) values ('ws_main', 'user_second', 'owner') on conflict do nothing`;
    return 'user_second';
  },
  read: list('/api/v1/members'),
};
const node: Swap = {
  make: async () => {
    own.put('ws_main', wordNode('mine'), 'mine');
    return 'own.word';
  },
  read: one('/api/v1/nodes'),
};
const invite: Swap = {
  make: async () => (await place.call('POST', '/api/v1/invites', { email: 'x@example.com', role: 'viewer' })).json.id,
  read: list('/api/v1/invites'),
};
const key: Swap = {
  make: async () => (await place.call('POST', '/api/v1/keys', { name: 'x' })).json.id,
  read: list('/api/v1/keys'),
};
const provider: Swap = {
  make: async () => {
    await sql`
      insert into oidc_providers (id, workspace, name, domain, role, issuer, client_id, sealed_secret, endpoints)
      values ('works', 'ws_main', 'W', 'example.com', 'viewer', 'https://i.example.com', 'c', 's', '{}') on conflict do nothing`;
    return 'works';
  },
  read: list('/api/v1/oidc'),
};
let count = 0;
const parked = () =>
  drawn(
    `Swapped ${++count}`,
    { go: { type: 'start.manual' }, ask: { type: 'control.review', params: { title: 'Well?' } } },
    'go -> ask',
  );
const workflow: Swap = {
  make: async () => (await place.publish(parked())).id,
  read: one('/api/v1/workflows'),
};
/** The listening that was begun last: the second id of its routes, a true one too. */
let listening = '';
/** A draft with a webhook, and one that listens for a test call of it. */
const listened: Swap = {
  make: async () => {
    const { json } = await place.call('POST', '/api/v1/workflows', {
      document: drawn(`Heard ${++count}`, { hook: { type: 'start.webhook', params: { path: `heard-${count}` } } }),
    });
    const begun = await place.call('POST', `/api/v1/workflows/${json.id}/listenings`, { start: 'hook' });
    listening = begun.json.id;
    expect(begun.status).toBe(201);
    return json.id;
  },
  read: async (id) => [
    await one('/api/v1/workflows')(id),
    await sql`select * from test_calls where workflow = ${id} order by id`,
  ],
};
const run: Swap = {
  make: async () => {
    const { id } = await place.publish(parked());
    const { runId } = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 5 })).json;
    expect(await one('/api/v1/runs')(runId)).toMatchObject({ status: 'waiting', needs: [{ kind: 'review' }] });
    return runId;
  },
  read: one('/api/v1/runs'),
};
/** The plan of such a run, by its fingerprint: told to who may see a run of it. */
const plan: Swap = {
  make: async () => {
    const { items } = (await place.call('GET', `/api/v1/runs/${await run.make()}/events`)).json;
    return items[0].data.plan;
  },
  read: one('/api/v1/plans'),
};
/** One that is over: only such a one is retried. */
const ended: Swap = {
  make: async () => {
    const runId = await run.make();
    await place.call('POST', `/api/v1/runs/${runId}/cancel`);
    return runId;
  },
  read: list('/api/v1/runs'),
};
const credential: Swap = {
  make: async () => {
    const wanted = {
      name: `Shop ${++count}`,
      type: 'header',
      hosts: ['example.com'],
      fields: { name: 'x', value: 's' },
    };
    return (await place.call('POST', '/api/v1/credentials', wanted)).json.id;
  },
  read: one('/api/v1/credentials'),
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
  'PUT /api/v1/credentials/:id': {
    ...credential,
    body: { hosts: ['evil.example.com'], fields: { name: 'x', value: 'theirs' } },
  },
  'DELETE /api/v1/credentials/:id': credential,
  'GET /api/v1/workflows/:id': workflow,
  'PUT /api/v1/workflows/:id': { ...workflow, body: { document: drawn('Taken', {}), revision: 1 } },
  'DELETE /api/v1/workflows/:id': workflow,
  'POST /api/v1/workflows/:id/publish': { ...workflow, body: {} },
  'POST /api/v1/workflows/:id/unpublish': { ...workflow, body: {} },
  'POST /api/v1/workflows/:id/runs': { ...workflow, body: {} },
  'POST /api/v1/workflows/:id/listenings': { ...listened, body: { start: 'hook' } },
  'GET /api/v1/workflows/:id/listenings/:listening': listened,
  'PUT /api/v1/workflows/:id/listenings/:listening': { ...listened, body: { awaits: true } },
  'DELETE /api/v1/workflows/:id/listenings/:listening': listened,
  'GET /api/v1/workflows/:id/versions': workflow,
  'GET /api/v1/workflows/:id/versions/:version': workflow,
  'POST /api/v1/workflows/:id/versions/:version/restore': { ...workflow, body: {} },
  'GET /api/v1/workflows/:id/compare': { ...workflow, query: '?from=1' },
  'GET /api/v1/runs/:id': run,
  'GET /api/v1/runs/:id/steps': run,
  'GET /api/v1/runs/:id/events': run,
  'GET /api/v1/runs/:id/items': { ...run, query: '?step=ask&side=input&port=in' },
  'GET /api/v1/runs/:id/document': run,
  'GET /api/v1/runs/:id/facts': run,
  'GET /api/v1/runs/:id/facts/:seq/value': { ...run, query: '?at=/input' },
  'GET /api/v1/plans/:fingerprint': plan,
  'GET /api/v1/nodes/:type': node,
  'GET /api/v1/runs/:id/live': run,
  'POST /api/v1/runs/:id/cancel': { ...run, body: {} },
  'POST /api/v1/runs/:id/retry': { ...ended, body: {} },
  'POST /api/v1/runs/:id/answer': { ...run, body: { step: 'ask', answer: 'approved' } },
  'POST /api/v1/runs/:id/files': { ...run, body: { name: 'slip.txt', data: 'aGk=' } },
  'mutation accounts.changeRole': { ...member, body: { role: 'viewer' } },
  'mutation accounts.removeMember': member,
  'mutation accounts.revokeInvite': invite,
  'mutation accounts.revokeKey': key,
};

test('every route and procedure that takes an id is tried with another workspace’s', () => {
  const routes = place.listed
    .filter(({ path, role, method }) => role !== 'public' && path.includes(':') && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`);
  const procedures = place.procedures
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
    const id = await swap.make();
    const before = await swap.read(id);
    const [verb = '', where = ''] = name.split(' ');
    const send = (as: string) => {
      const whole = typeof swap.body === 'object' ? { ...swap.body, id: as } : { id: as };
      if (verb === 'mutation') return place.call('POST', `/trpc/${where}`, whole, 'stranger');
      if (verb === 'query')
        return place.call(
          'GET',
          `/trpc/${where}?input=${encodeURIComponent(JSON.stringify(whole))}`,
          undefined,
          'stranger',
        );
      return place.call(verb, urlOf(where, swap, as), swap.body, 'stranger');
    };
    const answers = [await send(id), await send('nobody-has-this')];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(await swap.read(id)).toEqual(before);
    expect(before).not.toEqual([]);
  });
});

function urlOf(where: string, { query = '' }: Swap, id: string): string {
  const named = where.replace(/:id|:fingerprint|:type/, id).replace(/:version|:seq/, '1');
  return named.replace(':listening', listening) + query;
}

// The test's own client refuses whatever a route does not declare: here each of them is asked for something that is there.
describe('what is read is there, in the shape that its route declares', () => {
  const streams = ['GET /api/v1/runs/:id/live'];
  const gets = Object.entries(swaps).filter(([name]) => name.startsWith('GET ') && !streams.includes(name));

  test.each(gets)('%s', async (name, swap) => {
    const url = urlOf(name.slice('GET '.length), swap, await swap.make());
    expect((await place.call('GET', url)).status).toBe(200);
  });

  test('every list, with something of everything in it', async () => {
    for (const swap of Object.values(swaps)) await swap.make();
    const lists = place.routes.filter(({ method, path }) => method === 'GET' && !path.includes(':'));
    expect(lists.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/v1/me', '/api/v1/nodes/index']));
    const statuses = await Promise.all(lists.map(async ({ path }) => [path, (await place.call('GET', path)).status]));
    expect(statuses).toEqual(lists.map(({ path }) => [path, 200]));
  });
});
