import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64url, sha256, sha256Hex, utf8 } from './sha256.ts';

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
      expect(sha256(bytes)).toHaveLength(32);
    }),
  );
});

test('utf8 agrees with the platform, lone surrogates included', () => {
  expect([...utf8('aé€😀\ud800')]).toEqual([...Buffer.from('aé€😀\ud800'.toWellFormed())]);
});
