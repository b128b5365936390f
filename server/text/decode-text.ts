import { isAscii } from 'node:buffer';
import iconv from 'iconv-lite';
import { detectAll } from 'jschardet';
import { LRUCache } from 'lru-cache';
import { longestName } from './content-type.ts';
import { declaredIn } from './declared-charset.ts';
import { atOnce, inTurns, pieceSize } from './turns.ts';
import type { Turns, Work } from './turns.ts';

/** What is known of bytes beside themselves. */
export interface Hints {
  /** What their sender says: the charset of a content type. */
  readonly charset?: string | undefined;
  /** What the reader says; wins over everything but a byte order mark. `auto` lets a detector guess where nothing is said. */
  readonly encoding?: string | undefined;
}

/** Text without its byte order mark, and how it was read. */
export interface Decoded {
  readonly text: string;
  /** The encoding's usual name, in lower case. */
  readonly encoding: string;
  /** Nothing said which encoding it is: a detector chose it. */
  readonly isGuessed: boolean;
}

/** Bytes that are no text in the encoding that they should be in. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
  readonly encoding: string;

  constructor(encoding: string, message: string) {
    super(message);
    this.encoding = encoding;
  }
}

/**
 * The text that bytes spell: by their byte order mark, by what the reader or the sender says, by the XML or HTML declaration inside, else
 * UTF-8, else, for `auto`, by a detector. Throws `Undecodable` rather than putting U+FFFD in the place of what cannot be read. Sources: WHATWG
 * Encoding for the encodings of the web; iconv-lite for those of old systems (cp850, UTF-32).
 */
export function decodeText(bytes: Uint8Array, hints: Hints = {}): Decoded {
  return atOnce(decoding(bytes, hints));
}

/** The same for what is large, in turns: old encodings are read at 100 to 200 MB a second. */
export const decodeInTurns = (bytes: Uint8Array, hints: Hints, turns: Turns): Promise<Decoded> =>
  inTurns(decoding(bytes, hints), turns);

function* decoding(bytes: Uint8Array, hints: Hints): Work<Decoded> {
  const marked = markOf(bytes);
  if (marked) return yield* asMarked(bytes, marked);
  const wanted = hints.encoding === 'auto' ? undefined : hints.encoding;
  const names = wanted === undefined ? [hints.charset, declaredIn(bytes)] : [wanted];
  let failed: { name: string; label: string } | undefined;
  for (const told of names) {
    const name = told?.slice(0, longestName).trim() ?? '';
    if (name === '') continue;
    const label = labelOf(bytes, name);
    const text = yield* read(bytes, label);
    if (text !== undefined) return { text, encoding: label, isGuessed: false };
    failed ??= { name, label };
  }
  if (failed && kindOf(failed.label)) throw undecodable(failed);
  const wide = wideOf(bytes);
  const text = yield* read(bytes, wide ?? 'utf-8');
  if (text !== undefined) return { text, encoding: wide ?? 'utf-8', isGuessed: false };
  const guessed = hints.encoding === 'auto' && !failed ? yield* guess(bytes) : undefined;
  if (guessed) return guessed;
  throw failed
    ? undecodable(failed)
    : new Undecodable('utf-8', 'The bytes are not UTF-8, and nothing says what else they are.');
}

/** Whether bytes look like text at all: strict UTF-8 (or marked UTF-16) without the control characters that only binary formats have. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if (markOf(bytes)) return true;
  const encoding = wideOf(bytes) ?? 'utf-8';
  const text = atOnce(read(bytes, encoding));
  return text !== undefined && !controls.test(text);
}

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const controls = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;
/** So many bytes tell what the rest is likely to be. */
const headBytes = 8_192;

/** Whether bytes begin with what only binary formats have, and UTF-16. */
export const beginsBinary = (bytes: Uint8Array): boolean =>
  controls.test(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('latin1'));

/** Whether bytes that begin so may be text, as `looksLikeText` says of all of them. */
export const mayBeText = (bytes: Uint8Array): boolean =>
  !beginsBinary(bytes) || markOf(bytes) !== undefined || wideOf(bytes.subarray(0, bytes.length & ~1)) !== undefined;

function* asMarked(bytes: Uint8Array, label: string): Work<Decoded> {
  const text = yield* read(bytes, label);
  if (text === undefined) throw undecodable({ name: label, label });
  return { text, encoding: label, isGuessed: false };
}

const undecodable = ({ name, label }: { name: string; label: string }): Undecodable =>
  new Undecodable(
    label,
    kindOf(label) ? `The bytes are not ${shown(label)}.` : `There is no encoding ${JSON.stringify(name)}.`,
  );

/** A name as it is known here. UTF-16 that does not say which way round is looked at (RFC 2781 4.3 leaves it to the reader). */
function labelOf(bytes: Uint8Array, name: string): string {
  const label = name
    .trim()
    .replaceAll(/^["']|["']$/g, '')
    .toLowerCase();
  if (/^(utf-?16|ucs-?2|unicode)$/.test(label)) return markOf(bytes) ?? wideOf(bytes) ?? 'utf-16le';
  if (/^utf-?8$/.test(label)) return 'utf-8';
  return aliases.get(label) ?? label;
}

/** Names that databases, banks and Windows write, and that the WHATWG's list lacks. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['eucjp', 'euc-jp'],
  ['euckr', 'euc-kr'],
  ['ansi', 'windows-1252'],
]);

const shown = (label: string): string => label.replace(/^(utf|iso|euc|koi8)/, (start) => start.toUpperCase());

/** Read by the platform at a gigabyte a second when it has all of it. */
const quick: ReadonlySet<string> = new Set(['utf-8', 'utf-16le']);

/** The text; undefined when the bytes do not fit the encoding, or when nobody knows it. */
function* read(bytes: Uint8Array, label: string): Work<string | undefined> {
  const kind = kindOf(label);
  if (!kind) return undefined;
  if (kind.holdsAscii && bytes.length <= pieceSize && isAscii(bytes)) return latin1(bytes);
  if (kind.is === 'web') {
    try {
      const decoder = new TextDecoder(label, { fatal: true });
      if (quick.has(decoder.encoding)) return decoder.decode(bytes);
      const next = (piece?: Uint8Array) => decoder.decode(piece, { stream: piece !== undefined });
      return yield* inPieces(bytes, next);
    } catch {
      return undefined;
    }
  }
  const old = iconv.getDecoder(label);
  const text = yield* inPieces(bytes, (piece) => (piece ? old.write(Buffer.from(piece)) : old.end()) ?? '');
  return text.includes('\ufffd') ? undefined : text;
}

/** What a decoder that is asked piece after piece, and at last without one, makes of bytes. */
function* inPieces(bytes: Uint8Array, next: (piece?: Uint8Array) => string): Work<string> {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += pieceSize) {
    parts.push(next(bytes.subarray(from, from + pieceSize)));
    yield;
  }
  parts.push(next());
  return parts.join('');
}

/** Who reads an encoding, and whether bytes of ASCII are in it what they seem. */
interface Kind {
  readonly is: 'web' | 'old';
  readonly holdsAscii: boolean;
}

const known = new LRUCache<string, { readonly kind: Kind | undefined }>({ max: 200 });

/** Asking for an encoding that nobody knows takes 0.1 ms, and a sender may name one for each of very many fields. */
function kindOf(label: string): Kind | undefined {
  const found = known.get(label);
  if (found) return found.kind;
  const is: Kind['is'] | undefined = isOfWeb(label) ? 'web' : isOld(label) ? 'old' : undefined;
  const kind = is && { is, holdsAscii: readsAscii(label, is) };
  known.set(label, { kind });
  return kind;
}

/** Whether there is an encoding of that name. */
export const isEncoding = (name: string): boolean => kindOf(labelOf(nothing, name.slice(0, longestName))) !== undefined;

/** Whether bytes of ASCII are what they seem in the encoding of that name, as they are not in UTF-16, or in those that shift by escapes. */
export const holdsAscii = (name: string): boolean =>
  kindOf(labelOf(nothing, name.slice(0, longestName)))?.holdsAscii ?? false;

const nothing = new Uint8Array();
/** Shift_JIS of the platform swaps the other three, which no text has. */
const ascii = Uint8Array.from({ length: 128 }, (_, code) => code).filter((code) => ![0x1a, 0x1c, 0x7f].includes(code));
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function readsAscii(label: string, is: Kind['is']): boolean {
  try {
    const text =
      is === 'web' ? new TextDecoder(label, { fatal: true }).decode(ascii) : iconv.decode(Buffer.from(ascii), label);
    return text === latin1(ascii);
  } catch {
    return false;
  }
}

/**
 * UTF-7 hides what it says from whoever looks at the bytes, is in no standard of the web any more, and is read at 1 MB a second. Its name is looked
 * at as iconv-lite does: by letters and digits alone.
 */
const isOld = (label: string): boolean =>
  !label.replaceAll(/[^a-z\d]/g, '').includes('utf7') && iconv.encodingExists(label);

function isOfWeb(label: string): boolean {
  try {
    return new TextDecoder(label, { fatal: true }).encoding !== '';
  } catch {
    return false;
  }
}

function markOf([a, b, c, d]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? 'utf-32be' : undefined;
}

/** UTF-16 without a mark: of mostly Latin text every second byte is zero, which no other encoding does. */
function wideOf(bytes: Uint8Array): string | undefined {
  const most = Math.min(bytes.length - (bytes.length % 2), 1_024);
  if (most < 4 || bytes.length % 2 !== 0) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < most; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  const many = most * 0.35;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : undefined;
}

/** What is guessed: the encodings that files of offices, banks and shops really come in. */
const guessable: ReadonlySet<string> = new Set([
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'koi8-r',
  'koi8-u',
  'macroman',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'euc-kr',
  'gb18030',
  'big5',
]);

/** The detector is least sure between the Latin ones; where it hardly prefers one of these, the commonest by far wins. */
const nearly = 0.8;
const alike: ReadonlySet<string> = new Set(['windows-1250', 'iso-8859-2', 'windows-1257', 'macroman']);

/** What a detector takes the bytes for: the likeliest that reads them whole and as plain text. */
function* guess(bytes: Uint8Array): Work<Decoded | undefined> {
  const { firstWide, hasControls } = yield* lookedOver(bytes);
  const first = Math.max(0, firstWide - 256);
  const sample = Buffer.from(bytes.buffer, bytes.byteOffset + first, Math.min(bytes.length - first, 65_536));
  const found = detectAll(sample).map(({ encoding, confidence }) => ({
    label: labelOf(bytes, encoding ?? ''),
    confidence,
  }));
  const likely = found.filter(({ label }) => guessable.has(label) && (!hasControls || label === shifts));
  const least = (likely[0]?.confidence ?? 0) * nearly;
  const isClose = alike.has(likely[0]?.label ?? '');
  const latin = likely.find(({ label, confidence }) => isClose && label === 'windows-1252' && confidence >= least);
  for (const { label } of latin ? [latin, ...likely.filter((one) => one !== latin)] : likely) {
    const text = yield* read(bytes, label);
    // oxlint-disable-next-line no-control-regex -- C0 and C1: no text of a person has them
    if (text !== undefined && !/[\0-\x08\x0e-\x1f\x7f-\x9f]/.test(text))
      return { text, encoding: label, isGuessed: true };
  }
  return undefined;
}

/** The one of them that has a control character of its own, which says where letters are of another kind. */
const shifts = 'iso-2022-jp';

/** Where letters beyond ASCII begin, and whether there are control characters, which all encodings that are guessed spell alike. */
function* lookedOver(bytes: Uint8Array): Work<{ readonly firstWide: number; readonly hasControls: boolean }> {
  let firstWide = -1;
  let hasControls = false;
  for (let from = 0; from < bytes.length && !hasControls; from += pieceSize) {
    const end = Math.min(bytes.length, from + pieceSize);
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!;
      if (byte >= 0x80) firstWide = firstWide === -1 ? at : firstWide;
      else if (byte < 0x20 ? byte < 0x09 || byte > 0x0d : byte === 0x7f) hasControls = true;
    }
    yield;
  }
  return { firstWide, hasControls };
}
