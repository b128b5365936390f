import { isObject } from '../../../flow/document/json.ts';
import { piecesOf } from '../../text/text-pieces.ts';
import { atOnce, inTurns, Turns } from '../../text/turns.ts';
import type { Work } from '../../text/turns.ts';
import { wideKeys } from '../../text/wide-object.ts';
import { coverOf, coverOfText } from './cover.ts';
import { Finder } from './finder.ts';
import { keptLexicons, lexiconsOf } from './lexicon.ts';
import type { Lexicons } from './lexicon.ts';
import { Passage } from './passage.ts';

/** Takes secrets out of what enters from outside; the very same comes back when there are none in it. */
export interface Redactor {
  (text: string): string;
  /** Of words that we say of an address: its host and its scheme are written in small letters. */
  words(text: string): string;
  /** Of bytes of any content, in turns: a long answer must not hold up the others. */
  bytes(body: Uint8Array): Promise<Uint8Array>;
  /** Of bytes that come one after the other, the same as if they came as one: however they are cut. */
  stream(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /**
   * Of text that was read from bytes without secrets: in another encoding than UTF-8, letters beyond ASCII were not told from others, and those of
   * ASCII may be written by other bytes. In turns.
   */
  decoded(text: string, encoding: string): Promise<string>;
  /** Of every text in a value, names of fields too: headers, and what an error carries. */
  value<Value>(value: Value): Value;
  /** The same of a value that may have very many texts, in turns. */
  valueInTurns<Value>(value: Value): Promise<Value>;
}

/** Encodings in which ASCII is spelled in one way alone, which is seen in the bytes: with a byte a letter, and UTF-16. */
const showsAscii = /^(utf-16[bl]e|windows-(125\d|874)|iso-8859-\d+|koi8-[ru])$/;

/**
 * Knows the live secrets of one use of a power and removes each, wherever it stands and in whatever way it is written (ENGINE.md E21). They come in groups,
 * of which each is made ready once for all uses that have it.
 */
export async function redactorOf(groups: readonly (readonly string[])[], turns = () => new Turns()): Promise<Redactor> {
  return made(await Promise.all(groups.map((secrets) => keptLexicons(secrets, turns()))));
}

/** The same of few secrets, in one go. */
export const redactor = (secrets: readonly string[]): Redactor => made([atOnce(lexiconsOf(secrets))]);

function made(lexicons: readonly Lexicons[]): Redactor {
  const finder = new Finder(lexicons.map(({ exact }) => exact));
  const finderOfNames = new Finder(lexicons.map(({ named }) => named));
  const redact = (text: string) => coverText(text, finder);
  const words = (text: string) => coverText(text, finderOfNames);
  const isAscii = lexicons.every(({ exact }) => exact.isAscii);
  return Object.assign(redact, {
    words,
    value: <Value>(given: Value) => atOnce(coverValue(given, words)) as Value,
    valueInTurns: async <Value>(given: Value) => (await inTurns(coverValue(given, words), new Turns())) as Value,
    decoded: async (text: string, encoding: string) =>
      encoding === 'utf-8' || (isAscii && showsAscii.test(encoding)) ? text : coverLongText(text, finder),
    bytes: (body: Uint8Array) => coverBytes(body, finder),
    stream: (chunks: AsyncIterable<Uint8Array>) => coverStream(chunks, finder),
  });
}

function* coverValue(given: unknown, words: (text: string) => string): Work<unknown> {
  yield;
  if (typeof given === 'string') return words(given);
  if (Array.isArray(given)) {
    const list: unknown[] = [];
    for (const one of given) list.push(yield* coverValue(one, words));
    return list.some((one, at) => one !== given[at]) ? list : given;
  }
  if (!isObject(given)) return given;
  let isSame = true;
  const after: [string, unknown][] = [];
  for (const key of wideKeys(given) ?? Object.keys(given)) {
    const before = given[key];
    const [name, value] = [words(key), yield* coverValue(before, words)];
    isSame &&= name === key && value === before;
    after.push([name, value]);
  }
  return isSame ? given : Object.fromEntries(after);
}

function coverText(text: string, finder: Finder): string {
  if (finder.isIdle || text === '') return text;
  const bytes = Buffer.from(text, 'utf8');
  const passage = new Passage(finder, coverOfText);
  // Half a character has three bytes in both readings, so that the places are the same.
  const parts = [...passage.take(bytes), ...passage.end()];
  return passage.hasFound ? Buffer.concat(parts.flat()).toString('utf8') : text;
}

/** The same of a long text, in turns. */
async function coverLongText(text: string, finder: Finder): Promise<string> {
  if (finder.isIdle || text === '') return text;
  const passage = new Passage(finder, coverOfText);
  const parts: Uint8Array[] = [];
  for await (const some of passing(passage, bytesIn(text))) parts.push(...some);
  return passage.hasFound ? Buffer.concat(parts).toString('utf8') : text;
}

function* bytesIn(text: string): Generator<Uint8Array> {
  for (const piece of piecesOf(text)) yield Buffer.from(piece, 'utf8');
}

async function coverBytes(body: Uint8Array, finder: Finder): Promise<Uint8Array> {
  if (finder.isIdle || body.length === 0) return body;
  const passage = new Passage(finder, coverOf);
  const parts: Uint8Array[] = [];
  for await (const some of passing(passage, [body])) parts.push(...some);
  return passage.hasFound ? new Uint8Array(Buffer.concat(parts)) : body;
}

async function* coverStream(chunks: AsyncIterable<Uint8Array>, finder: Finder): AsyncGenerator<Uint8Array> {
  if (finder.isIdle) return yield* chunks;
  for await (const some of passing(new Passage(finder, coverOf), chunks)) yield* some;
}

/** What comes out of a passage, in turns. */
async function* passing(
  passage: Passage,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array[]> {
  const turns = new Turns();
  for await (const chunk of chunks)
    for (const some of passage.take(chunk)) {
      yield some;
      await turns.taken();
    }
  yield* passage.end();
}
