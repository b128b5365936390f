import { jsonWeight } from '../../flow/values/json-weight.ts';
import { TextBlocks } from './text-blocks.ts';
import { bytesOf, piecesOf } from './text-pieces.ts';
import { pieceSize, Turns } from './turns.ts';
import { wideKeys, wideKeysInOrder } from './wide-object.ts';

/**
 * The JSON of large values that came in as text, or nothing for what merely holds such a value. Writing a value of 16 MB anew takes a tenth of a
 * second each time, and an object of a million keys half of one, in one go; as long as the value is there, its text is kept. Values that came in
 * are never changed.
 */
const known = new WeakMap<object, readonly string[] | undefined>();

/** Keeps the text of a large value, whole or in parts: to put 96 MB together takes a twentieth of a second, each time. */
export function rememberJson(value: unknown, text: string | readonly string[]): void {
  if (typeof value === 'object' && value !== null) known.set(value, typeof text === 'string' ? [text] : text);
}

/** Keeps in mind that a value holds a large one, so that nobody writes it as text in one go to see how long it is. */
export function rememberLarge(value: object): void {
  if (!known.has(value)) known.set(value, undefined);
}

/** Whether a value is known to be large, or to hold one that is. */
export const isLarge = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (known.has(value) || wideKeys(value) !== undefined);

/** Whether the JSON of a value is longer than a piece, or than so many characters; it is looked at no further than that. */
export const isHeavy = (value: unknown, most = pieceSize): boolean => jsonWeight(value, most, isLarge) > most;

/** What `JSON.stringify` gives, `null` for what is no JSON: in turns, and without writing again what is known. */
export async function jsonInTurns(value: unknown, turns = new Turns()): Promise<string> {
  return (await jsonParts(value, turns)).join('');
}

/** The same in parts, for who sends them one after the other. */
export const jsonParts = (value: unknown, turns = new Turns()): Promise<readonly string[]> =>
  partsOf(texts(value, asKnown), turns);

/** The text that `JSON.stringify` gives, letter by letter, in parts and in turns: what is known may be written otherwise. */
export const plainJsonParts = (value: unknown, turns = new Turns()): Promise<readonly string[]> =>
  partsOf(texts(value, asPrinted), turns);

async function partsOf(all: Iterable<string>, turns: Turns): Promise<readonly string[]> {
  const out = new TextBlocks();
  for (const text of all) {
    out.push(text);
    if (turns.isUp()) await turns.taken();
  }
  return out.inBlocks();
}

/** The same as UTF-8. */
export const jsonBytes = async (value: unknown, turns = new Turns()): Promise<Uint8Array> =>
  bytesOf(await jsonParts(value, turns), turns);

/** The same piece by piece, each written when it is asked for: for who takes them slowly only the value is there, and not its text. */
export async function* jsonPieces(value: unknown, turns = new Turns()): AsyncGenerator<Uint8Array> {
  let open: string[] = [];
  let letters = 0;
  for (const text of texts(value, asKnown)) {
    for (const piece of text.length > pieceSize ? piecesOf(text) : [text]) {
      open.push(piece);
      letters += piece.length;
      if (letters < pieceSize) continue;
      yield Buffer.from(open.join(''), 'utf8');
      [open, letters] = [[], 0];
      if (turns.isUp()) await turns.taken();
    }
    if (turns.isUp()) await turns.taken();
  }
  if (letters > 0) yield Buffer.from(open.join(''), 'utf8');
}

/** JSON of a value that may be large: in one go when it is not. */
export const jsonOf = (value: unknown): string | Promise<string> =>
  isHeavy(value) ? jsonInTurns(value) : (JSON.stringify(value) ?? 'null');

/** What of a value need not be written, and how the keys of a wide one follow each other. */
interface Manner {
  readonly textOf: (value: object) => readonly string[] | undefined;
  readonly keysOf: (value: object) => readonly string[] | undefined;
}
const asKnown: Manner = { textOf: (value) => known.get(value), keysOf: wideKeys };
const asPrinted: Manner = { textOf: () => undefined, keysOf: wideKeysInOrder };

/** The JSON of a value, a text after the other. */
function* texts(value: unknown, manner: Manner): Generator<string, void> {
  const parts = typeof value === 'object' && value !== null ? manner.textOf(value) : undefined;
  if (parts !== undefined) yield* parts;
  else if (typeof value === 'string' && value.length > pieceSize) yield* textsOfText(value);
  else if (Array.isArray(value)) yield* textsOfList(value, manner);
  else if (isPlain(value) && isHeavy(value)) yield* textsOfObject(value, manner);
  else yield JSON.stringify(value) ?? 'null';
}

function* textsOfText(text: string): Generator<string, void> {
  yield '"';
  for (const piece of piecesOf(text)) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}

/** Items in runs of some 64 kB, so that many small ones cost what they cost together. */
function* textsOfList(list: readonly unknown[], manner: Manner): Generator<string, void> {
  let from = 0;
  let weight = 0;
  const run = (to: number) => {
    const text = to > from ? `${from > 0 ? ',' : ''}${JSON.stringify(list.slice(from, to)).slice(1, -1)}` : '';
    [from, weight] = [to, 0];
    return text;
  };
  yield '[';
  for (let at = 0; at < list.length; at++) {
    const own = weightOf(list[at]);
    if (own <= pieceSize) {
      weight += own;
      if (weight > pieceSize) yield run(at + 1);
      continue;
    }
    yield run(at);
    if (at > 0) yield ',';
    yield* texts(list[at], manner);
    from = at + 1;
  }
  yield run(list.length);
  yield ']';
}

function* textsOfObject(value: Record<string, unknown>, manner: Manner): Generator<string, void> {
  let mark = '{';
  for (const key of manner.keysOf(value) ?? Object.keys(value)) {
    const child = value[key];
    if (child === undefined || typeof child === 'function' || typeof child === 'symbol') continue;
    yield `${mark}${JSON.stringify(key)}:`;
    mark = ',';
    yield* texts(child, manner);
  }
  yield mark === '{' ? '{}' : '}';
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !('toJSON' in value && typeof value.toJSON === 'function');

/** About how long its JSON is; counted no further than a piece. */
const weightOf = (value: unknown): number => jsonWeight(value, pieceSize, isLarge);
