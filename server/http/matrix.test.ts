import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { headersOf, openHouse } from '../accounts/testing/house.ts';
import type { By, House } from '../accounts/testing/house.ts';
import { mayAct, roles } from './caller.ts';
import type { Needed, Role } from './caller.ts';

/**
 * Who may do what, written down: a route or procedure that is added, dropped or opened wider fails here until the table says so too
 * (SAFETY T1, T5). `UPDATE_MATRIX=1` writes the table as it is, to be
 * read before it is committed.
 */
const file = path.join(import.meta.dirname, 'matrix.json');
const matrix: Record<string, Needed> = JSON.parse(readFileSync(file, 'utf8'));

let house: House;
const keys = new Map<Role, By>();
beforeAll(async () => {
  house = await openHouse();
  for (const role of roles) keys.set(role, await house.key(role));
});
afterAll(() => house[Symbol.asyncDispose]());

test('every route and every procedure is in the matrix, with its role, and nothing else is', () => {
  // A HEAD is the GET beside it, with its config.
  const routes = house.http.listed.filter(({ method }) => method !== 'HEAD');
  const real = {
    ...Object.fromEntries(routes.map(({ method, path: url, role }) => [`${method} ${url}`, role])),
    ...Object.fromEntries(house.http.procedures.map(({ kind, path: name, role }) => [`${kind} ${name}`, role])),
  };
  if (process.env['UPDATE_MATRIX'])
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(Object.entries(real).sort()), null, 2)}\n`);
  expect(real).toEqual(matrix);
});

test('no procedure is open to everybody', () => {
  expect(house.http.procedures.filter(({ role }) => role === undefined || role === 'public')).toEqual([]);
});

/** Sent with an id that nobody has and no body: what is refused is refused for who asks, before what is asked. */
const answerOf = async (name: string, by: By | undefined): Promise<number> => {
  const [verb = '', where = ''] = name.split(' ');
  const headers = { ...headersOf(by), 'content-type': 'application/json' };
  if (verb === 'query' || verb === 'subscription')
    return (await house.send({ url: `/trpc/${where}`, headers })).statusCode;
  const url =
    verb === 'mutation' ? `/trpc/${where}` : where.replaceAll(/:(\w+)/g, 'nobody-has-this').replaceAll('*', 'x');
  const method = methodOf(verb);
  return (
    await house.send({ method, url, headers, ...(method === 'POST' || method === 'PUT' ? { payload: '{}' } : {}) })
  ).statusCode;
};

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const methodOf = (verb: string) => methods.find((method) => method === verb) ?? 'POST';

const guarded = Object.entries(matrix).filter(([, needed]) => needed !== 'public');

describe('by role', () => {
  test.each(guarded)('%s asks for %s', async (name, needed) => {
    expect(await answerOf(name, undefined)).toBe(401);
    expect(await answerOf(name, { key: `hk_${'A'.repeat(43)}` })).toBe(401);
    for (const role of roles) {
      const status = await answerOf(name, keys.get(role));
      if (mayAct(role, needed)) expect([401, 403], `${role} got ${status}`).not.toContain(status);
      else expect(status, role).toBe(403);
      expect(status, role).toBeLessThan(500);
    }
  });
});
