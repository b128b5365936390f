import { expect, test } from 'vitest';
import { containment } from './cells/contain.ts';
import { openPlace } from './triggers/testing/place.ts';

test('says where webhooks answer and what code runs in, as it was found', async () => {
  await using place = await openPlace({
    env: { HEDDLE_URL: 'https://a.example', HEDDLE_HOOKS_URL: 'https://b.example' },
  });
  const { json } = await place.call('GET', '/api/v1/installation', undefined, 'viewer');
  expect(json).toMatchObject({ hooks: 'https://b.example', sandbox: containment() });
});
