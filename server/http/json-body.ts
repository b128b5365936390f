import { jsonLimits, JsonTooMuch, scanJson } from './json-scan.ts';
import type { JsonLimits, JsonWarning } from './json-scan.ts';
import { Refusal } from './refusal.ts';

/** A parsed body, and what could not be kept in it as it came. */
export interface JsonBody {
  readonly value: unknown;
  readonly warnings: readonly JsonWarning[];
}

/**
 * The one place where JSON from outside becomes a value: within the caps, integers beyond 2^53 as strings, without NUL or half characters.
 * Throws a `Refusal` (400 `json-invalid`, `json-too-much`) that says what is wrong without repeating the body.
 */
export function parseJsonBody(body: string | Uint8Array, limits: JsonLimits = jsonLimits): JsonBody {
  const { text, warnings } = cleanJson(body, limits);
  return { value: parseClean(text), warnings };
}

/** Parses what `cleanJson` gave; 400 `json-invalid` when it is none. */
export function parseClean(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'json-invalid', 'The body is not valid JSON.');
  }
}

/** The text that `parseJsonBody` parses, for who parses by itself (tRPC). */
export function cleanJson(body: string | Uint8Array, limits: JsonLimits = jsonLimits) {
  try {
    return scanJson(typeof body === 'string' ? body : decode(body), limits);
  } catch (error) {
    if (error instanceof JsonTooMuch) {
      throw new Refusal(400, 'json-too-much', `The JSON has ${error.message}.`, { mend: 'Send less at once.' });
    }
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'json-invalid', 'The body is not UTF-8.');
  }
}
