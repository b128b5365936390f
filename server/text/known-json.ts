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
export async function jsonParts(value: unknown, turns = new Turns()): Promise<readonly string[]> {
  const out = new TextBlocks();
  await write(value, out, turns);
  return out.inBlocks();
}

/** The text that `JSON.stringify` gives, letter by letter, in parts and in turns: what is known may be written otherwise. */
export async function plainJsonParts(value: unknown, turns = new Turns()): Promise<readonly string[]> {
  const out = new TextBlocks();
  await write(value, out, turns, asPrinted);
  return out.inBlocks();
}

/** The same as UTF-8. */
export const jsonBytes = async (value: unknown, turns = new Turns()): Promise<Uint8Array> =>
  bytesOf(await jsonParts(value, turns), turns);

/** JSON of a value that may be large, in one go when it is not known to be. */
export const jsonOf = (value: unknown): string | Promise<string> =>
  isLarge(value) || (Array.isArray(value) && value.length < 100 && value.some(isLarge))
    ? jsonInTurns(value)
    : (JSON.stringify(value) ?? 'null');

/** What of a value need not be written, and how the keys of a wide one follow each other. */
interface Manner {
  readonly textOf: (value: object) => readonly string[] | undefined;
  readonly keysOf: (value: object) => readonly string[] | undefined;
}
const asKnown: Manner = { textOf: (value) => known.get(value), keysOf: wideKeys };
const asPrinted: Manner = { textOf: () => undefined, keysOf: wideKeysInOrder };

async function write(value: unknown, out: TextBlocks, turns: Turns, manner = asKnown): Promise<void> {
  const parts = typeof value === 'object' && value !== null ? manner.textOf(value) : undefined;
  if (parts !== undefined) for (const part of parts) out.push(part);
  else if (typeof value === 'string' && value.length > pieceSize) await writeText(value, out, turns);
  else if (Array.isArray(value)) await writeList(value, out, turns, manner);
  else if (isPlain(value) && isHeavy(value)) await writeObject(value, out, turns, manner);
  else out.push(JSON.stringify(value) ?? 'null');
  await turns.taken();
}

async function writeText(text: string, out: TextBlocks, turns: Turns): Promise<void> {
  out.push('"');
  for (const piece of piecesOf(text)) {
    out.push(JSON.stringify(piece).slice(1, -1));
    await turns.taken();
  }
  out.push('"');
}

/** Items in runs of some 64 kB, so that many small ones cost what they cost together. */
async function writeList(list: readonly unknown[], out: TextBlocks, turns: Turns, manner: Manner): Promise<void> {
  let from = 0;
  let weight = 0;
  out.push('[');
  const flush = async (to: number) => {
    if (to > from) out.push(from > 0 ? ',' : '', JSON.stringify(list.slice(from, to)).slice(1, -1));
    [from, weight] = [to, 0];
    await turns.taken();
  };
  for (let at = 0; at < list.length; at++) {
    const own = weightOf(list[at]);
    if (own <= pieceSize) {
      weight += own;
      if (weight > pieceSize) await flush(at + 1);
      continue;
    }
    await flush(at);
    if (at > 0) out.push(',');
    await write(list[at], out, turns, manner);
    from = at + 1;
  }
  await flush(list.length);
  out.push(']');
}

async function writeObject(
  value: Record<string, unknown>,
  out: TextBlocks,
  turns: Turns,
  manner: Manner,
): Promise<void> {
  let mark = '{';
  for (const key of manner.keysOf(value) ?? Object.keys(value)) {
    const child = value[key];
    if (child === undefined || typeof child === 'function' || typeof child === 'symbol') continue;
    out.push(mark, JSON.stringify(key), ':');
    mark = ',';
    await write(child, out, turns, manner);
  }
  out.push(mark === '{' ? '{}' : '}');
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !('toJSON' in value && typeof value.toJSON === 'function');

/** About how long its JSON is; counted no further than a piece. */
const weightOf = (value: unknown): number => jsonWeight(value, pieceSize, isLarge);
