import { padded } from './blocks.ts';

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0);

/** MD5 (RFC 1321). For fingerprints that others expect, never for secrets. */
export function md5(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64, true);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let at = 0; at < message.byteLength; at += 64) mix(state, message, at);
  const out = new DataView(new ArrayBuffer(16));
  state.forEach((word, i) => out.setUint32(i * 4, word, true));
  return new Uint8Array(out.buffer);
}

function mix(state: Uint32Array, message: DataView, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const [f, g] = pick(round, i, b, c, d);
    const sum = (a + f + (sines[i] ?? 0) + message.getUint32(at + g * 4, true)) >>> 0;
    const shift = shifts[round * 4 + (i & 3)] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) >>> 0];
  }
  [a, b, c, d].forEach((word, i) => (state[i] = (state[i] ?? 0) + word));
}

function pick(round: number, i: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (round === 0) return [(b & c) | (~b & d), i];
  if (round === 1) return [(d & b) | (~d & c), (5 * i + 1) % 16];
  return round === 2 ? [b ^ c ^ d, (3 * i + 5) % 16] : [c ^ (b | ~d), (7 * i) % 16];
}
