import { expect, test } from 'vitest';
import * as z from 'zod';
import { titleText } from './titles.ts';

const secret = z.string().meta({ title: 'Secret', id: 'secret' });
const shape = z.object({
  url: z.string().meta({ title: 'Address' }),
  fields: z.array(z.object({ value: z.string().meta({ title: 'Value' }), raw: z.string() })).meta({ title: 'Fields' }),
  auth: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('basic'), key: secret, own: secret.meta({ title: 'Own key' }) }),
    ])
    .meta({ title: 'Sign in' }),
  pair: z.tuple([z.object({ a: z.string().meta({ title: 'First' }) }), z.string()]).meta({ title: 'Pair' }),
  plain: z.string(),
});
const schema: Record<string, unknown> = { ...z.toJSONSchema(shape, { io: 'input' }) };

test.each<[readonly (string | number)[], string]>([
  [['url'], 'Address'],
  [['plain'], 'plain'],
  [['nowhere', 'at', 0, 'all'], 'nowhere › at 1 › all'],
  [['fields', 0], 'Field 1'],
  [['fields', 2, 'value'], 'Field 3 › Value'],
  [['fields', 0, 'raw'], 'Field 1 › raw'],
  [['auth', 'key'], 'Sign in › Secret'],
  [['auth', 'own'], 'Sign in › Own key'],
  [['pair', 0, 'a'], 'Pair 1 › First'],
  [[0], 'Entry 1'],
])('%j is called %s', (path, words) => {
  expect(titleText(schema, path)).toBe(words);
});
