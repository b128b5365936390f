import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { digest, digestNames, keyedDigest } from '../bytes/digest.ts';
import { fromUtf8, toUtf8 } from '../bytes/utf8.ts';
import { Halt } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { DateBox, MomentBox } from '../values/dates.ts';
import { optionalNumber, optionalText, toText } from '../values/convert.ts';
import { parseUrl } from '../values/url.ts';
import { weigh } from '../values/weigh.ts';
import { parseJson } from './json.ts';
import { momentFromText } from './moments.ts';
import { markdownRemoved, plainSigns, quoted, sentenceCase, snakeCase, tagsRemoved, titleCase } from './wording.ts';

type Args = readonly unknown[];

/** The functions that texts have beyond JavaScript's. */
export const textExtensions: Methods<string> = table({
  isEmpty: (_run: Run, text: string) => text === '',
  isNotEmpty: (_run: Run, text: string) => text !== '',
  hash: (run: Run, text: string, args: Args) =>
    hash(run, text, optionalText(run, args[0]) ?? 'md5', optionalText(run, args[1])),
  hmac: (run: Run, text: string, args: Args) => keyed(run, text, args),
  base64Encode: (run: Run, text: string) => run.made(toBase64(toUtf8(run.heavy(text)))),
  base64Decode: (run: Run, text: string) => run.made(fromUtf8(fromBase64(run.heavy(text)))),
  urlEncode: (run: Run, text: string, args: Args) => encoded(run, text, args[0] === true),
  urlDecode: (run: Run, text: string, args: Args) => decoded(run, text, args[0] === true),
  parseJson: (run: Run, text: string) => parseJson(run, text, 'expression.value'),
  toJsonString: (run: Run, text: string) => {
    weigh(run, text);
    return run.made(JSON.stringify(text));
  },
  toNumber: (_run: Run, text: string) => numeric(Number(text), text, 'a number'),
  toDecimalNumber: (_run: Run, text: string) => numeric(Number.parseFloat(text), text, 'a number'),
  toFloat: (_run: Run, text: string) => numeric(Number.parseFloat(text), text, 'a number'),
  toInt: (run: Run, text: string, args: Args) =>
    numeric(Number.parseInt(text, optionalNumber(run, args[0])), text, 'a whole number'),
  toWholeNumber: (run: Run, text: string, args: Args) =>
    numeric(Number.parseInt(text, optionalNumber(run, args[0])), text, 'a whole number'),
  toBoolean: (_run: Run, text: string) => !['', 'false', 'no', '0'].includes(text.toLowerCase()),
  toDate: (run: Run, text: string) => new DateBox(momentFromText(run, text).toMillis()),
  toDateTime: (run: Run, text: string, args: Args) =>
    new MomentBox(momentFromText(run, text, optionalText(run, args[0]))),
  toTitleCase: (run: Run, text: string) => titleCase(run.heavy(text)),
  toSentenceCase: (run: Run, text: string) => sentenceCase(run.heavy(text)),
  toSnakeCase: (run: Run, text: string) => snakeCase(run.heavy(text)),
  removeTags: (run: Run, text: string) => tagsRemoved(run.heavy(text)),
  stripTags: (run: Run, text: string) => tagsRemoved(run.heavy(text)),
  removeMarkdown: (run: Run, text: string) => markdownRemoved(run.heavy(text)),
  replaceSpecialChars: (run: Run, text: string) => plainSigns(run.heavy(text)),
  quote: (run: Run, text: string, args: Args) =>
    run.made(quoted(run.text(text), optionalText(run, args[0]) ?? '"', run.budget)),
  extractEmail: (run: Run, text: string) => emailOf(run.heavy(text)),
  extractDomain: (run: Run, text: string) => domainIn(run, text),
  extractUrl: (run: Run, text: string) => firstOf(urlIn, tried(run, text, 4)),
  extractUrlPath: (run: Run, text: string) => parseUrl(run, text)?.url.pathname,
  isEmail: (_run: Run, text: string) => text.length < 400 && isEmail.test(text),
  isUrl: (run: Run, text: string) => isUrl(run, text),
  isDomain: (_run: Run, text: string) => text.length < 400 && isDomain.test(text),
  isNumeric: (_run: Run, text: string) => text.trim() !== '' && !Number.isNaN(Number(text)),
});

// Our own patterns: each repeat is over a class that excludes what follows it, so none backtracks far.
// An address begins at its @ and looks back from there: a pattern that begins with letters tries 64 from each.
const emailIn = /@(?<=([A-Za-z0-9._%+-]{1,64})@)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/;
const isEmail = /^[^\s@<>()[\],;:\\"]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}$/;
const urlIn = /(?:https?|ftp|file):\/\/(?:www\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]{2,63}\b[-a-zA-Z0-9@:%_+.~#?&/=]*/;
const isDomain = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}$/;
const domainAnywhere = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/;

function emailOf(text: string): string | undefined {
  const found = emailIn.exec(text);
  return found ? `${found[1]}${found[0]}` : undefined;
}

const firstOf = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.[0];

function domainIn(run: Run, text: string): string | undefined {
  const url = text.includes('://') ? parseUrl(run, text.trim()) : undefined;
  if (url && domainAnywhere.test(url.url.hostname)) return url.url.hostname;
  const afterAt = text.includes('@') ? text.slice(text.indexOf('@') + 1) : text;
  return firstOf(domainAnywhere, tried(run, afterAt, 12));
}

/** Tells the budget of a pattern that tries at each letter, for so many steps. */
function tried(run: Run, text: string, steps: number): string {
  run.budget?.about(text.length * steps);
  return run.heavy(text);
}

function isUrl(run: Run, text: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text) && parseUrl(run, text) !== undefined;
}

function numeric(number: number, text: string, what: string): number {
  if (!Number.isNaN(number)) return number;
  throw new Halt(
    'expression.value',
    `"${text.slice(0, 40)}" cannot be converted to ${what}.`,
    'Check the value first, for example with isNumeric(), or use Number(), which gives NaN.',
  );
}

function hash(run: Run, text: string, name: string, encoding: string | undefined): string {
  const bytes = counted(run, text);
  if (name.toLowerCase() === 'base64') return toBase64(bytes);
  return written(digest(digestName(name), bytes), name, encoding);
}

/** `hmac(key, 'sha256', 'hex')`: a keyed digest, as signatures of webhooks are. */
function keyed(run: Run, text: string, args: Args): string {
  if (typeof args[0] !== 'string' || args[0] === '')
    throw new Halt('expression.value', 'hmac() needs a key.', "Write hmac($vars.SECRET, 'sha256').");
  const name = optionalText(run, args[1]) ?? 'sha256';
  const made = keyedDigest(digestName(name), counted(run, args[0]), counted(run, text));
  return written(made, name, optionalText(run, args[2]));
}

const digestName = (name: string): string => name.toLowerCase().replace(/^sha-/, 'sha');

function counted(run: Run, text: string): Uint8Array {
  const bytes = toUtf8(run.heavy(text));
  run.charge(bytes.length >> 2); // sha512 takes 0.4 µs a byte in BigInts, the others a twentieth.
  return bytes;
}

function written(made: Uint8Array | undefined, name: string, encoding = 'hex'): string {
  if (made === undefined)
    throw new Halt(
      'expression.value',
      `There is no hash "${name.slice(0, 20)}".`,
      `Use one of ${digestNames.join(', ')}.`,
    );
  if (encoding === 'hex') return bytesToHex(made);
  if (encoding === 'base64') return toBase64(made);
  if (encoding === 'base64url') return toBase64(made).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  throw new Halt(
    'expression.value',
    `A hash cannot be written as "${encoding.slice(0, 20)}".`,
    'Use hex, base64 or base64url.',
  );
}

function encoded(run: Run, text: string, whole: boolean): string {
  const clean = run.walked(text).toWellFormed();
  return run.made(whole ? encodeURI(clean) : encodeURIComponent(clean));
}

function decoded(run: Run, text: string, whole: boolean): string {
  const read = run.walked(text);
  try {
    return whole ? decodeURI(read) : decodeURIComponent(read);
  } catch {
    throw new Halt(
      'expression.value',
      `"${toText(run, text).slice(0, 40)}" is not URL-encoded.`,
      'Check the text for a stray % sign.',
    );
  }
}
