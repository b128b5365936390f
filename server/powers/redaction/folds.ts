import type { View } from './view.ts';

/** How a view is read as one long base64 or hexadecimal text: per byte what it counts as. */
export type Fold = Uint8Array;

/** Ends whatever was being read; none of the folded bytes is 0. */
const barrier = 0;
/** Stands between two parts of one text. */
const skipped = 1;
/** The x of `0x41` or `\x41`. */
const prefix = 2;

function foldOf(folded: string, asIs: string, between: string): Fold {
  const table = new Uint8Array(256).fill(barrier);
  for (const char of between) table[char.charCodeAt(0)] = skipped;
  for (let at = 0; at < folded.length; at++) table[asIs.charCodeAt(at)] = folded.charCodeAt(at);
  return table;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const alphabet = `${letters}${letters.toUpperCase()}${digits}+/`;

/** Both alphabets as one, and lines broken anywhere (MIME, PEM). */
export const base64Fold = foldOf(`${alphabet}+/`, `${alphabet}-_`, ' \t\r\n');

/** Digits in small letters, whatever stands between bytes: `41:42`, `41 42`, `%41%42`, `0x41, 0x42`. */
export const hexFold = foldOf(`${digits}abcdefabcdef`, `${digits}abcdefABCDEF`, ' \t\r\n:%=-_.,;\\');
for (const char of 'xX') hexFold[char.charCodeAt(0)] = prefix;

/** Reads a view by a fold. */
export function fold(view: View, by: Fold, out: View): void {
  const { bytes, from, to, length } = view;
  const { bytes: outBytes, from: outFrom, to: outTo } = out;
  let size = 0;
  for (let at = 0; at < length; at++) {
    let byte = by[bytes[at]!]!;
    if (byte === prefix) {
      const before = at > 0 ? bytes[at - 1]! : 0;
      if (before === zero && size > 0) size -= 1;
      byte = before === zero || before === backslash ? skipped : barrier;
    }
    if (byte === skipped || (byte === barrier && (size === 0 || outBytes[size - 1] === barrier))) continue;
    outBytes[size] = byte;
    outFrom[size] = from[at]!;
    outTo[size++] = to[at]!;
  }
  out.length = size;
}

const zero = '0'.charCodeAt(0);
const backslash = '\\'.charCodeAt(0);
