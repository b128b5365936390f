import { Refusal } from '../refusal.ts';
import { rememberJson } from '../../text/known-json.ts';
import { cleanedText, parseInPieces } from '../../text/json-pieces.ts';
import { JsonScan, JsonTooMuch, mended } from '../../text/json-scan.ts';
import type { JsonWarning } from '../../text/json-scan.ts';
import { atOnceMost, Turns } from '../../text/turns.ts';

/** A parsed body, and what could not be kept in it as it came. */
export interface JsonBody {
  readonly value: unknown;
  readonly warnings: readonly JsonWarning[];
  /** Whether an object in it has the key `$file`: what only handles of files have. */
  readonly namesFile: boolean;
}

/**
 * The one place where JSON from outside becomes a value: nested within the cap, integers beyond 2^53 as strings, without NUL or half characters.
 * Work is linear in its length; over 256 kB it is done in turns, and the value's text is kept, so that nobody has to write it again. Throws a `Refusal` (400 `json-invalid`, `json-too-much`) that says what is
 * wrong without repeating the body.
 */
export async function readJson(body: string | Uint8Array, turns = new Turns()): Promise<JsonBody> {
  const scan = new JsonScan(typeof body === 'string' ? body : decode(body));
  try {
    const isShort = scan.text.length <= atOnceMost;
    const value: unknown = isShort ? JSON.parse(cleanText(scan)) : await parseInPieces(scan, turns);
    if (!isShort) rememberJson(value, await cleanedText(scan, turns));
    return { value, warnings: scan.warnings, namesFile: scan.namesFile };
  } catch (error) {
    throw refusalFor(error);
  }
}

/** A short text of JSON as who parses by himself (tRPC) may take it. */
export function cleanJson(body: string | Uint8Array): string {
  try {
    const text = cleanText(new JsonScan(typeof body === 'string' ? body : decode(body)));
    JSON.parse(text);
    return text;
  } catch (error) {
    throw refusalFor(error);
  }
}

function cleanText(scan: JsonScan): string {
  scan.advance(scan.text.length);
  return mended(scan.text, 0, scan.text.length, scan.mends);
}

function refusalFor(error: unknown): unknown {
  if (error instanceof JsonTooMuch)
    return new Refusal(400, 'json-too-much', `The JSON has ${error.message}.`, { mend: 'Send less at once.' });
  if (error instanceof SyntaxError) return new Refusal(400, 'json-invalid', 'The body is not valid JSON.');
  return error;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'json-invalid', 'The body is not UTF-8.');
  }
}
