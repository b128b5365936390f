import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64url, sha256, sha256Hex } from './hashing.ts';

test('digests agree with the platform for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256Hex(text)).toBe(createHash('sha256').update(Buffer.from(text.toWellFormed())).digest('hex'));
    }),
  );
});

test('base64url agrees with the platform for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
});

test('a digest has 32 bytes', () => {
  expect(sha256('')).toHaveLength(32);
});
