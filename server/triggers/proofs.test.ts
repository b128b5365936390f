import { expect, test } from 'vitest';
import { proofHeaders, Proofs } from './proofs.ts';

test.each([
  [{ auth: { kind: 'none' } }, []],
  [{ auth: { kind: 'basic', credential: 'login' } }, ['authorization']],
  [{ auth: { kind: 'header', name: 'X-Api-Key', credential: 'key' } }, ['x-api-key']],
  [{ auth: { kind: 'jwt', algorithm: 'HS256' } }, ['authorization']],
  [{ path: 'a form has none' }, []],
])('callers of %j prove themselves by %j', (params, headers) => {
  expect(proofHeaders(params)).toEqual(headers);
});

test('what proves callers of a path does so at every address that the path answers to', () => {
  const proofs = new Proofs([
    { shape: 'orders/new', header: 'x-key' },
    { shape: 'orders/:', header: 'authorization' },
    { shape: ':/new', header: 'x-any' },
    { shape: 'orders', header: 'x-list' },
  ]);
  expect(proofs.at(['orders', 'new'])).toEqual(['x-key', 'authorization', 'x-any']);
  expect(proofs.at(['orders', '17'])).toEqual(['authorization']);
  expect(proofs.at(['orders'])).toEqual(['x-list']);
  expect(proofs.at(['orders', '17', 'lines'])).toEqual([]);
  expect(new Proofs([]).at(['orders'])).toEqual([]);
});
