import { Buffer } from './buffer.ts';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';

const hashes = new Map(
  Object.entries({
    md5,
    ripemd160,
    sha1,
    sha224,
    sha256,
    sha384,
    sha512,
    'sha512-224': sha512_224,
    'sha512-256': sha512_256,
    'sha3-224': sha3_224,
    'sha3-256': sha3_256,
    'sha3-384': sha3_384,
    'sha3-512': sha3_512,
  }),
);

export type Hash = typeof sha256;
export type Bytes = Uint8Array<ArrayBuffer>;

/** A hash by any of its usual spellings: `sha256`, `SHA-256`, `RSA-SHA256`. */
export function hashOf(name: unknown): Hash {
  const plain = String(name)
    .toLowerCase()
    .replace(/^rsa-/, '')
    .replace('/', '-')
    .replace(/^sha-(?=\d)/, 'sha');
  const found = hashes.get(plain);
  if (!found) throw new Error(`There is no hash ${String(name)}: use ${[...hashes.keys()].join(', ')}`);
  return found as Hash;
}

/** The names that `hashOf` knows. */
export const hashNames = (): string[] => [...hashes.keys()];

/** Bytes of a text in an encoding, of a buffer or of a view. */
export function bytesOf(value: unknown, encoding?: unknown): Bytes {
  if (typeof value === 'string') return Uint8Array.from(Buffer.from(value, (encoding ?? 'utf8') as 'utf8'));
  if (ArrayBuffer.isView(value))
    return Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  throw new TypeError('Expected a text, a Buffer, a typed array or an ArrayBuffer');
}

const out = (bytes: Uint8Array, encoding: unknown): unknown => {
  const buffer = Buffer.from(bytes);
  return encoding === undefined || encoding === 'buffer' ? buffer : buffer.toString(encoding as 'hex');
};

interface State {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
  clone(): unknown;
}

/** What `createHash` and `createHmac` give: `update` as often as wished, `digest` once. */
class Digest {
  #state: State;
  #isDone = false;
  constructor(state: State) {
    this.#state = state;
  }
  update(data: unknown, encoding?: unknown): this {
    if (this.#isDone) throw new Error('Digest already called');
    this.#state.update(bytesOf(data, encoding));
    return this;
  }
  digest(encoding?: unknown): unknown {
    if (this.#isDone) throw new Error('Digest already called');
    this.#isDone = true;
    return out(this.#state.digest(), encoding);
  }
  copy(): Digest {
    return new Digest(this.#state.clone() as State);
  }
}

export const createHash = (name: unknown): Digest => new Digest(hashOf(name).create());
export const createHmac = (name: unknown, key: unknown): Digest => new Digest(hmac.create(hashOf(name), bytesOf(key)));
export const hash = (name: unknown, data: unknown, encoding: unknown = 'hex'): unknown =>
  createHash(name).update(data).digest(encoding);

/** Compares bytes; lengths that differ are a mistake, as in Node. */
export function timingSafeEqual(a: unknown, b: unknown): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (left.length !== right.length) throw new RangeError('Input buffers must have the same byte length');
  let differs = 0;
  for (let at = 0; at < left.length; at++) differs |= (left[at] ?? 0) ^ (right[at] ?? 0);
  return differs === 0;
}

export const pbkdf2Sync = (password: unknown, salt: unknown, rounds: number, length: number, name: unknown): Buffer =>
  Buffer.from(pbkdf2(hashOf(name), bytesOf(password), bytesOf(salt), { c: rounds, dkLen: length }));

export function scryptSync(
  password: unknown,
  salt: unknown,
  length: number,
  options: Record<string, number> = {},
): Buffer {
  const { N = options['cost'] ?? 16_384, r = options['blockSize'] ?? 8, p = options['parallelization'] ?? 1 } = options;
  return Buffer.from(scrypt(bytesOf(password), bytesOf(salt), { N, r, p, dkLen: length }));
}

export const hkdfSync = (name: unknown, key: unknown, salt: unknown, info: unknown, length: number): ArrayBuffer =>
  Uint8Array.from(hkdf(hashOf(name), bytesOf(key), bytesOf(salt), bytesOf(info), length)).buffer;

export const hmacOf = (name: unknown, key: Uint8Array, data: Uint8Array): Uint8Array => hmac(hashOf(name), key, data);
export const deriveBy = {
  PBKDF2: (
    name: unknown,
    key: Uint8Array,
    { salt, iterations }: { salt: unknown; iterations: number },
    length: number,
  ) => pbkdf2(hashOf(name), key, bytesOf(salt), { c: iterations, dkLen: length }),
  HKDF: (name: unknown, key: Uint8Array, { salt, info }: { salt: unknown; info: unknown }, length: number) =>
    hkdf(hashOf(name), key, bytesOf(salt), bytesOf(info), length),
};
