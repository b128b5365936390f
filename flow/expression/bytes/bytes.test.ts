import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { digest, digestNames, keyedDigest } from './digest.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

it.each(digestNames)('%s gives what the host gives, for messages around every block edge', (name) => {
  const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 300];
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    expect(Buffer.from(digest(name, bytes) ?? [])).toEqual(createHash(name).update(bytes).digest());
    expect(Buffer.from(keyedDigest(name, bytes, bytes) ?? [])).toEqual(createHmac(name, bytes).update(bytes).digest());
  }
});

it('knows no digest of another name, not even one of a prototype', () => {
  expect(digest('constructor', new Uint8Array())).toBeUndefined();
  expect(keyedDigest('constructor', new Uint8Array(), new Uint8Array())).toBeUndefined();
});

it('encodes UTF-8 as the host does, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([...toUtf8(text)]).toEqual([...Buffer.from(text)]);
    }),
  );
});

it('decodes any bytes as the host does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(fromUtf8(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    }),
  );
});

it('reads base64 that it wrote, and rubbish, as the host does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, text) => {
      const rubbish = text.replaceAll('=', '');
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...fromBase64(toBase64(bytes))]).toEqual([...bytes]);
      expect([...fromBase64(rubbish)]).toEqual([...Buffer.from(rubbish, 'base64')]);
    }),
  );
});
