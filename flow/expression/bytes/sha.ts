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

type Tables = { readonly constants: Uint32Array; readonly sha256: Uint32Array; readonly sha224: Uint32Array };

let made: Tables | undefined;

/** Worked out at the first use: 20 ms that most processes never need. */
function tables(): Tables {
  const high = (bits: bigint): number => Number(bits >> 32n);
  return (made ??= {
    constants: Uint32Array.from(primes(64), (prime) => high(rootBits(prime, 3))),
    sha256: Uint32Array.from(primes(8), (prime) => high(rootBits(prime, 2))),
    // SHA-224 starts from the second half of the roots of the ninth to sixteenth primes.
    sha224: Uint32Array.from(primes(16).slice(8), (prime) => Number(rootBits(prime, 2) & 0xffffffffn)),
  });
}

/** SHA-256, or SHA-224 (FIPS 180-4). */
export function sha256(bytes: Uint8Array, name: 'sha256' | 'sha224'): Uint8Array {
  const message = padded(bytes, 64, false);
  const state = tables()[name].slice();
  for (let at = 0; at < message.byteLength; at += 64) mix2(state, message, at);
  return words(state, name === 'sha256' ? 8 : 7);
}

function mix2(state: Uint32Array, message: DataView, at: number): void {
  const { constants } = tables();
  const w = schedule(message, at);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (w[i] ?? 0)) >>> 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] ?? 0) + word));
}

function schedule(message: DataView, at: number): Uint32Array {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = message.getUint32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] ?? 0;
    const y = w[i - 2] ?? 0;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = (w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1;
  }
  return w;
}
