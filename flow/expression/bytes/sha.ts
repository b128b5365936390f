import { sha256 } from '../../document/sha256.ts';
import { padded, primes, rootBits } from './blocks.ts';

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function words(state: Uint32Array, count: number): Uint8Array {
  const out = new DataView(new ArrayBuffer(count * 4));
  for (let i = 0; i < count; i++) out.setUint32(i * 4, state[i] ?? 0);
  return new Uint8Array(out.buffer);
}

/** SHA-1 (FIPS 180-4). For fingerprints that others expect, never for secrets. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64, false);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  for (let at = 0; at < message.byteLength; at += 64) mix1(state, message, at);
  return words(state, 5);
}

function mix1(state: Uint32Array, message: DataView, at: number): void {
  const w = new Uint32Array(80);
  for (let i = 0; i < 80; i++)
    w[i] =
      i < 16
        ? message.getUint32(at + i * 4)
        : rotate((w[i - 3] ?? 0) ^ (w[i - 8] ?? 0) ^ (w[i - 14] ?? 0) ^ (w[i - 16] ?? 0), 31);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const [f, k] = pick1(i, b, c, d);
    const next = (rotate(a, 27) + f + e + k + (w[i] ?? 0)) >>> 0;
    [e, d, c, b, a] = [d, c, rotate(b, 2), a, next];
  }
  [a, b, c, d, e].forEach((word, i) => (state[i] = (state[i] ?? 0) + word));
}

function pick1(i: number, b: number, c: number, d: number): [mixed: number, constant: number] {
  if (i < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (i < 40) return [b ^ c ^ d, 0x6ed9eba1];
  return i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
}

let start224: Uint32Array | undefined;

/** SHA-224 (FIPS 180-4): SHA-256 from the second half of the roots of the ninth to sixteenth primes, cut. Worked out at its first use. */
export function sha224(bytes: Uint8Array): Uint8Array {
  start224 ??= Uint32Array.from(primes(16).slice(8), (prime) => Number(rootBits(prime, 2) & 0xffffffffn));
  return sha256(bytes, start224).subarray(0, 28);
}
