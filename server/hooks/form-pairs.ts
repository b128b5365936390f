/** Fields by name; a name that comes several times gives a list. */
export function fieldsOf(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const fields = new Map<string, unknown[]>();
  for (const [name, value] of pairs) {
    const known = fields.get(name);
    if (known) known.push(value);
    else fields.set(name, [value]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

type Decode = (bytes: Uint8Array, charset: string | undefined, what: string) => string;

/** The fields of `a=1&b=%E5` in the encoding that the sender or the field `_charset_` names; UTF-8 where nobody does. Source: WHATWG URL 5.1. */
export function formFields(bytes: Buffer, charset: string | undefined, decode: Decode): Record<string, unknown> {
  const text = bytes.toString('latin1');
  const isPlain = charset === undefined || /^utf-?8$/i.test(charset);
  if (isPlain && !/[^\0-\x7f]|%[89a-f]|_charset_/i.test(text)) return fieldsOf(new URLSearchParams(text));
  const pairs = text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return [unescaped(at < 0 ? pair : pair.slice(0, at)), unescaped(at < 0 ? '' : pair.slice(at + 1))] as const;
    });
  const said = pairs.find(([name]) => name.toString('latin1') === '_charset_')?.[1].toString('latin1');
  return fieldsOf(
    pairs.map(([name, value]) => {
      const field = decode(name, charset ?? said, 'The name of a field');
      return [field, decode(value, charset ?? said, `The field “${field.slice(0, 80)}”`)] as const;
    }),
  );
}

/** The bytes of a part in which + is a space and %E5 a byte; a % that begins none stands for itself. */
function unescaped(part: string): Buffer {
  const plain = part.replaceAll('+', ' ');
  if (!plain.includes('%')) return Buffer.from(plain, 'latin1');
  return Buffer.from(
    plain.replaceAll(/%([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16))),
    'latin1',
  );
}

/** The fields of an address' query, and the names of those whose bytes are not UTF-8: their letters are U+FFFD. */
export function queryFields(query: string): { fields: Record<string, unknown>; lost: string[] } {
  const pairs = [...new URLSearchParams(query)];
  const hasLost = pairs.some(([name, value]) => name.includes('\ufffd') || value.includes('\ufffd'));
  const lost = hasLost && !/%ef%bf%bd/i.test(query) ? pairs.filter((pair) => pair.join('').includes('\ufffd')) : [];
  return { fields: fieldsOf(pairs), lost: lost.map(([name]) => name) };
}
