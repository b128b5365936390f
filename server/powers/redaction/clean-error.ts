import type { Redactor } from './redactor.ts';

/** How deep causes and lists of errors are looked through. */
const deepest = 8;

/**
 * Takes secrets out of an error: its message, its stack, whatever it carries, and its causes. It stays the same error, because those who catch it know it by
 * its class and by what else is kept for it.
 */
export function cleanError(error: unknown, redact: Redactor, depth = 0): unknown {
  if (Array.isArray(error)) return cleanList(error, redact, depth);
  if (!(error instanceof Error)) return redact.value(error);
  if (depth > deepest) return error;
  for (const name of new Set([...Object.getOwnPropertyNames(error), 'message', 'stack'])) {
    const before: unknown = Reflect.get(error, name);
    const after = cleanError(before, redact, depth + 1);
    if (after !== before) Object.defineProperty(error, name, { value: after, configurable: true, writable: true });
  }
  return error;
}

/** A list of errors, as several addresses of one host leave it, or of anything else. */
function cleanList(list: readonly unknown[], redact: Redactor, depth: number): readonly unknown[] {
  const cleaned = list.map((one) => cleanError(one, redact, depth));
  return cleaned.some((one, at) => one !== list[at]) ? cleaned : list;
}
