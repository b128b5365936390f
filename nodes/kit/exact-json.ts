/**
 * JSON as JSON.parse reads it, save that an integer which no number holds exactly (beyond 2^53) stays exact, as text.
 * Throws SyntaxError for what is no JSON.
 */
export function parseExactJson(text: string): unknown {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // The reviver doubles the time of parsing, so it is used only where a long number may be.
  return /\d{16}/.test(body) ? (JSON.parse(body, keepExact) as unknown) : (JSON.parse(body) as unknown);
}

const keepExact = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  !Number.isSafeInteger(value) &&
  /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;
