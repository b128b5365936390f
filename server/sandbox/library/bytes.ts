import { Buffer } from './buffer.ts';
import * as hashing from './hash.ts';
import { subtleWith } from './subtle.ts';

/** What an isolate gets when its code first asks for bytes. */
export { Buffer };

/** The names of Node's `crypto` that need keys, ciphers or streams, which code does not have. */
const missing = [
  'createCipheriv',
  'createDecipheriv',
  'createSign',
  'createVerify',
  'createPublicKey',
  'createPrivateKey',
  'createSecretKey',
  'createDiffieHellman',
  'createECDH',
  'generateKeyPairSync',
  'generateKeyPair',
  'publicEncrypt',
  'privateDecrypt',
  'privateEncrypt',
  'publicDecrypt',
  'sign',
  'verify',
];

/** `crypto` as Node and the web know it, as far as code may have it; `random` gives whole numbers below its argument. */
export function cryptoWith(random: (below: number) => number, randomUUID: () => string): object {
  const randomBytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)));
  const { createHash, createHmac, hash, timingSafeEqual, pbkdf2Sync, scryptSync, hkdfSync, hashNames } = hashing;
  const refused = missing.map((name) => [
    name,
    () => {
      throw new Error(`crypto.${name} is not there in code: let the service or another node do it`);
    },
  ]);
  return {
    ...Object.fromEntries(refused),
    randomUUID,
    randomBytes,
    randomInt: (min: number, max?: number) => (max === undefined ? random(min) : min + random(max - min)),
    getRandomValues: <View extends ArrayBufferView>(view: View): View => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
      return view;
    },
    createHash,
    createHmac,
    hash,
    timingSafeEqual,
    pbkdf2Sync,
    scryptSync,
    hkdfSync,
    getHashes: hashNames,
    subtle: subtleWith((length) => Uint8Array.from(randomBytes(length))),
  };
}

/** A keyed digest of a text, as services sign with: `hmac(text, key)` is SHA-256 in hex. */
export const hmac = (data: unknown, key: unknown, name: unknown = 'sha256', encoding: unknown = 'hex'): unknown =>
  hashing.createHmac(name, key).update(data).digest(encoding);
