/**
 * JSON as JSON.parse reads it, save that an integer which no number holds exactly (beyond 2^53) stays exact, as text; `kept` is told the name
 * under which each stood. Throws SyntaxError for what is no JSON.
 */
export function parseExactJson(text: string, kept?: (name: string) => void): unknown {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // The reviver doubles the time of parsing, so it is used only where a long number may be.
  if (!/\d{16}/.test(body)) return JSON.parse(body) as unknown;
  return JSON.parse(body, (name: string, value: unknown, context?: { source?: string }): unknown => {
    if (!losesDigits(value, context?.source)) return value;
    kept?.(name);
    return context?.source;
  }) as unknown;
}

const losesDigits = (value: unknown, source: string | undefined): boolean =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '');

/** The same, and a line in the node's log when digits were kept that way. */
export function parseJsonSaying(text: string, warn: (sentence: string) => void): unknown {
  const names = new Set<string>();
  let count = 0;
  const value = parseExactJson(text, (name) => {
    count += 1;
    if (names.size < 5) names.add(name);
  });
  if (count > 0) {
    const where = [...names].map((name) => (name === '' ? 'the value itself' : name)).join(', ');
    warn(`${count === 1 ? 'An integer' : `${count} integers`} beyond 2^53 stayed exact, as text: ${where}.`);
  }
  return value;
}
