import { isAscii, isUtf8 } from 'node:buffer';
import { Fields } from './fields.ts';
import { longestName } from '../../text/content-type.ts';
import { holdsAscii, isEncoding } from '../../text/decode-text.ts';
import { hexOf } from '../../text/json-scan.ts';
import { atOnceMost, pieceSize, Turns } from '../../text/turns.ts';

/** The text of bytes in the encoding that their sender named, later when they are many; `what` is what they are, for the refusal. */
export type Decode = (bytes: Uint8Array, charset: string | undefined, what: string) => string | Promise<string>;

const ampersand = 0x26;
const equals = 0x3d;
const plus = 0x2b;
const percent = 0x25;
const space = 0x20;

/** In encodings of several bytes a letter, but UTF-8, a decoder is asked for each field that is not ASCII: 5 to 10 µs. */
const slowPieceSize = 2_048;

/**
 * The fields of `a=1&b=%E5` in the encoding that the sender or the field `_charset_` names; UTF-8 where nobody does. A percent sign that begins
 * no byte stands for itself. Each byte is looked at once, in turns. Source: WHATWG URL 5.1.
 */
export async function formFields(
  bytes: Buffer,
  charset: string | undefined,
  decode: Decode,
  turns = new Turns(),
): Promise<Fields> {
  const said = charset ?? charsetField(bytes);
  const isPlain = said === undefined || /^utf-?8$/i.test(said) || !isEncoding(said);
  const isLatin = !isPlain && holdsAscii(said);
  const size = isPlain ? pieceSize : slowPieceSize;
  const fields = new Fields('/body');
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(ampersand, Math.min(from + size, bytes.length));
    const to = end < 0 ? bytes.length : end;
    const reading = { said, isPlain, isLatin, decode };
    await readPiece(await unescaped(bytes.subarray(from, to), turns), reading, fields);
    from = to + 1;
    await turns.taken();
  }
  if (bytes.length > atOnceMost) await fields.remember(turns);
  return fields;
}

/** What browsers put there: the encoding of the page (WHATWG HTML, `_charset_`). */
function charsetField(bytes: Buffer): string | undefined {
  const named = '_charset_=';
  let at = bytes.indexOf(named);
  while (at > 0 && bytes[at - 1] !== ampersand) at = bytes.indexOf(named, at + named.length);
  if (at < 0) return undefined;
  const end = bytes.indexOf(ampersand, at);
  const from = at + named.length;
  const value = bytes.toString('latin1', from, Math.min(end < 0 ? bytes.length : end, from + longestName));
  return value === '' ? undefined : value;
}

interface Reading {
  readonly said: string | undefined;
  readonly isPlain: boolean;
  readonly isLatin: boolean;
  readonly decode: Decode;
}

async function readPiece(
  { bytes, places }: Unescaped,
  { said, isPlain, isLatin, decode }: Reading,
  fields: Fields,
): Promise<void> {
  // Ampersands stay between fields, so that what is UTF-8 as a whole is so in each field.
  const isWhole = isPlain && isUtf8(bytes);
  const letters = isLatin ? await byLetter(bytes, said, decode) : undefined;
  const textOf = (from: number, to: number, what: string) => {
    if (letters !== undefined) return letters.slice(from, to);
    if (isWhole || (isPlain && isUtf8(bytes.subarray(from, to)))) return bytes.toString('utf8', from, to);
    const field = bytes.subarray(from, to);
    return isLatin && isAscii(field) ? field.toString('latin1') : decode(field, said, what);
  };
  for (let n = 0; n < places.length; n += 3) {
    const [from, split, to] = [places[n]!, places[n + 1]!, places[n + 2]!];
    const told = textOf(from, split, 'The name of a field');
    // There are millions of fields, and what is there already is not waited for.
    const name = typeof told === 'string' ? told : await told;
    const value = split === to ? '' : textOf(split + 1, to, `The field “${name.slice(0, 80)}”`);
    fields.add(name, typeof value === 'string' ? value : await value);
  }
}

/** The text of bytes each of which is a letter: where it is cut, they are. Nothing where they are not, or are no text; then each field is asked about by itself. */
async function byLetter(bytes: Buffer, said: string | undefined, decode: Decode): Promise<string | undefined> {
  try {
    const text = await decode(bytes, said, 'The body');
    return text.length === bytes.length ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes that are meant, and of each field where its name begins, where that ends, and where its value ends. */
interface Unescaped {
  readonly bytes: Buffer;
  readonly places: readonly number[];
}

/** A piece is longer than others when one field is: then it has several turns. */
async function unescaped(piece: Buffer, turns: Turns): Promise<Unescaped> {
  const work = new Unescape(piece);
  while (!work.isDone) {
    if (work.at > 0) await turns.taken();
    work.goOn(work.at + pieceSize);
  }
  return work;
}

class Unescape implements Unescaped {
  readonly places: number[] = [];
  at = 0;
  private readonly piece: Buffer;
  private readonly room: Buffer;
  private out = 0;
  private from = 0;
  private split = -1;

  constructor(piece: Buffer) {
    this.piece = piece;
    this.room = Buffer.allocUnsafe(piece.length + 1);
  }

  get isDone(): boolean {
    return this.at > this.piece.length;
  }

  get bytes(): Buffer {
    return this.room.subarray(0, this.out);
  }

  /** Looks at the bytes up to there. */
  goOn(until: number): void {
    const { piece, room, places } = this;
    const end = Math.min(until, piece.length + 1);
    let { at, out, from, split } = this;
    for (; at < end; at++) {
      const code = at === piece.length ? ampersand : piece[at]!;
      if (code === ampersand) {
        if (out > from) places.push(from, split < 0 ? out : split, out);
        room[out++] = ampersand;
        from = out;
        split = -1;
      } else if (code === equals && split < 0) {
        split = out;
        room[out++] = equals;
      } else if (code === percent) {
        const high = at + 2 < piece.length ? hexOf(piece[at + 1]!) : -1;
        const low = high < 0 ? -1 : hexOf(piece[at + 2]!);
        room[out++] = low < 0 ? percent : high * 16 + low;
        if (low >= 0) at += 2;
      } else room[out++] = code === plus ? space : code;
    }
    Object.assign(this, { at, out, from, split });
  }
}

/** The fields of an address' query; a field whose bytes are not UTF-8 has U+FFFD in their place, and a warning. */
export function queryFields(query: string): Fields {
  const fields = new Fields('/query');
  const isMeant = /%ef%bf%bd/i.test(query);
  // An address is 16 kB at most: the platform's parser, which is quadratic, takes 3 ms for the worst of them.
  for (const [name, value] of new URLSearchParams(query)) {
    if (!isMeant && (name.includes('\ufffd') || value.includes('\ufffd'))) fields.warn(name);
    fields.add(name, value);
  }
  return fields;
}
