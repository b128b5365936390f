/** What a JSON text may hold. */
export interface JsonLimits {
  readonly depth: number;
  /** Keys of all objects together. */
  readonly keys: number;
  /** Items of one array. */
  readonly items: number;
}

/** The caps of everything that comes in (SAFETY 4.3): a 10 kB body of depth 5000 parses and then kills `JSON.stringify`. */
export const jsonLimits: JsonLimits = { depth: 64, keys: 10_000, items: 100_000 };

/** Which cap a text breaks. */
export class JsonTooMuch extends Error {
  override readonly name = 'JsonTooMuch';
}

/** Where a piece of the text is replaced by another, and why, with the place of the value as a JSON pointer. */
interface Mend {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly what: 'number-as-text' | 'character-replaced';
  readonly at: string;
}

/** A value that could not be kept as it came. */
export interface JsonWarning {
  readonly code: Mend['what'];
  /** JSON pointer (RFC 6901). */
  readonly at: string;
}

const shownWarnings = 20;
const quote = 0x22;
const backslash = 0x5c;
const opensObject = 0x7b;
const opensArray = 0x5b;
const closesObject = 0x7d;
const closesArray = 0x5d;
const comma = 0x2c;

/** One open object or array: which key or how many items it has so far. */
interface Level {
  readonly isArray: boolean;
  /** Items seen, or where the key under way begins and ends in the text. */
  count: number;
  keyFrom: number;
  keyTo: number;
  awaitsKey: boolean;
}

/**
 * Reads a JSON text once without building anything: throws `JsonTooMuch` when it breaks a cap, and gives the text with everything that our
 * database or JavaScript would lose put so that it stays: numbers that a double cannot hold become strings, NUL and lone surrogates become
 * U+FFFD. The text need not be valid; `JSON.parse` says that.
 */
export function scanJson(text: string, limits: JsonLimits = jsonLimits): { text: string; warnings: JsonWarning[] } {
  const mends: Mend[] = [];
  const levels: Level[] = [];
  let keys = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const level = levels.at(-1);
    if (code === quote) {
      const end = endOfString(text, at);
      if (level?.awaitsKey) {
        if (++keys > limits.keys) throw new JsonTooMuch(`more than ${limits.keys} keys`);
        Object.assign(level, { keyFrom: at, keyTo: end, awaitsKey: false });
      }
      mendString(text, at, end, levels, mends);
      at = end;
      continue;
    }
    if (code === opensObject || code === opensArray) {
      if (levels.length >= limits.depth) throw new JsonTooMuch(`more than ${limits.depth} levels`);
      levels.push({ isArray: code === opensArray, count: 0, keyFrom: 0, keyTo: 0, awaitsKey: code === opensObject });
    } else if (code === closesObject || code === closesArray) levels.pop();
    else if (code === comma && level) {
      if (level.isArray && ++level.count >= limits.items)
        throw new JsonTooMuch(`more than ${limits.items} items in one array`);
      level.awaitsKey = !level.isArray;
    } else if (isNumberStart(code)) {
      const end = endOfNumber(text, at);
      if (end - at > 15 && losesDigits(text.slice(at, end))) {
        mends.push({
          from: at,
          to: end,
          text: `"${text.slice(at, end)}"`,
          what: 'number-as-text',
          at: pointer(text, levels),
        });
      }
      at = end;
      continue;
    }
    at++;
  }
  return {
    text: mended(text, mends),
    warnings: mends.slice(0, shownWarnings).map(({ what, at: where }) => ({ code: what, at: where })),
  };
}

/** The place after the closing quote; the text's end when there is none. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** Escapes that JSON knows and Postgres' jsonb does not: `\u0000` (22P05) and half a surrogate pair (22P02). */
function mendString(text: string, from: number, end: number, levels: readonly Level[], mends: Mend[]): void {
  let at = text.indexOf('\\', from);
  while (at >= 0 && at < end) {
    if (text[at + 1] !== 'u') {
      at = text.indexOf('\\', at + 2);
      continue;
    }
    const unit = unitAt(text, at);
    const isPair = isHigh(unit) && text.startsWith('\\u', at + 6) && isLow(unitAt(text, at + 6));
    if (!isPair && (unit === 0 || isHigh(unit) || isLow(unit))) {
      mends.push({ from: at, to: at + 6, text: '\\ufffd', what: 'character-replaced', at: pointer(text, levels) });
    }
    at = text.indexOf('\\', at + (isPair ? 12 : 6));
  }
}

const unitAt = (text: string, at: number) => {
  const digits = text.slice(at + 2, at + 6);
  return /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
};
const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

const isNumberStart = (code: number) => code === 0x2d || (code >= 0x30 && code <= 0x39);
function endOfNumber(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (
      !(
        (code >= 0x30 && code <= 0x39) ||
        code === 0x2e ||
        code === 0x2b ||
        code === 0x2d ||
        code === 0x65 ||
        code === 0x45
      )
    )
      break;
  }
  return at;
}

/** Integers beyond 2^53. What has a point or an exponent is a measure, and as exact as a double is. */
const losesDigits = (number: string) => /^-?(0|[1-9]\d*)$/.test(number) && !Number.isSafeInteger(Number(number));

function pointer(text: string, levels: readonly Level[]): string {
  return levels
    .map((level) => `/${level.isArray ? level.count : keyOf(text.slice(level.keyFrom, level.keyTo))}`)
    .join('');
}

function keyOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted)).slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
  } catch {
    return '?';
  }
}

function mended(text: string, mends: readonly Mend[]): string {
  if (mends.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const mend of mends) {
    parts.push(text.slice(done, mend.from), mend.text);
    done = mend.to;
  }
  return [...parts, text.slice(done)].join('');
}
