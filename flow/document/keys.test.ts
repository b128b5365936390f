import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshKey, keyFrom } from './keys.ts';
import { nodeKey } from './workflow.ts';

test.each([
  ['Fetch orders', 'fetch_orders'],
  ['rules.if', 'if'],
  ['connect.http-request', 'http_request'],
  ['Größe & Maß', 'gro_e_ma'],
  ['3rd try!', 'rd_try'],
  ['注文', 'node'],
  ['constructor', 'node'],
  ['', 'node'],
])('%s gives the key %s', (words, key) => {
  expect(keyFrom(words)).toBe(key);
});

test('a key that is taken gets the next free number', () => {
  expect(freshKey('Price', new Set(['price', 'price_2']))).toBe('price_3');
  expect(freshKey('price_2', new Set(['price', 'price_2']))).toBe('price_3');
});

test('every key is a key, and free', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (words, others) => {
      const taken = new Set([...others, keyFrom(words)]);
      const key = freshKey(words, taken);
      expect(nodeKey.safeParse(key).success).toBe(true);
      expect(taken.has(key)).toBe(false);
    }),
  );
});
