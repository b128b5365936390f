import { isAscii, isUtf8 } from 'node:buffer';
import { Fields } from './fields.ts';
import { hexOf } from '../../text/json-scan.ts';
import { atOnceMost, pieceSize, Turns } from '../../text/turns.ts';

/** The text of bytes in the encoding that their sender named; `what` is what they are, for the refusal. */
export type Decode = (bytes: Uint8Array, charset: string | undefined, what: string) => string;

const ampersand = 0x26;
const equals = 0x3d;
const plus = 0x2b;
const percent = 0x25;
const space = 0x20;

/** In encodings but UTF-8 a decoder is asked for each field that is not ASCII: 5 to 10 µs. */
const slowPieceSize = 2_048;
/** Encodings in which ASCII is ASCII. */
const holdsAscii = /^(windows-?\d|iso-?8859|latin|koi8|shift|sjis|euc|gb|big5|cp\d|mac|ascii|us-ascii)/i;

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
  const isPlain = said === undefined || /^utf-?8$/i.test(said);
  const isLatin = said !== undefined && holdsAscii.test(said);
  const size = isPlain ? pieceSize : slowPieceSize;
  const fields = new Fields('/body');
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(ampersand, Math.min(from + size, bytes.length));
    const to = end < 0 ? bytes.length : end;
    readPiece(bytes.subarray(from, to), { said, isPlain, isLatin, decode }, fields);
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
  const value = bytes.toString('latin1', at + named.length, Math.min(end < 0 ? bytes.length : end, at + 60));
  return value === '' ? undefined : value;
}

interface Reading {
  readonly said: string | undefined;
  readonly isPlain: boolean;
  readonly isLatin: boolean;
  readonly decode: Decode;
}

function readPiece(piece: Buffer, { said, isPlain, isLatin, decode }: Reading, fields: Fields): void {
  const { bytes, places } = unescaped(piece);
  // Ampersands stay between fields, so that what is UTF-8 as a whole is so in each field.
  const isWhole = isPlain && isUtf8(bytes);
  const textOf = (from: number, to: number, what: string) => {
    if (isWhole || (isPlain && isUtf8(bytes.subarray(from, to)))) return bytes.toString('utf8', from, to);
    const field = bytes.subarray(from, to);
    return isLatin && isAscii(field) ? field.toString('latin1') : decode(field, said, what);
  };
  for (let n = 0; n < places.length; n += 3) {
    const [from, split, to] = [places[n]!, places[n + 1]!, places[n + 2]!];
    const name = textOf(from, split, 'The name of a field');
    fields.add(name, split === to ? '' : textOf(split + 1, to, `The field “${name.slice(0, 80)}”`));
  }
}

/** The bytes that are meant, and of each field where its name begins, where that ends, and where its value ends. */
function unescaped(piece: Buffer): { bytes: Buffer; places: number[] } {
  const bytes = Buffer.allocUnsafe(piece.length + 1);
  const places: number[] = [];
  let out = 0;
  let from = 0;
  let split = -1;
  for (let at = 0; at <= piece.length; at++) {
    const code = at === piece.length ? ampersand : piece[at]!;
    if (code === ampersand) {
      if (out > from) places.push(from, split < 0 ? out : split, out);
      bytes[out++] = ampersand;
      from = out;
      split = -1;
    } else if (code === equals && split < 0) {
      split = out;
      bytes[out++] = equals;
    } else if (code === percent) {
      const high = at + 2 < piece.length ? hexOf(piece[at + 1]!) : -1;
      const low = high < 0 ? -1 : hexOf(piece[at + 2]!);
      bytes[out++] = low < 0 ? percent : high * 16 + low;
      if (low >= 0) at += 2;
    } else bytes[out++] = code === plus ? space : code;
  }
  return { bytes: bytes.subarray(0, out), places };
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
