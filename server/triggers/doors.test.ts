import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn, openPlace } from './testing/place.ts';
import type { TestServer } from './testing/place.ts';

let place: TestServer;
let workflow: string;
let run: string;
beforeAll(async () => {
  place = await openPlace();
  const wait = { type: 'control.wait', params: { for: '1h' } };
  workflow = (await place.publish(drawn('Doors', { go: { type: 'start.manual' }, wait }, 'go -> wait'))).id;
  run = (await place.call('POST', `/api/v1/workflows/${workflow}/runs`, {})).json.runId;
});
afterAll(() => place[Symbol.asyncDispose]());

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
  const names = place.listed
    .filter(({ method, path }) => /^\/api\/v1\/(workflows|runs)/.test(path) && method !== 'HEAD' && method !== 'DELETE')
    .filter(({ path }) => !path.endsWith('/live'))
    .map(({ method, path }) => `${method} ${path}`);
  expect(names.length).toBeGreaterThan(15);
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
