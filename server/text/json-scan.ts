import { isHigh, isLow } from '../../flow/values/code-points.ts';
import { TextBlocks } from './text-blocks.ts';

/** How deep what comes in may nest (SAFETY 4.3): a 10 kB body of depth 5000 parses and then kills `JSON.stringify`. */
export const depthMost = 64;

/** Which cap a text breaks. */
export class JsonTooMuch extends Error {
  override readonly name = 'JsonTooMuch';
}

/** A piece of the text that is replaced by another. */
export interface Mend {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A value that could not be kept as it came. */
export interface JsonWarning {
  readonly code: 'number-as-text' | 'character-replaced';
  /** JSON pointer (RFC 6901). */
  readonly at: string;
}

/**
 * What a scan mends and bounds. `all`: digits and characters that do not stay, no deeper than 64. `depth`: no deeper than that. `none`: the text is our own.
 */
export type Mending = 'all' | 'depth' | 'none';

/** One open object or array. */
export interface Level {
  readonly isArray: boolean;
  /** Where it opens. */
  readonly from: number;
  /** Where what it holds at the moment begins, its key included: behind the last comma, or behind the bracket. */
  childFrom: number;
  /** Items seen. */
  count: number;
  /** Where the key under way begins and ends in the text. */
  keyFrom: number;
  keyTo: number;
  awaitsKey: boolean;
}

/** A text under way, from its opening quote on. */
interface OpenString {
  readonly from: number;
  readonly isKey: boolean;
  hasEscapes: boolean;
  /** What was mended of it so far, up to where, and how often. */
  parts: TextBlocks | undefined;
  done: number;
  lost: number;
}

const shownWarnings = 20;
const quote = 0x22;
const backslash = 0x5c;
const opensObject = 0x7b;
const opensArray = 0x5b;
const closesObject = 0x7d;
const closesArray = 0x5d;
const comma = 0x2c;
const letterU = 0x75;

/**
 * Reads a JSON text once, in time that grows with its length alone, and builds nothing: throws `JsonTooMuch` when it nests too deep, and finds
 * everything that our database or JavaScript would lose, put so that it stays: numbers that a double cannot hold become strings, NUL and lone
 * surrogates become U+FFFD. It can stop after any character and go on. The text need not be valid; `JSON.parse` says that.
 */
export class JsonScan {
  readonly text: string;
  at = 0;
  readonly levels: Level[] = [];
  /** What is to be replaced, in order, and how much of it was put in already by who reads along. */
  readonly mends: Mend[] = [];
  taken = 0;
  readonly warnings: JsonWarning[] = [];
  /** Whether a key is `$file`, however it is spelt. */
  namesFile = false;
  private string: OpenString | undefined;
  private readonly mending: Mending;

  /** `mending`: what is put so that it stays; all of it where a stranger sent the text. */
  constructor(text: string, mending: Mending = 'all') {
    this.text = text;
    this.mending = mending;
  }

  /** Reads on to `until` or the token across it. Stops before the bracket that closes level `closing`, and says so by true. */
  advance(until: number, closing = 0): boolean {
    const { text, levels } = this;
    const end = Math.min(until, text.length);
    while (this.at < end) {
      if (this.string) {
        this.readString(this.string, end);
        continue;
      }
      const code = text.charCodeAt(this.at);
      if (code === quote) this.openString();
      else if (code === opensObject || code === opensArray) this.open(code === opensArray);
      else if (code === closesObject || code === closesArray) {
        if (closing > 0 && levels.length === closing) return true;
        levels.pop();
        this.at++;
      } else if (code === comma) this.nextChild();
      else if (isNumberStart(code)) this.readNumber();
      else this.at++;
    }
    return false;
  }

  private open(isArray: boolean): void {
    if (this.mending !== 'none' && this.levels.length >= depthMost)
      throw new JsonTooMuch(`more than ${depthMost} levels`);
    const [from, childFrom] = [this.at, ++this.at];
    this.levels.push({ isArray, from, childFrom, count: 0, keyFrom: 0, keyTo: 0, awaitsKey: !isArray });
  }

  private nextChild(): void {
    this.at++;
    const level = this.levels.at(-1);
    if (!level) return;
    level.childFrom = this.at;
    if (level.isArray) level.count++;
    else level.awaitsKey = true;
  }

  private openString(): void {
    const level = this.levels.at(-1);
    const isKey = level?.awaitsKey ?? false;
    if (level && isKey) {
      level.awaitsKey = false;
      level.keyFrom = level.keyTo = this.at;
    }
    this.string = { from: this.at++, isKey, hasEscapes: false, parts: undefined, done: this.at, lost: 0 };
  }

  private readString(string: OpenString, end: number): void {
    const { text } = this;
    let at = this.at;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        this.at = at + 1;
        this.closeString(string);
        return;
      }
      if (code === backslash) {
        string.hasEscapes = true;
        at = text.charCodeAt(at + 1) === letterU ? this.readUnit(string, at) : at + 2;
      } else at++;
    }
    this.at = at;
    if (at >= text.length) this.closeString(string);
  }

  /** `\uXXXX`: what JSON knows and Postgres' jsonb does not is NUL (22P05) and half a surrogate pair (22P02). */
  private readUnit(string: OpenString, at: number): number {
    const { text } = this;
    const unit = unitAt(text, at);
    const isPair = isHigh(unit) && text.startsWith('\\u', at + 6) && isLow(unitAt(text, at + 6));
    if (isPair) return at + 12;
    if (this.mending !== 'all' || (unit !== 0 && !isHigh(unit) && !isLow(unit))) return at + 2;
    string.parts ??= new TextBlocks();
    string.parts.push(text.slice(string.done, at), '\\ufffd');
    string.done = at + 6;
    string.lost++;
    // Where a key is being read, its place is known at its end.
    if (!string.isKey) this.warn('character-replaced');
    return at + 6;
  }

  private closeString({ from, isKey, hasEscapes, parts, done, lost }: OpenString): void {
    const { at, text } = this;
    this.string = undefined;
    if (isKey) {
      this.levels.at(-1)!.keyTo = at;
      this.namesFile ||= isFileKey(text, from, at, hasEscapes);
      for (let n = Math.min(lost, shownWarnings); n > 0; n--) this.warn('character-replaced');
    }
    if (!parts) return;
    parts.push(text.slice(done, at));
    this.mends.push({ from: from + 1, to: at, text: parts.whole() });
  }

  private readNumber(): void {
    const { text, at: from } = this;
    const to = endOfNumber(text, from);
    this.at = to;
    if (to - from <= 15 || this.mending !== 'all') return;
    const number = text.slice(from, to);
    if (!losesDigits(number)) return;
    this.mends.push({ from, to, text: `"${number}"` });
    this.warn('number-as-text');
  }

  /** Only those that are shown cost the words of their place. */
  private warn(code: JsonWarning['code']): void {
    const { levels, text, warnings } = this;
    if (warnings.length >= shownWarnings) return;
    const at = levels.map((level) => `/${level.isArray ? level.count : keyOf(text, level)}`).join('');
    warnings.push({ code, at });
  }
}

const isFileKey = (text: string, from: number, to: number, hasEscapes: boolean): boolean =>
  hasEscapes
    ? to - from <= 40 &&
      /\$|\\u0024/.test(text.slice(from, to)) &&
      keyOf(text, { keyFrom: from, keyTo: to }) === '$file'
    : to - from === 7 && text.startsWith('"$file"', from);

/** The value of `\uXXXX`; -1 when it is none. */
function unitAt(text: string, at: number): number {
  let unit = 0;
  for (let place = at + 2; place < at + 6; place++) {
    const digit = hexOf(text.charCodeAt(place));
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** The value of a hexadecimal digit; -1 when it is none. */
export function hexOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const isNumberStart = (code: number) => code === 0x2d || (code >= 0x30 && code <= 0x39);
function endOfNumber(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPart =
      (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2b || code === 0x2d || (code | 0x20) === 0x65;
    if (!isPart) break;
  }
  return at;
}

/**
 * Integers beyond 2^53, all that have 17 digits or more among them: a number of 16 MB takes a tenth of a second to be worked out. What has a point or an exponent
 * is a measure, and as exact as a double is.
 */
const losesDigits = (number: string) =>
  /^-?(0|[1-9]\d*)$/.test(number) && (number.length > 17 || !Number.isSafeInteger(Number(number)));

/** The first 100 letters of a key, each of which is written in six characters at most. */
function keyOf(text: string, { keyFrom, keyTo }: Pick<Level, 'keyFrom' | 'keyTo'>): string {
  const isWhole = keyTo - keyFrom <= 602;
  const quoted = isWhole ? text.slice(keyFrom, keyTo) : `${cutBefore(text.slice(keyFrom, keyFrom + 601))}"`;
  try {
    const key = String(JSON.parse(quoted)).slice(0, 100).toWellFormed().replaceAll('\0', '\ufffd');
    return key.replaceAll('~', '~0').replaceAll('/', '~1');
  } catch {
    return '?';
  }
}

/** Without an escape that was cut through. */
const cutBefore = (text: string): string => {
  const slashes = /\\+(?:u[\da-f]{0,3})?$/i.exec(text);
  return slashes ? text.slice(0, slashes.index) : text;
};

/** A stretch of the text with its mends. */
export function mended(text: string, from: number, to: number, mends: readonly Mend[]): string {
  if (mends.length === 0) return text.slice(from, to);
  const parts: string[] = [];
  let done = from;
  for (const mend of mends) {
    parts.push(text.slice(done, mend.from), mend.text);
    done = mend.to;
  }
  parts.push(text.slice(done, to));
  return parts.join('');
}
