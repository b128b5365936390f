import { ALL_ENTITIES } from '@nodable/entities';
import { hexOf } from '../../text/json-scan.ts';
import type { View } from './view.ts';

/** Kinds of escapes that are read together: the bytes that begin them. */
export type Scheme = Uint8Array;

const code = (char: string) => char.charCodeAt(0);
const leads = { percent: code('%'), backslash: code('\\'), and: code('&') };
const schemeOf = (chars: string): Scheme => {
  const scheme = new Uint8Array(256);
  for (const char of chars) scheme[code(char)] = 1;
  return scheme;
};

/**
 * Every way to write a character that services have: `%41`, `%u0041`; `\u0041`, `\x41`, `\n`, `\"`; `&amp;`, `&#65;`, `&#x41;`. Together, because they are
 * mixed; and each by itself, for secrets in which there is what another one would take for an escape of its own.
 */
const kinds = ['%', '\\', '&'];
export const together: Scheme = schemeOf(kinds.join(''));
export const apart: readonly Scheme[] = kinds.map(schemeOf);

/** Quotation marks that are written twice: in CSV these, in SQL those. */
export const quotes: readonly Scheme[] = ['"', "'"].map(schemeOf);

/** What encodings put between letters and is no part of the text: UTF-16 and UTF-32 zeros, ISO 2022 its escapes. */
export const between: Scheme = schemeOf('\0\x1b');

/** Whether a secret has in itself what begins an escape. */
export const looksEscaped = (secret: string): boolean => /[%\\&]/.test(secret);

/** Whether a secret has in itself what is written twice. */
export const hasQuotes = (secret: string): boolean => /["']/.test(secret);

/** Whether a byte is a quotation mark. */
export const isQuote = (byte: number | undefined): boolean => byte === code('"') || byte === code("'");

/** Reads one layer of escapes; what is escaped twice is read by reading it twice. False, with nothing written, when there is none. */
export function unescape(view: View, out: View, scheme: Scheme): boolean {
  const { bytes, from, to, length } = view;
  let first = 0;
  while (first < length && (scheme[bytes[first]!] === 0 || read(view, first) === 0)) first++;
  if (first === length) return false;
  const { bytes: outBytes, from: outFrom, to: outTo } = out;
  outBytes.set(bytes.subarray(0, first));
  outFrom.set(from.subarray(0, first));
  outTo.set(to.subarray(0, first));
  let size = first;
  for (let at = first; at < length;) {
    const taken = scheme[bytes[at]!] === 0 ? 0 : read(view, at);
    if (taken === 0) {
      outBytes[size] = bytes[at]!;
      outFrom[size] = from[at]!;
      outTo[size++] = to[at++]!;
      continue;
    }
    for (let nth = 0; nth < meant.length; nth++) {
      outBytes[size] = meant.bytes[nth]!;
      outFrom[size] = from[at]!;
      outTo[size++] = to[at + taken - 1]!;
    }
    at += taken;
  }
  out.length = size;
  return true;
}

/** Layers of escapes that are read, of secrets and texts alike. */
const layersMost = 8;

/** A view with one layer of escapes taken off after the other, each until the next but one is asked for: two places are read to in turn. */
export function* layers(
  view: View,
  scheme: Scheme,
  { first, second }: { readonly first: View; readonly second: View },
): Generator<View, void> {
  let [now, next, other] = [view, first, second];
  for (let layer = 0; layer < layersMost && unescape(now, next, scheme); layer++) {
    yield next;
    [now, next, other] = [next, other, next];
  }
}

/** What the escape that was read last stands for. */
const meant = { bytes: new Uint8Array(16), length: 0 };

/** Up to four bytes; those left out are none. */
function means(first?: number, second?: number, third?: number, fourth?: number): void {
  let size = 0;
  if (first !== undefined) meant.bytes[size++] = first;
  if (second !== undefined) meant.bytes[size++] = second;
  if (third !== undefined) meant.bytes[size++] = third;
  if (fourth !== undefined) meant.bytes[size++] = fourth;
  meant.length = size;
}

/** A character in UTF-8; half of a pair that lacks the other as three bytes, so that nothing else is taken for it. */
function meansPoint(point: number): void {
  const low = (shift: number) => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x80) means(point);
  else if (point < 0x800) means(0xc0 | (point >> 6), low(0));
  else if (point < 0x1_0000) means(0xe0 | (point >> 12), low(6), low(0));
  else means(0xf0 | (point >> 18), low(12), low(6), low(0));
}

/** How many bytes the escape at a place takes; 0 when there is none. */
function read(view: View, at: number): number {
  const { bytes, length: end } = view;
  switch (bytes[at]) {
    case 0:
      means();
      return 1;
    case escape:
      means();
      return shiftAt(bytes, at, end);
    case leads.percent:
      return readPercent(bytes, at, end);
    case leads.backslash:
      return readBackslash(bytes, at, end);
    case leads.and:
      return readEntity(bytes, at, end);
    default:
      return readTwice(view, at);
  }
}

const escape = 0x1b;

const marksMost = 3;

/** How many bytes an escape of ISO 2022 takes, as `ESC ( B` and `ESC $ ( D`: marks, then what ends it; 0 when it is none (ECMA-35, 13.2). */
function shiftAt(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + 1 + marksMost);
  let next = at + 1;
  while (next < last && bytes[next]! >= 0x20 && bytes[next]! < 0x30) next++;
  const isOne = next > at + 1 && next < end && bytes[next]! >= 0x30 && bytes[next]! < 0x7f;
  return isOne ? next + 1 - at : 0;
}

/** A quotation mark that is written twice, both in the same way: of `\""` in JSON the second one is no part of the text. */
function readTwice({ bytes, from, to, length }: View, at: number): number {
  const next = at + 1;
  if (next >= length || bytes[next] !== bytes[at] || to[at]! - from[at]! !== to[next]! - from[next]!) return 0;
  means(bytes[at]!);
  return 2;
}

function readPercent(bytes: Uint8Array, at: number, end: number): number {
  const byte = hexAt(bytes, at + 1, 2, end);
  if (byte >= 0) {
    means(byte);
    return 3;
  }
  return (bytes[at + 1]! | 0x20) === code('u') ? readUnit(bytes, at, end) : 0;
}

/** `%u` or `\u` and four digits; two halves of one character together. */
function readUnit(bytes: Uint8Array, at: number, end: number): number {
  const unit = hexAt(bytes, at + 2, 4, end);
  if (unit < 0) return 0;
  const isPair = (unit & 0xfc00) === 0xd800 && bytes[at + 6] === bytes[at] && bytes[at + 7] === bytes[at + 1];
  const other = isPair ? hexAt(bytes, at + 8, 4, end) : -1;
  const isWhole = (other & 0xfc00) === 0xdc00;
  meansPoint(isWhole ? 0x1_0000 + ((unit & 0x3ff) << 10) + (other & 0x3ff) : unit);
  return isWhole ? 12 : 6;
}

const controls = new Map(
  [...'b\bf\fn\nr\rt\tv\v'.matchAll(/(.)(.)/gsu)].map(([, name, char]) => [code(name!), code(char!)]),
);

function readBackslash(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  const next = bytes[at + 1]!;
  if (next === code('u')) return readUnit(bytes, at, end);
  if (next === code('x')) {
    const point = hexAt(bytes, at + 2, 2, end);
    if (point >= 0) meansPoint(point);
    return point < 0 ? 0 : 4;
  }
  const control = controls.get(next);
  if (control === undefined && !isMark(next)) return 0;
  means(control ?? next);
  return 2;
}

/** What stands for itself behind a backslash: ASCII that is neither a letter, a digit nor white space. */
const isMark = (byte: number) => byte > 0x20 && byte < 0x7f && !isWord(byte);
const isWord = (byte: number) => (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);

const utf8 = new TextEncoder();
const entities = new Map(Object.entries(ALL_ENTITIES).map(([name, text]) => [name, utf8.encode(text)]));
const longestName = Math.max(...[...entities.keys()].map((name) => name.length), 12);

/** `&name;`, `&#65;` or `&#x41;`, with its semicolon: without one its end is a guess. */
function readEntity(bytes: Uint8Array, at: number, end: number): number {
  const most = Math.min(end, at + longestName + 2);
  let close = at + 1;
  while (close < most && (isWord(bytes[close]!) || (close === at + 1 && bytes[close] === code('#')))) close++;
  if (close >= most || bytes[close] !== code(';')) return 0;
  const name = String.fromCharCode(...bytes.subarray(at + 1, close));
  const number = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name);
  const point = number ? Number.parseInt(number[1] ?? number[2]!, number[1] === undefined ? 10 : 16) : -1;
  const named = entities.get(name);
  if (point >= 0 && point <= 0x10_ffff) meansPoint(point);
  else if (named && named.length <= meant.bytes.length) {
    meant.bytes.set(named);
    meant.length = named.length;
  } else return 0;
  return close + 1 - at;
}

/** The value of so many hexadecimal digits; -1 when there are not so many. */
function hexAt(bytes: Uint8Array, at: number, digits: number, end: number): number {
  if (at + digits > end) return -1;
  let value = 0;
  for (let nth = 0; nth < digits; nth++) {
    const digit = hexOf(bytes[at + nth]!);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
