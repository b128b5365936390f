import fc from 'fast-check';

/** Ways in which a far side may write what it was sent. Each keeps the secret to be read by whoever knows the way. */
export type Encoding = (text: string, random: () => number) => string;

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const hex = (text: string) => utf8(text).toString('hex');
const broken = (text: string, random: () => number) =>
  [...text].map((char) => (random() < 0.1 ? `${char}\r\n` : char)).join('');
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const unit = (char: string, big: boolean) =>
  char
    .split('')
    .map((one) => {
      const digits = one.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${big ? digits.toUpperCase() : digits}`;
    })
    .join('');
const percent = (char: string, big: boolean) =>
  [...utf8(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')[big ? 'toUpperCase' : 'toString']()}`).join('');
const each = (text: string, write: (char: string) => string) => [...text].map(write).join('');
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  ä: '&auml;',
  '/': '&sol;',
  '+': '&plus;',
};

export const encodings: Readonly<Record<string, Encoding>> = {
  plain: (text) => text,
  json,
  'json of Go': (text) => json(text).replace(/[<>&\u2028\u2029]/g, (char) => unit(char, false)),
  'json of PHP': (text) =>
    json(text)
      .replaceAll('/', '\\/')
      .replace(/[^\0-\x7f]/g, (char) => unit(char, false)),
  'json, escaped here and there': (text, random) =>
    each(text, (char) => (random() < 0.5 || /["\\]|\p{Cc}/u.test(char) ? unit(char, random() < 0.5) : char)),
  'json in json': (text) => json(json(text)),
  'json of Go in json in json': (text) => json(json(json(text).replace(/[<>&]/g, (char) => unit(char, false)))),
  'percent by the platform': encodeURIComponent,
  'percent of a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'percent, all of it': (text, random) => each(text, (char) => percent(char, random() < 0.5)),
  'percent here and there': (text, random) =>
    each(text, (char) => (random() < 0.5 || char === '%' ? percent(char, random() < 0.5) : char)),
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'html by name': (text) => each(text, (char) => entities[char] ?? char),
  'html in numbers': (text, random) =>
    each(text, (char) => (random() < 0.5 || char === '&' ? `&#${char.codePointAt(0)!};` : char)),
  'html in hexadecimal': (text) => each(text, (char) => `&#x${char.codePointAt(0)!.toString(16).toUpperCase()};`),
  csv: (text) => text.replaceAll('"', '""'),
  base64: (text) => utf8(text).toString('base64'),
  base64url: (text) => utf8(text).toString('base64url'),
  'base64 in lines': (text) => utf8(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
  'base64 broken anywhere': (text, random) => broken(utf8(text).toString('base64'), random),
  'base64 within another': (text, random) =>
    Buffer.concat([Buffer.alloc(Math.floor(random() * 5), 'x'), utf8(`${text}:x`)]).toString('base64'),
  'base64 in an address': (text) => encodeURIComponent(utf8(text).toString('base64')),
  'base64 in json of PHP': (text) => utf8(text).toString('base64').replaceAll('/', '\\/'),
  'base64 in lines in json': (text, random) => json(broken(utf8(text).toString('base64'), random)),
  basic: (text) => `Basic ${utf8(`ada:${text}`).toString('base64')}`,
  hex,
  'hex in capitals': (text) => hex(text).toUpperCase(),
  'hex with colons': (text) => hex(text).replace(/..(?!$)/g, '$&:'),
  'hex with percent signs': (text) => hex(text).replace(/../g, '%$&'),
  'hex as C writes it': (text) =>
    hex(text)
      .replace(/..(?!$)/g, '0x$&, ')
      .replace(/..$/, '0x$&'),
};

/** Secrets as services give them out and as people think them up; those with escapes of their own too. */
export const secrets = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-'),
    minLength: 8,
    maxLength: 60,
  }),
  fc.string({ unit: 'grapheme', minLength: 10, maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('a', 'B', '7', '&', '<', '"', "'", '\\', '/', '%', '+', ' ', 'ä', '€', '=', ':', ';', '#'),
    minLength: 8,
    maxLength: 24,
  }),
);

/** The same cases each time: what a mixture of escapes hides in a secret that looks escaped itself is told by chance. */
export const fixed = 20_261_130;

/** Random numbers between 0 and 1 that are the same each time for a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
