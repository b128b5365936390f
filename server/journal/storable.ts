/**
 * The JSON of a value as Postgres can keep it: U+0000, which no text of Postgres may hold, and lone surrogates, which are no Unicode, become
 * U+FFFD. The edge has done so already for what comes in; this is the last defence, and costs one search of the text. Throws a RangeError for
 * what nests too deep and a TypeError for what is no JSON.
 */
export function storable(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return suspicious.test(text) ? text.replaceAll(escapes, (escape) => (bad.test(escape) ? '\ufffd' : escape)) : text;
}

/** JSON.stringify escapes a surrogate only when it stands alone. */
const suspicious = /\\u(?:0000|d[89a-f])/;
/** Every escape is read whole, so that the text `\\u0000` (a backslash, then letters) is left as it is. */
const escapes = /\\(?:u[0-9a-f]{4}|.)/g;
const bad = /^\\u(?:0000|d[89a-f])/;
