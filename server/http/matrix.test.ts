import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { mayAct } from './caller.ts';
import { roles } from '../../flow/contract/account.ts';
import type { Needed } from './caller.ts';

/**
 * Who may do what, written down: a route or procedure that is added, dropped or opened wider fails here until the table says so too
 * (SAFETY T1, T5). `UPDATE_MATRIX=1` writes the table as it is, to be
 * read before it is committed.
 */
const file = path.join(import.meta.dirname, 'matrix.json');
const matrix: Record<string, Needed> = JSON.parse(readFileSync(file, 'utf8'));

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

test('every route and every procedure is in the matrix, with its role, and nothing else is', () => {
  // A HEAD is the GET beside it, with its config.
  const routes = place.listed.filter(({ method }) => method !== 'HEAD');
  const real = {
    ...Object.fromEntries(routes.map(({ method, path: url, role }) => [`${method} ${url}`, role])),
    ...Object.fromEntries(place.procedures.map(({ kind, path: name, role }) => [`${kind} ${name}`, role])),
  };
  if (process.env['UPDATE_MATRIX'])
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(Object.entries(real).sort()), null, 2)}\n`);
  expect(real).toEqual(matrix);
});

test('no procedure is open to everybody', () => {
  expect(place.procedures.filter(({ role }) => role === undefined || role === 'public')).toEqual([]);
});

/** Sent with an id that nobody has and no body: what is refused is refused for who asks, before what is asked. */
const answerOf = async (name: string, key: string | undefined): Promise<number> => {
  const [verb = '', where = ''] = name.split(' ');
  const isProcedure = /^[a-z]+$/.test(verb);
  const method = isProcedure ? (verb === 'mutation' ? 'POST' : 'GET') : verb;
  const url = isProcedure ? `/trpc/${where}` : where.replaceAll(/:(\w+)/g, 'nobody-has-this').replaceAll('*', 'x');
  const response = await fetch(place.url + url, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  await response.body?.cancel(); // a stream has no end
  return response.status;
};

const guarded = Object.entries(matrix).filter(([, needed]) => needed !== 'public');

describe('by role', () => {
  test.each(guarded)('%s asks for %s', async (name, needed) => {
    expect(await answerOf(name, undefined)).toBe(401);
    expect(await answerOf(name, `hk_${'A'.repeat(43)}`)).toBe(401);
    for (const role of roles) {
      const status = await answerOf(name, place.keys[role]);
      if (mayAct(role, needed)) expect([401, 403], `${role} got ${status}`).not.toContain(status);
      else expect(status, role).toBe(403);
      expect(status, role).toBeLessThan(500);
    }
  });
});
