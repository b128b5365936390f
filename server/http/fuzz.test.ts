import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersOf, openHouse } from '../accounts/testing/house.ts';
import type { By, House } from '../accounts/testing/house.ts';

let house: House;
let by: By;
beforeAll(async () => {
  house = await openHouse({ env: { HEDDLE_LOG_LEVEL: 'error' } });
  by = await house.key('owner');
});
afterAll(() => house[Symbol.asyncDispose]());

/** Bodies near to ones that work, with what databases, parsers and prototypes trip over. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\0',
    '\ud800',
    "'; drop table users; --",
    '%00',
    '../..',
    '__proto__',
    'constructor',
    null,
    -1,
    1e308,
    [],
    {},
    true,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 0, max: 70_000 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue({ maxDepth: 4 }),
);
const field = fc.constantFrom(
  'email',
  'password',
  'name',
  'role',
  'slug',
  'token',
  'id',
  'issuer',
  'domain',
  'clientId',
  'clientSecret',
  'provider',
  'current',
  'next',
  '__proto__',
  'x',
);
const valid = {
  name: 'a name',
  role: 'viewer',
  slug: 'a-slug',
  email: 'a@example.com',
  token: `invite_${'A'.repeat(43)}`,
  provider: 'works',
};
const body = fc.oneof(
  fc
    .tuple(fc.subarray(Object.entries(valid)), fc.array(fc.tuple(field, nasty), { maxLength: 3 }))
    .map(([kept, changed]) => JSON.stringify(Object.fromEntries([...kept, ...changed]))),
  nasty.map((value) => JSON.stringify(value) ?? ''),
  fc.string({ maxLength: 60 }),
);

/** What is no text goes as JSON: an object may carry a `toString` of its own. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

test('500 mutations of every input never break the server, and never show its insides (Z1)', async () => {
  const routes = house.http.listed.filter(({ path, method }) => method !== 'HEAD' && path !== '/trpc/:path');
  const targets = [
    ...routes.map(({ method, path }) => ({ method, path })),
    ...house.http.procedures.map(({ kind, path }) => ({
      method: kind === 'query' ? 'GET' : 'POST',
      path: `/trpc/${path}`,
    })),
  ];
  const slow: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...targets), body, nasty, async ({ method, path }, payload, id) => {
      const inPath = encodeURIComponent(asText(id).slice(0, 300).toWellFormed()) || 'x';
      const url = `${path.replaceAll(/:\w+/g, inPath)}${method === 'GET' ? `?input=${encodeURIComponent(payload.slice(0, 2000).toWellFormed())}` : ''}`;
      const from = performance.now();
      const answer = await house.send({
        method: method === 'PUT' ? 'PUT' : method === 'DELETE' ? 'DELETE' : method === 'GET' ? 'GET' : 'POST',
        url,
        headers: { ...headersOf(by), ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
        ...(method === 'GET' ? {} : { payload }),
      });
      slow.push(performance.now() - from);
      expect(answer.statusCode, `${method} ${path} ${answer.body}`).toBeLessThan(500);
      expect(answer.body).not.toMatch(/Failed query|node_modules|\.ts:\d|select .* from|stack/i);
    }),
    { numRuns: 500 },
  );
  expect(house.logged.filter((line) => line.includes('our fault'))).toEqual([]);
  slow.sort((a, b) => a - b);
  expect(slow[Math.floor(slow.length * 0.99)]).toBeLessThan(1000);
});
