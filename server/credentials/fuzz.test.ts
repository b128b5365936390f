import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../accounts/testing/house.ts';
import type { By, House } from '../accounts/testing/house.ts';
import { credentialTypeNames } from '../../flow/document/credential.ts';

let house: House;
let by: By;
let id: string;
beforeAll(async () => {
  house = await openHouse();
  by = await house.key('editor');
  const wanted = { name: 'kept', type: 'bearer', fields: { token: 'a token' } };
  id = (await house.call('POST', '/api/v1/credentials', by, wanted)).json().id;
});
afterAll(() => house[Symbol.asyncDispose]());

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', "' or 1=1 --", '*', 'é'),
);
const bodies = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record(
    {
      name: texts,
      type: fc.oneof(fc.constantFrom(...credentialTypeNames), fc.constantFrom('constructor', '__proto__')),
      fields: fc.dictionary(
        fc.constantFrom('name', 'value', 'token', 'username', 'password', 'secret', 'publicKey', 'jwks', 'toString'),
        fc.oneof(texts, fc.jsonValue({ maxDepth: 1 })),
        { maxKeys: 3 },
      ),
      hosts: fc.array(texts, { maxLength: 3 }),
    },
    { requiredKeys: ['fields'] },
  ),
);

test('whatever is sent, the answer is no fault of ours, and repeats nothing of what a field held (Z1)', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.boolean(), async (body, isNew) => {
      const mark = 'mark of a secret';
      const sent = marked(body, mark);
      const answer = isNew
        ? await house.call('POST', '/api/v1/credentials', by, sent)
        : await house.call('PUT', `/api/v1/credentials/${id}`, by, sent);
      expect(answer.statusCode, answer.body).toBeLessThan(500);
      expect(answer.body).not.toContain(mark);
    }),
    { numRuns: 150 },
  );
  expect(house.logged.join('\n')).not.toContain('mark of a secret');
});

/** The same with a mark in every text of its fields. */
function marked(body: unknown, mark: string): unknown {
  if (typeof body !== 'object' || body === null || !('fields' in body)) return body;
  const { fields } = body;
  if (typeof fields !== 'object' || fields === null) return body;
  return {
    ...body,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? mark + value : value]),
    ),
  };
}
