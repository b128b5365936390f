import { domainToASCII } from 'node:url';
import { shortestSecret as shortest } from '../../../flow/document/credential.ts';
import type { Work } from '../../text/turns.ts';
import { hasQuotes, layers, looksEscaped, together } from './escapes.ts';
import { emptyView, showIn } from './view.ts';

/** What is looked for, by how a text is read. */
export interface Spellings {
  readonly plain: readonly Uint8Array[];
  /** The same, and what the host and scheme of an address make of a secret: the same list where they make nothing else of any. */
  readonly named: readonly Uint8Array[];
  readonly base64: readonly Uint8Array[];
  readonly hex: readonly Uint8Array[];
  /** Whether there are escapes in a secret itself. */
  readonly hasEscapes: boolean;
  /** Whether there are quotation marks in one. */
  readonly hasQuotes: boolean;
}

/** What no reading of a text undoes: the bytes that a secret may have, and what encodings of three bytes at a time make of them. In turns. */
export function* spellingsOf(secrets: readonly string[]): Work<Spellings> {
  const long = [...new Set(secrets.filter((secret) => secret.length >= shortest))];
  const [plain, names, base64, hex] = [new Words(), new Words(), new Words(), new Words()];
  for (const secret of long) {
    plain.add(plainOf(secret));
    yield;
    names.add(namesOf(secret).flatMap(plainOf));
    const bytes = bytesOf(secret);
    hex.add(bytes.map((one) => Buffer.from(one.toString('hex'))));
    base64.add([...bytes, Buffer.from(secret, 'utf16le')].flatMap(base64Of));
    yield;
  }
  const { all } = plain;
  const others = names.beside(plain);
  return {
    plain: all,
    named: others.length === 0 ? all : [...all, ...others],
    base64: base64.all,
    hex: hex.all,
    hasEscapes: long.some(looksEscaped),
    hasQuotes: long.some(hasQuotes),
  };
}

/** Words, each once. */
class Words {
  private readonly known = new Map<string, Uint8Array>();

  add(words: readonly Buffer[]): void {
    for (const word of words) this.known.set(word.toString('latin1'), word);
  }

  get all(): readonly Uint8Array[] {
    return [...this.known.values()];
  }

  /** Those that others do not have. */
  beside(others: Words): readonly Uint8Array[] {
    return [...this.known].flatMap(([name, word]) => (others.known.has(name) ? [] : [word]));
  }
}

/** What the host and scheme of an address make of a secret. */
const namesOf = (secret: string): string[] =>
  [secret.toLowerCase(), domainToASCII(secret)].filter((name) => name !== secret && name.length >= shortest);

/** As forms write it, too, and with the escapes read that it has itself: texts are read to the end, and it must be found there. */
function plainOf(secret: string): Buffer[] {
  const written = [secret, secret.replaceAll(' ', '+')];
  const read = written.map((text) => readWhole(Buffer.from(text, 'utf8'))).filter(({ length }) => length >= shortest);
  const wide = isAscii(secret) ? [] : [Buffer.from(secret, 'utf16le'), Buffer.from(secret, 'utf16le').swap16()];
  return [...written.flatMap(bytesOf), ...read, ...wide];
}

/** Its bytes in UTF-8, and in Latin-1, as headers carry it. */
const bytesOf = (secret: string): Buffer[] =>
  isAscii(secret) || /[^\0-\xff]/.test(secret)
    ? [Buffer.from(secret, 'utf8')]
    : [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'latin1')];

// oxlint-disable-next-line no-control-regex -- that is what ASCII is
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function readWhole(bytes: Buffer): Buffer {
  const [whole, first, second] = [emptyView(bytes.length), emptyView(bytes.length), emptyView(bytes.length)];
  showIn(whole, bytes, 0);
  let last = whole;
  for (const read of layers(whole, together, { first, second })) last = read;
  return Buffer.from(last.bytes.subarray(0, last.length));
}

/**
 * The base64 of bytes at each of the three places that they can have in a longer value, without the first and last characters where these are
 * shared with its neighbours.
 *
 *     bytes      p p s s s s      (two bytes before the secret)
 *     base64    A A A B B B B B   A belongs in part to p: left out
 */
const base64Of = (bytes: Buffer): Buffer[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return Buffer.from(text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)));
  });
