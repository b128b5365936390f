import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { isObject } from '../../../flow/document/json.ts';
import { Turns } from '../../text/turns.ts';
import { Finder } from './finder.ts';
import { spellingsOf } from './spellings.ts';
import type { Span } from './view.ts';

/** Takes secrets out of what enters from outside; the very same comes back when there are none in it. */
export interface Redactor {
  (text: string): string;
  /** Of words that we say of an address: its host and its scheme are written in small letters. */
  words(text: string): string;
  /** Of bytes of any content, in turns: a long answer must not hold up the others. */
  bytes(body: Uint8Array): Promise<Uint8Array>;
  /** Of text that was read from bytes without secrets: in another encoding than UTF-8, letters beyond ASCII were not told from others. */
  decoded(text: string, encoding: string): string;
  /** Of every text in a value, names of fields too: headers, and what an error carries. */
  value<Value>(value: Value): Value;
}

/** What stands where a secret was. */
export const redacted = '[redacted]';

const mostKept = 200;
const kept = new LRUCache<string, Redactor>({ max: mostKept });

/**
 * Knows the live secrets of one use of a power and removes each, wherever it stands and in whatever way it is written (ENGINE.md E21). The latest are
 * kept: making one takes as long as reading some hundred kilobytes.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const name = createHash('sha256').update(JSON.stringify(secrets.toSorted())).digest('base64');
  const known = kept.get(name) ?? made(secrets);
  kept.set(name, known);
  return known;
}

function made(secrets: readonly string[]): Redactor {
  const finder = new Finder(spellingsOf(secrets, { inNames: false }));
  let named: Finder | undefined;
  const redact = (text: string) => coverText(text, finder);
  const words = (text: string) => coverText(text, (named ??= new Finder(spellingsOf(secrets, { inNames: true }))));
  const isAscii = secrets.every((secret) => Buffer.byteLength(secret) === secret.length);
  return Object.assign(redact, {
    words,
    value: <Value>(given: Value) => coverValue(given, words) as Value,
    decoded: (text: string, encoding: string) => (isAscii || encoding === 'utf-8' ? text : redact(text)),
    bytes: (body: Uint8Array) => coverBytes(body, finder),
  });
}

function coverValue(given: unknown, words: (text: string) => string): unknown {
  if (typeof given === 'string') return words(given);
  if (Array.isArray(given)) {
    const list = given.map((one) => coverValue(one, words));
    return list.some((one, at) => one !== given[at]) ? list : given;
  }
  if (!isObject(given)) return given;
  const before = Object.entries(given);
  const after = before.map(([key, one]) => [words(key), coverValue(one, words)] as const);
  const isSame = after.every(([key, one], at) => key === before[at]![0] && one === before[at]![1]);
  return isSame ? given : Object.fromEntries(after);
}

function coverText(text: string, finder: Finder): string {
  if (finder.isIdle || text === '') return text;
  const bytes = Buffer.from(text, 'utf8');
  const found = inOneGo(finder.look(bytes));
  if (found.length === 0) return text;
  // Half a character has three bytes in both readings, so that the places are the same.
  let out = '';
  let end = 0;
  for (const { from, to } of found) {
    out += bytes.toString('utf8', end, from) + redacted;
    end = to;
  }
  return out + bytes.toString('utf8', end);
}

function inOneGo(look: Generator<void, Span[]>): Span[] {
  for (;;) {
    const { done, value } = look.next();
    if (done === true) return value;
  }
}

async function coverBytes(body: Uint8Array, finder: Finder): Promise<Uint8Array> {
  if (finder.isIdle || body.length === 0) return body;
  const turns = new Turns();
  const look = finder.look(body);
  let step = look.next();
  for (; step.done !== true; step = look.next()) await turns.taken();
  const found = step.value;
  if (found.length === 0) return body;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const span of found) {
    const { from, to, instead } = inPlace(body, span);
    parts.push(body.subarray(end, from), instead);
    end = to;
  }
  return new Uint8Array(Buffer.concat([...parts, body.subarray(end)]));
}

const plain = Buffer.from(redacted);
const littleEndian = Buffer.from(redacted, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();

/** In UTF-16, told by its zeros, a character keeps its two bytes: what follows would else be read as something else. */
function inPlace(body: Uint8Array, { from, to }: Span) {
  const zeros = [0, 0] as [even: number, odd: number];
  for (let at = from; at < to; at++) if (body[at] === 0) zeros[(at % 2) as 0 | 1] += 1;
  const [even, odd] = zeros;
  if ((even + odd) * 3 < to - from) return { from, to, instead: plain };
  // A zero at an end belongs to the character whose other byte is beside it.
  return odd >= even
    ? { from: from + (from % 2), to: to + (to % 2), instead: littleEndian }
    : { from: from - (from % 2), to: to - (to % 2), instead: bigEndian };
}
