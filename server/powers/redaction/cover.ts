import type { Held, Span } from './view.ts';

/** What stands where a secret was. */
export const redacted = '[redacted]';

const plain = Buffer.from(redacted);
const littleEndian = Buffer.from(redacted, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();

/** A stretch that is covered, and with what. */
export interface Cover extends Span {
  readonly instead: Uint8Array;
}

/** What is covered of the bytes of a text. */
export const coverOfText = (_: Held, span: Span): Cover => ({ ...span, instead: plain });

/** What is covered of bytes. In UTF-16, told by its zeros, a character keeps its two bytes: what follows would else be read as something else. */
export function coverOf({ bytes, at: first }: Held, { from, to }: Span): Cover {
  const zeros = [0, 0] as [even: number, odd: number];
  for (let at = from; at < to; at++) if (bytes[at - first] === 0) zeros[(at % 2) as 0 | 1] += 1;
  const [even, odd] = zeros;
  if ((even + odd) * 3 < to - from) return { from, to, instead: plain };
  // A zero at an end belongs to the character whose other byte is beside it.
  return odd >= even
    ? { from: from + (from % 2), to: to + (to % 2), instead: littleEndian }
    : { from: from - (from % 2), to: to - (to % 2), instead: bigEndian };
}
