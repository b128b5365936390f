import type { Held, Span } from './view.ts';

/** What stands where a secret was. */
export const redacted = '[redacted]';

const plain = Buffer.from(redacted);
const littleEndian = Buffer.from(redacted, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();
const wideLittle = Buffer.concat([...redacted].map((letter) => Buffer.from([letter.charCodeAt(0), 0, 0, 0])));
const wideBig = Buffer.from(wideLittle).swap32();

/** A stretch that is covered, and with what. */
export interface Cover extends Span {
  readonly instead: Uint8Array;
}

/** What is covered of the bytes of a text. */
export const coverOfText = (_: Held, span: Span): Cover => ({ ...span, instead: plain });

/**
 * What is covered of bytes. In UTF-16 and UTF-32, told by their zeros, a character keeps its two or four bytes: what follows would else be read as something
 * else.
 */
export function coverOf({ bytes, at: first }: Held, { from, to }: Span): Cover {
  const zeros: [number, number, number, number] = [0, 0, 0, 0];
  for (let at = from; at < to; at++) if (bytes[at - first] === 0) zeros[(at % 4) as 0 | 1 | 2 | 3] += 1;
  // In UTF-32 two bytes beside each other are zero in each character, in UTF-16 every second one.
  const [isWideBig, isWideLittle] = [Math.min(zeros[0], zeros[1]), Math.min(zeros[2], zeros[3])].map(
    (both) => both * 6 > to - from,
  );
  if (isWideBig || isWideLittle)
    return { from: from - (from % 4), to: to + ((4 - (to % 4)) % 4), instead: isWideLittle ? wideLittle : wideBig };
  const [even, odd] = [zeros[0] + zeros[2], zeros[1] + zeros[3]];
  if ((even + odd) * 3 < to - from) return { from, to, instead: plain };
  // A zero at an end belongs to the character whose other byte is beside it.
  return odd >= even
    ? { from: from + (from % 2), to: to + (to % 2), instead: littleEndian }
    : { from: from - (from % 2), to: to - (to % 2), instead: bigEndian };
}
