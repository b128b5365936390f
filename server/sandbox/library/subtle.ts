import { Buffer } from './buffer.ts';
import { bytesOf, deriveBy, hashOf, hmacOf, timingSafeEqual } from './hash.ts';
import type { Bytes } from './hash.ts';

type Algorithm = { readonly name: string; readonly hash?: unknown } & Readonly<Record<string, unknown>>;
type Random = (length: number) => Bytes;

/** A key of `crypto.subtle`; its bytes are not to be had but by `exportKey`. */
class CryptoKey {
  readonly type = 'secret';
  readonly algorithm: Algorithm;
  readonly extractable: boolean;
  readonly usages: readonly string[];
  constructor(algorithm: Algorithm, extractable: boolean, usages: readonly string[], bytes: Bytes) {
    this.algorithm = algorithm;
    this.extractable = extractable;
    this.usages = usages;
    material.set(this, bytes);
  }
}
const material = new WeakMap<object, Bytes>();

const nameOf = (given: unknown): string => String(Object(given).name ?? given);
const hashName = (given: unknown): unknown => Object(given).name ?? given;
const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function refused(what: string): never {
  throw new Error(
    `crypto.subtle has no ${what} in code. There are digest, HMAC (sign, verify), PBKDF2 and HKDF (deriveBits); for others let the service or another node do it.`,
  );
}

function algorithmOf(given: unknown): Algorithm {
  const name = nameOf(given).toUpperCase();
  if (!['HMAC', 'PBKDF2', 'HKDF'].includes(name)) return refused(nameOf(given));
  const hash = Object(given).hash;
  if (name === 'HMAC') hashOf(hashName(hash));
  return { name, ...(hash === undefined ? {} : { hash: { name: String(hashName(hash)) } }) };
}

function bytesIn(key: unknown): { bytes: Bytes; key: CryptoKey } {
  const bytes = key instanceof CryptoKey ? material.get(key) : undefined;
  if (!bytes || !(key instanceof CryptoKey))
    throw new TypeError('The key is no CryptoKey: make one by crypto.subtle.importKey');
  return { bytes, key };
}

function mayBeUsed(key: CryptoKey, usage: string): void {
  if (!key.usages.includes(usage))
    throw new Error(`The key may not be used to ${usage}: name it in importKey's usages`);
}

/** What web pages know as `crypto.subtle`, for what needs no more than hashes. */
export const subtleWith = (random: Random) => ({
  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    return buffer(hashOf(nameOf(algorithm))(bytesOf(data)));
  },
  async importKey(
    format: unknown,
    data: unknown,
    algorithm: unknown,
    extractable: unknown,
    usages: string[],
  ): Promise<CryptoKey> {
    const made = algorithmOf(algorithm);
    if (format !== 'raw' && format !== 'jwk') return refused(`keys of the format ${String(format)}`);
    const bytes = format === 'jwk' ? bytesOf(String(Object(data).k), 'base64url') : bytesOf(data);
    return new CryptoKey(made, extractable === true, [...usages], bytes);
  },
  async exportKey(format: unknown, given: unknown): Promise<unknown> {
    const { bytes, key } = bytesIn(given);
    if (!key.extractable) throw new Error('The key is not extractable');
    if (format === 'raw') return buffer(bytes);
    if (format !== 'jwk') return refused(`keys of the format ${String(format)}`);
    return { kty: 'oct', k: Buffer.from(bytes).toString('base64url' as 'base64'), ext: true, key_ops: [...key.usages] };
  },
  async generateKey(algorithm: unknown, extractable: unknown, usages: string[]): Promise<CryptoKey> {
    const made = algorithmOf(algorithm);
    const bits = Object(algorithm).length ?? 8 * hashOf(hashName(Object(algorithm).hash)).blockLen;
    return new CryptoKey(made, extractable === true, [...usages], random(Math.ceil(Number(bits) / 8)));
  },
  async sign(algorithm: unknown, given: unknown, data: unknown): Promise<ArrayBuffer> {
    if (nameOf(algorithm).toUpperCase() !== 'HMAC') return refused(`signatures by ${nameOf(algorithm)}`);
    const { bytes, key } = bytesIn(given);
    mayBeUsed(key, 'sign');
    return buffer(hmacOf(hashName(key.algorithm.hash), bytes, bytesOf(data)));
  },
  async verify(algorithm: unknown, given: unknown, signature: unknown, data: unknown): Promise<boolean> {
    if (nameOf(algorithm).toUpperCase() !== 'HMAC') return refused(`signatures by ${nameOf(algorithm)}`);
    const { bytes, key } = bytesIn(given);
    mayBeUsed(key, 'verify');
    const [right, told] = [hmacOf(hashName(key.algorithm.hash), bytes, bytesOf(data)), bytesOf(signature)];
    return right.length === told.length && timingSafeEqual(right, told);
  },
  async deriveBits(algorithm: unknown, given: unknown, bits: number): Promise<ArrayBuffer> {
    const name = nameOf(algorithm).toUpperCase();
    if (name !== 'PBKDF2' && name !== 'HKDF') return refused(`deriveBits by ${nameOf(algorithm)}`);
    const { bytes } = bytesIn(given);
    const how = Object(algorithm);
    return buffer(deriveBy[name](hashName(how.hash), bytes, how, bits / 8));
  },
  encrypt: async () => refused('encrypt'),
  decrypt: async () => refused('decrypt'),
  wrapKey: async () => refused('wrapKey'),
  unwrapKey: async () => refused('unwrapKey'),
  deriveKey: async () => refused('deriveKey'),
});
