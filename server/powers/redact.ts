/** Takes secrets out of what enters from outside; the same bytes come back when there are none in it. */
export interface Redactor {
  (text: string): string;
  /** The same for bytes of any content: a secret is looked for as its UTF-8. */
  bytes(body: Uint8Array): Uint8Array;
}

/** What stands where a secret was. */
export const redacted = '[redacted]';

/** Shorter values are not secrets worth the name, and would turn up in innocent text. */
const shortest = 8;

/**
 * Knows the live secrets of one use of a power and removes each, wherever it stands and also when it is base64-, URL- or JSON-escaped
 * (ENGINE.md E21). Base64 is found inside a longer value too, as in `Basic base64(user:secret)`.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const needles = [...new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(spellings))];
  const byteNeedles = needles.map((needle) => Buffer.from(needle, 'utf8').toString('latin1'));
  const redact = (text: string) => cover(text, found(text, needles));
  return Object.assign(redact, {
    bytes(body: Uint8Array): Uint8Array {
      if (needles.length === 0) return body;
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
      const spans = found(text, byteNeedles);
      return spans.length === 0 ? body : Uint8Array.from(Buffer.from(cover(text, spans), 'latin1'));
    },
  });
}

/** Every way in which a far side may echo a secret. */
function spellings(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const strict = percent.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const urls = [percent, strict, strict.replaceAll('%20', '+'), percent.replaceAll('%20', '+')];
  return [
    secret,
    ...urls,
    ...urls.map(lowerEscapes),
    ...[json, ascii, upperEscapes(ascii)].flatMap((text) => [text, text.replaceAll('/', '\\/')]),
    ...base64(secret),
  ];
}

const lowerEscapes = (text: string) => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
const upperEscapes = (text: string) => text.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => `\\u${hex.toUpperCase()}`);

/**
 * The base64 of a secret at each of the three places that it can have in a longer value, in both alphabets, without the first and last
 * characters where these are shared with its neighbours.
 *
 *     bytes      p p s s s s      (two bytes before the secret)
 *     base64    A A A B B B B B   A belongs in part to p: left out
 */
function base64(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const ours = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    const plain = ours.replaceAll('-', '+').replaceAll('_', '/');
    return [ours, plain, plain.replaceAll('/', '\\/'), encodeURIComponent(plain)];
  });
}

type Span = readonly [from: number, to: number];

/** Where needles stand, overlapping ones too: two secrets that share letters must not save each other. */
function found(text: string, needles: readonly string[]): Span[] {
  return needles.flatMap((needle) => {
    const spans: Span[] = [];
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
      spans.push([at, at + needle.length]);
    return spans;
  });
}

function cover(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let out = '';
  let end = 0;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    if (from >= end && (from > end || out === '')) out += text.slice(end, from) + redacted;
    end = Math.max(end, to);
  }
  return out + text.slice(end);
}
