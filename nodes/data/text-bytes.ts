/** How text is written in bytes; `auto` is UTF-8, or UTF-16 when a byte order mark says so. */
export type Encoding = 'auto' | 'utf-8' | 'utf-16le' | 'windows-1252';

// Nodes know no platform, so there is no TextDecoder here: it is neither in the language nor in the sandbox.

/** The text that bytes spell, without its byte order mark. What is not valid becomes U+FFFD. Source: WHATWG Encoding. */
export function decodeText(bytes: Uint8Array, encoding: Encoding = 'auto'): string {
  if (encoding === 'windows-1252') return inChunks(bytes.length, (at) => windows1252[bytes[at]! - 0x80] ?? bytes[at]!);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (encoding === 'utf-16le' || (encoding === 'auto' && isWide)) return decodeUtf16(bytes, isWide ? 2 : 0);
  return decodeUtf8(bytes);
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  const wellFormed = text.toWellFormed();
  // A UTF-16 unit takes at most three bytes; a pair takes four for two.
  const bytes = new Uint8Array(wellFormed.length * 3);
  let length = 0;
  for (let at = 0; at < wellFormed.length; at += 1) {
    const point = wellFormed.codePointAt(at)!;
    if (point > 0xffff) at += 1;
    length = writePoint(bytes, length, point);
  }
  return bytes.slice(0, length);
}

// What a byte that begins a sequence looks like, by how many bytes follow.
const leads = [0, 0xc0, 0xe0, 0xf0];

function writePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  bytes[at] = leads[more]! | (point >> (6 * more));
  for (let byte = 1; byte <= more; byte += 1) bytes[at + byte] = 0x80 | ((point >> (6 * (more - byte))) & 0x3f);
  return at + more + 1;
}

const replacement = 0xfffd;

function decodeUtf8(bytes: Uint8Array): string {
  const points: number[] = [];
  const chunks: string[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      points.push(lead);
      at += 1;
    } else {
      const [point, length] = longPoint(bytes, at, lead);
      points.push(point);
      at += length;
    }
    if (points.length === chunkSize) chunks.push(String.fromCodePoint(...points.splice(0)));
  }
  return chunks.join('') + String.fromCodePoint(...points);
}

/** The code point that begins here and its bytes; U+FFFD for the longest part that could have begun one. */
function longPoint(bytes: Uint8Array, at: number, lead: number): [point: number, length: number] {
  const more =
    lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
  let point = lead & (0x3f >> more);
  for (let byte = 1; byte <= more; byte += 1) {
    const next = bytes[at + byte] ?? 0;
    const low = byte > 1 ? 0x80 : (lowest.get(lead) ?? 0x80);
    const high = byte > 1 ? 0xbf : (highest.get(lead) ?? 0xbf);
    if (next < low || next > high) return [replacement, byte];
    point = (point << 6) | (next & 0x3f);
  }
  return more === 0 ? [replacement, 1] : [point, more + 1];
}

// After these leads the second byte is bounded more tightly: no overlong forms, no surrogates, nothing past U+10FFFF.
const lowest = new Map([
  [0xe0, 0xa0],
  [0xf0, 0x90],
]);
const highest = new Map([
  [0xed, 0x9f],
  [0xf4, 0x8f],
]);

const decodeUtf16 = (bytes: Uint8Array, start: number): string =>
  inChunks(
    (bytes.length - start) >> 1,
    (at) => bytes[start + at * 2]! | (bytes[start + at * 2 + 1]! << 8),
  ).toWellFormed();

// Arguments live on the stack; 8,192 of them are safe everywhere.
const chunkSize = 8_192;

function inChunks(length: number, unitAt: (at: number) => number): string {
  const chunks: string[] = [];
  for (let start = 0; start < length; start += chunkSize) {
    const units = Array.from({ length: Math.min(chunkSize, length - start) }, (_, at) => unitAt(start + at));
    chunks.push(String.fromCharCode(...units));
  }
  return chunks.join('');
}

/** What the bytes 0x80 to 0x9F mean; the others are their own code point. Source: WHATWG Encoding, index windows-1252. */
const windows1252: readonly number[] = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
  0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
  0x017e, 0x0178,
];
