import { tokenizer, tokTypes } from 'acorn';
import { type ExpressionError, toFault, tooMuch } from './faults.ts';
import { limits } from './limits.ts';
import { parseCode } from './syntax/parse.ts';
import type { Code } from './syntax/tree.ts';

/** Text as it is written, or an expression between `{{` and `}}`; `start` and `end` span the code without brackets. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly start: number; readonly end: number; readonly code: Code };

/** A string with its expressions parsed. `whole`: it is exactly one expression, so its value keeps its type. */
export type Template = { readonly text: string; readonly whole: boolean; readonly segments: readonly Segment[] };

/** A template, or what is wrong with it. */
export type Parsed =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly error: ExpressionError };

/** Whether a string holds an expression; `\{{` is a way to write two brackets that open none. */
export function isTemplate(text: string): boolean {
  return nextOpening(text, 0) >= 0;
}

/**
 * Parses a template; throws nothing. The first `}}` that closes at depth 0 ends an expression: brackets inside strings,
 * template literals, braces and regexes do not. An opening that is never closed is text.
 */
export function parseTemplate(text: string): Parsed {
  const at = { start: 0, end: text.length };
  try {
    if (text.length > limits.template) throw tooMuch('The template is too long.');
    const segments = split(text);
    const whole = segments.length === 1 && segments[0]?.kind === 'code';
    return { ok: true, template: { text, whole, segments } };
  } catch (thrown) {
    return { ok: false, error: toFault(thrown, at).toError() };
  }
}

function split(text: string): Segment[] {
  const segments: Segment[] = [];
  const addText = (piece: string, isBeforeCode: boolean) => {
    if (piece !== '') segments.push({ kind: 'text', text: unescaped(piece, isBeforeCode) });
  };
  let done = 0;
  for (let open = nextOpening(text, 0); open >= 0; open = nextOpening(text, done)) {
    const start = open + 2;
    const end = closing(text, start);
    if (end < 0) break;
    addText(text.slice(done, open), true);
    segments.push({ kind: 'code', start, end, code: parseSegment(text, start, end) });
    done = end + 2;
  }
  addText(text.slice(done), false);
  return segments;
}

/** A stretch of text between expressions, as it is written; `opensAt` is where two brackets in it open and nothing closes them. */
interface TextSegment {
  readonly text: string;
  readonly from: number;
  readonly opensAt?: number;
}

/** What of a template is text, in order, without parsing its expressions. */
export function textSegments(text: string): TextSegment[] {
  const found: TextSegment[] = [];
  let done = 0;
  for (let open = nextOpening(text, 0); open >= 0; open = nextOpening(text, done)) {
    const end = closing(text, open + 2);
    if (end < 0) return [...found, { text: text.slice(done), from: done, opensAt: open }];
    found.push({ text: text.slice(done, open), from: done });
    done = end + 2;
  }
  return [...found, { text: text.slice(done), from: done }];
}

function parseSegment(text: string, start: number, end: number): Code {
  if (end - start > limits.code) throw tooMuch('The expression is too long.');
  try {
    return parseCode(text.slice(start, end), start);
  } catch (thrown) {
    throw toFault(thrown, { start, end });
  }
}

function nextOpening(text: string, from: number): number {
  let open = text.indexOf('{{', from);
  while (open > from && isEscaped(text, open)) open = text.indexOf('{{', open + 2);
  return open;
}

/** An odd number of backslashes escapes; a pair is one backslash, so that `C:\\\\{{ … }}` is a path. */
function isEscaped(text: string, open: number): boolean {
  let at = open;
  while (text[at - 1] === '\\') at--;
  return (open - at) % 2 === 1;
}

/** Backslashes mean something only in front of two brackets. */
function unescaped(piece: string, isBeforeCode: boolean): string {
  if (!piece.includes('\\')) return piece;
  const inside = piece.replaceAll(/(\\+)\{\{/g, (_, slashes: string) => `${half(slashes)}{{`);
  return isBeforeCode ? inside.replace(/\\+$/, half) : inside;
}

const half = (slashes: string): string => '\\'.repeat(Math.floor(slashes.length / 2));

/** Where the `}}` is that ends the code from `start`; -1 when there is none. */
function closing(text: string, start: number): number {
  const first = text.indexOf('}}', start);
  if (first < 0) return -1;
  if (isPlain(text, start, first)) return first;
  for (const length of windows) {
    const end = closingByTokens(text.slice(start, start + length));
    if (end !== undefined) return start + end;
    if (start + length >= text.length) break;
  }
  return first;
}

/** How much the tokeniser is given, which copies it: almost always the first is enough, and more shows nothing else of what it shows. */
const windows = [512, 8_192, limits.code];

/** Code without quotes, braces, slashes or comments cannot hide a bracket, so 8 in 10 expressions need no tokeniser here. */
function isPlain(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = text[at];
    if (c === '{' || c === '"' || c === "'" || c === '`' || c === '/') return false;
  }
  return true;
}

/** Text that is not JavaScript at all gives undefined; the parser then says what is wrong with it. */
function closingByTokens(code: string): number | undefined {
  // The bracket in front puts acorn in the place of an expression, so that `/` and `{` mean what they mean there.
  const tokens = tokenizer(`(${code}`, { ecmaVersion: 'latest' });
  let depth = 0;
  let braceEnd = -1;
  try {
    for (let token = tokens.getToken(); token.type !== tokTypes.eof; token = tokens.getToken()) {
      if (token.type === tokTypes.braceL || token.type === tokTypes.dollarBraceL) depth++;
      if (token.type !== tokTypes.braceR) continue;
      if (depth > 0) depth--;
      else if (braceEnd === token.start) return token.start - 2;
      else braceEnd = token.end;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
