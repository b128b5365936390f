import { JsonScan, mended } from './json-scan.ts';
import type { Level, Mend, Mending } from './json-scan.ts';
import { atOnceMost, pieceSize } from './turns.ts';
import type { Turns } from './turns.ts';
import { ObjectBuilder } from './wide-object.ts';

/** An object or array that is put together from pieces, because its text is longer than one. */
interface Frame {
  readonly isArray: boolean;
  readonly into: unknown[] | ObjectBuilder;
  /** Its key where it goes. */
  readonly key: string;
  /** Up to here its text is read into `into`. */
  done: number;
  /** A child that was put together stands before `done`: a comma or the end must follow. */
  isAfterChild: boolean;
  /** Whether something came before the last comma: what ends in a comma is no JSON. */
  awaitsChild: boolean;
}

/**
 * Parses what is scanned as `JSON.parse` would, in pieces and turns: runs of children of some 64 kB go to `JSON.parse` together, and what
 * is longer is opened and put together from its own children. Throws a SyntaxError for what is no JSON.
 *
 *     [ {…}, {…}, {…}, { "rows": [ [1], [2], …
 *     ╰── one piece ──╯ ╰ opened ──╯╰ one piece
 */
export async function parseInPieces(scan: JsonScan, turns: Turns, size = pieceSize): Promise<unknown> {
  const { text, levels } = scan;
  const frames: Frame[] = [];
  while (scan.at < text.length) {
    const isClosing = scan.advance(scan.at + size, frames.length);
    if (isClosing) {
      const frame = frames.pop()!;
      if (text[scan.at] !== (frame.isArray ? ']' : '}')) throw new SyntaxError('another bracket closes it');
      take(scan, frame, scan.at, 'end');
      levels.pop();
      scan.at++;
      const around = frames.at(-1);
      const value = Array.isArray(frame.into) ? frame.into : frame.into.value;
      if (!around) return ended(scan, value);
      put(around, frame.key, value);
      around.done = scan.at;
      around.isAfterChild = true;
    } else openWhatIsLong(scan, frames, size);
    await turns.taken();
  }
  if (frames.length > 0) throw new SyntaxError('it ends too early');
  // Neither an object nor an array of more than a piece.
  return JSON.parse(mended(text, 0, text.length, takeMends(scan, text.length)));
}

/** What text holds that is JSON as it stands: in one go when it is short, else in pieces and turns. */
export const parseText = async (
  text: string,
  turns: Turns,
  mending: Exclude<Mending, 'all'> = 'none',
): Promise<unknown> =>
  text.length <= atOnceMost ? JSON.parse(text) : parseInPieces(new JsonScan(text, mending), turns);

/** Takes in what is whole, and opens the children under way that are longer than a piece. */
function openWhatIsLong(scan: JsonScan, frames: Frame[], size: number): void {
  const { levels, at, text } = scan;
  for (;;) {
    const frame = frames.at(-1);
    const level = frame && levels[frames.length - 1];
    if (frame && level && level.childFrom > frame.done) take(scan, frame, level.childFrom - 1, 'comma');
    const child = levels[frames.length];
    if (!child || at - child.from < size) return;
    const before = text.slice(frame ? frame.done : 0, child.from);
    frames.push({
      isArray: child.isArray,
      into: child.isArray ? [] : new ObjectBuilder(),
      key: keyBefore(scan, frame, before, child),
      done: child.from + 1,
      isAfterChild: false,
      awaitsChild: false,
    });
  }
}

/** The key before an opened child; where none may stand, there must be nothing. */
function keyBefore(scan: JsonScan, frame: Frame | undefined, before: string, child: Level): string {
  const mends = takeMends(scan, child.from);
  if (frame?.isAfterChild) throw new SyntaxError('a comma is missing');
  if (!frame || frame.isArray) {
    if (!isBlank(before)) throw new SyntaxError('something stands before a bracket');
    return '';
  }
  const [key] = Object.keys(JSON.parse(`{${mended(scan.text, frame.done, child.from, mends)}0}`));
  if (key === undefined) throw new SyntaxError('a key is missing');
  return key;
}

/** Takes the text of whole children up to a comma or the end of what holds them. */
function take(scan: JsonScan, frame: Frame, to: number, stop: 'comma' | 'end'): void {
  const text = mended(scan.text, frame.done, to, takeMends(scan, to));
  const piece = frame.isAfterChild ? afterComma(text) : text;
  if (piece !== undefined && !isBlank(piece)) {
    const part: unknown = JSON.parse(frame.isArray ? `[${piece}]` : `{${piece}}`);
    addAll(frame, part as unknown[] | Record<string, unknown>);
  } else if (piece !== undefined && (stop === 'comma' || frame.awaitsChild || frame.isAfterChild))
    throw new SyntaxError('something is missing beside a comma');
  frame.isAfterChild = false;
  frame.awaitsChild = stop === 'comma';
  frame.done = to + 1;
}

/** What follows the comma behind a child that was put together; undefined when nothing follows. */
function afterComma(text: string): string | undefined {
  if (isBlank(text)) return undefined;
  const rest = text.trimStart();
  if (!rest.startsWith(',')) throw new SyntaxError('a comma is missing');
  return rest.slice(1);
}

function addAll(frame: Frame, part: unknown[] | Record<string, unknown>): void {
  if (Array.isArray(part)) for (const value of part) put(frame, '', value);
  else for (const key of Object.keys(part)) put(frame, key, part[key]);
}

function put({ into }: Frame, key: string, value: unknown): void {
  if (Array.isArray(into)) into.push(value);
  else into.set(key, value);
}

/** The mends before a place that were not asked for yet. */
function takeMends(scan: JsonScan, before: number): readonly Mend[] {
  const from = scan.taken;
  while (scan.taken < scan.mends.length && scan.mends[scan.taken]!.from < before) scan.taken++;
  return from === scan.taken ? none : scan.mends.slice(from, scan.taken);
}

const none: readonly Mend[] = [];

/** So many mends are put in between two looks at the clock. */
const atOnce = 4_096;

/** The whole text with all its mends, put together in turns. */
export async function cleanedText({ text, mends }: JsonScan, turns: Turns): Promise<string> {
  if (mends.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < mends.length; at += atOnce) {
    const some = mends.slice(at, at + atOnce);
    const to = some.at(-1)!.to;
    parts.push(mended(text, done, to, some));
    done = to;
    await turns.taken();
  }
  parts.push(text.slice(done));
  return parts.join('');
}

function ended(scan: JsonScan, value: unknown): unknown {
  if (!isBlank(scan.text.slice(scan.at))) throw new SyntaxError('something follows the value');
  return value;
}

/** JSON's own white space. */
const isBlank = (text: string): boolean => /^[ \t\n\r]*$/.test(text);
