import { createHash, createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { digest, digestNames, keyedDigest } from './digest.ts';

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
