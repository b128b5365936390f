/**
 * SHA-256 (FIPS 180-4) in plain TypeScript: `flow/` runs in browsers and on servers alike and may import neither's crypto.
 * Used for fingerprints and idempotency keys, never for passwords or signatures.
 */
export const sha256Hex = (text: string): string =>
  [...sha256(utf8(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The digest's 32 bytes. SHA-224 is the first 28 from another start. */
export function sha256(message: Uint8Array, start: Uint32Array | readonly number[] = initial): Uint8Array {
  const state = Uint32Array.from(start);
  const padded = pad(message);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, padded, offset, schedule);
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  state.forEach((word, index) => view.setUint32(index * 4, word));
  return digest;
}

/** The bytes of a text in UTF-8; a lone surrogate becomes U+FFFD, as encoders do. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Base64url without padding (RFC 4648, 5). */
export function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at] as number, bytes[at + 1], bytes[at + 2]];
    text += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    if (b !== undefined) text += alphabet[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    if (c !== undefined) text += alphabet[c & 63]!;
  }
  return text;
}

function pad(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((message.length + 9 + 63) >> 6) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const bits = message.length * 8;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(padded.length - 4, bits >>> 0);
  return padded;
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

function compress(state: Uint32Array, block: Uint8Array, offset: number, schedule: Uint32Array): void {
  const view = new DataView(block.buffer, block.byteOffset + offset, 64);
  for (let t = 0; t < 16; t++) schedule[t] = view.getUint32(t * 4);
  for (let t = 16; t < 64; t++) {
    const [w2, w7, w15, w16] = [schedule[t - 2]!, schedule[t - 7]!, schedule[t - 15]!, schedule[t - 16]!];
    const small0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const small1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    schedule[t] = w16 + small0 + w7 + small1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + constants[t]! + schedule[t]!) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = state[index]! + word));
}

/** The first 32 bits of the fractional parts of the roots of the first primes, worked out rather than typed in. */
const firstPrimes = (count: number): number[] => {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
};
const fraction = (value: number) => Math.floor((value - Math.floor(value)) * 2 ** 32);
const initial = firstPrimes(8).map((prime) => fraction(Math.sqrt(prime)));
const constants = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
