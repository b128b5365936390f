import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, openPlace } from './testing/place.ts';
import type { Place } from './testing/place.ts';

let place: Place;
let workflow: string;
let run: string;
beforeAll(async () => {
  place = await openPlace();
  const wait = { type: 'control.wait', params: { for: '1h' } };
  workflow = (await place.publish(drawn('Doors', { go: { type: 'start.manual' }, wait }, 'go -> wait'))).id;
  run = (await place.call('POST', `/api/v1/workflows/${workflow}/runs`, {})).json.runId;
});
afterAll(() => place[Symbol.asyncDispose]());

/** Who may do what with workflows and runs: changes here are read before they are committed (SAFETY T5). */
const matrix = {
  'GET /api/v1/workflows': 'viewer',
  'POST /api/v1/workflows': 'editor',
  'GET /api/v1/workflows/:id': 'viewer',
  'PUT /api/v1/workflows/:id': 'editor',
  'DELETE /api/v1/workflows/:id': 'editor',
  'POST /api/v1/workflows/:id/publish': 'editor',
  'POST /api/v1/workflows/:id/unpublish': 'editor',
  'POST /api/v1/workflows/:id/runs': 'operator',
  'GET /api/v1/workflows/:id/versions': 'viewer',
  'GET /api/v1/workflows/:id/versions/:version': 'viewer',
  'POST /api/v1/workflows/:id/versions/:version/restore': 'editor',
  'GET /api/v1/workflows/:id/compare': 'viewer',
  'GET /api/v1/runs': 'viewer',
  'GET /api/v1/runs/:id': 'viewer',
  'GET /api/v1/runs/:id/steps': 'viewer',
  'GET /api/v1/runs/:id/events': 'viewer',
  'GET /api/v1/runs/:id/live': 'viewer',
  'POST /api/v1/runs/:id/cancel': 'operator',
  'POST /api/v1/runs/:id/retry': 'operator',
  'POST /api/v1/runs/:id/answer': 'operator',
};
const ranks = ['viewer', 'operator', 'editor', 'owner'] as const;
const guarded = Object.entries(matrix).map(([name, role]) => [name, role] as const);

test('every route about workflows and runs is in the matrix, with its role', () => {
  const real = place.listed
    .filter(({ path, method }) => /^\/api\/v1\/(workflows|runs)/.test(path) && method !== 'HEAD')
    .map(({ method, path, role }) => [`${method} ${path}`, role]);
  expect(Object.fromEntries(real.toSorted())).toEqual(Object.fromEntries(Object.entries(matrix).toSorted()));
});

describe('by role', () => {
  test.each(guarded)('%s asks for %s', async (name, needed) => {
    const [method = '', path = ''] = name.split(' ');
    const url = path.replace(':id', 'nobody').replace(':version', '1');
    const body = method === 'POST' || method === 'PUT' ? {} : undefined;
    expect((await place.hook(url, { method, headers: { 'content-type': 'application/json' } })).status).toBe(401);
    for (const role of ranks) {
      const { status } = await place.call(method, url, body, role);
      if (ranks.indexOf(role) < ranks.indexOf(needed as (typeof ranks)[number])) expect(status, role).toBe(403);
      else expect([401, 403], `${role} got ${status}`).not.toContain(status);
    }
  });
});

/** Anything that is JSON, and right bodies with something wrong in them (SAFETY Z1). */
const bodies = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.record(
    {
      document: fc.oneof(
        fc.jsonValue(),
        fc.record({
          heddle: fc.constant(1),
          name: fc.string(),
          nodes: fc.array(fc.jsonValue()),
          edges: fc.array(fc.jsonValue()),
        }),
      ),
      revision: fc.oneof(fc.integer(), fc.string()),
      input: fc.jsonValue(),
      start: fc.string(),
      wait: fc.constantFrom(0, -1, 0.01, 'x'),
      draft: fc.oneof(fc.boolean(), fc.string()),
      from: fc.string(),
      version: fc.oneof(fc.integer(), fc.double()),
      step: fc.oneof(fc.string(), fc.constantFrom('wait', 'go', 'wait/loop:0', '__proto__', 'constructor')),
      answer: fc.constantFrom('again', 'sent', 'approved', ''),
      item: fc.integer(),
    },
    { requiredKeys: [] },
  ),
);
const queries = fc.dictionary(
  fc.constantFrom('workflow', 'status', 'since', 'q', 'cursor', 'limit', 'full', 'after', 'from', 'to', 'parent'),
  fc.oneof(fc.string(), fc.constantFrom("' or 1=1 --", '%', 'draft', '1', 'W10=', '9e99', '-1')),
  { maxKeys: 4 },
);

test('whatever is sent, the answer is no fault of ours and says nothing of what is inside', async () => {
  const names = guarded.map(([name]) => name).filter((name) => !name.startsWith('DELETE') && !name.endsWith('/live'));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), bodies, queries, async (name, body, query) => {
      const [method = '', path = ''] = name.split(' ');
      const id = path.includes('/runs/:id') ? run : workflow;
      const search = new URLSearchParams(Object.entries(query)).toString();
      const url = `${path.replace(':id', id).replace(':version', '1')}${method === 'GET' && search ? `?${search}` : ''}`;
      const began = performance.now();
      const { status, text } = await place.call(method, url, method === 'GET' ? undefined : body);
      expect(status, `${name} ${JSON.stringify(body)} ${search}: ${text}`).toBeLessThan(500);
      expect(text).not.toMatch(/\bat .*\.ts:\d+|select |insert into|node_modules/i);
      expect(performance.now() - began).toBeLessThan(5_000);
    }),
    { numRuns: 600 },
  );
});
