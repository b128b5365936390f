import { Fault } from '../../flow/facts/faults.ts';
import type { HttpReply } from '../../nodes/kit/powers.ts';
import { contentTypeOf, kindOfType } from './content-type.ts';
import { decodeInTurns, looksLikeText, Undecodable } from './decode-text.ts';
import type { Hints } from './decode-text.ts';
import { Turns } from './turns.ts';

/** What an answer of HTTP is read from. */
type Came = Pick<HttpReply, 'status' | 'headers' | 'url' | 'bytes'>;
type Log = (level: 'warn', text: string) => void;
/** What is done to text that was read in an encoding, before anybody sees it. */
export type CleanText = (text: string, encoding: string) => Promise<string> | string;

/** How a complete answer is read as text, in turns. A guess is told to the node's log. */
export function readingOf(
  reply: Came,
  log: Log,
  clean: CleanText = (text) => text,
): Pick<HttpReply, 'text' | 'looseText' | 'opening' | 'isText'> {
  const type = contentTypeOf(reply.headers['content-type']);
  const kind = kindOfType(type);
  const { bytes } = reply;
  return {
    text: (encoding) => textOf(reply, { encoding, charset: type.charset }, log, clean),
    looseText: () => looseText(bytes, type.charset, clean),
    opening: () => looseText(bytes, type.charset, clean, openingBytes),
    isText: () => (kind === 'unknown' ? looksLikeText(bytes) : kind === 'text'),
  };
}

async function textOf({ bytes, url, status }: Came, hints: Hints, log: Log, clean: CleanText): Promise<string> {
  const host = URL.parse(url)?.host ?? 'the server that was called';
  try {
    const { text, encoding, isGuessed } = await decodeInTurns(bytes, hints, new Turns());
    if (isGuessed) log('warn', `Nothing says in which encoding the answer of ${host} is; it was read as ${encoding}.`);
    return await clean(text, encoding);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    throw new Fault('http.undecodable', `The answer of ${host} cannot be read as ${error.encoding}. ${error.message}`, {
      mend: 'Choose the encoding that it is in, or take the answer as a file.',
      done: status < 400 ? 'yes' : 'no',
      details: { status, encoding: error.encoding },
      cause: error,
    });
  }
}

/** A text that says a little of an answer is read from so many bytes. */
const openingBytes = 16_384;
/** So many characters at the end are left out of what was cut: half a secret stands there as it is. */
const endLeftOut = 1_024;
/** A character has up to so many bytes. */
const characterBytes = 4;

/**
 * For who only shows it, or was published before anything was refused: what is no text is U+FFFD. Of more than `most` bytes those are read that it begins
 * with, in no more time than that takes: the rest of ten megabytes is not.
 */
async function looseText(
  bytes: Uint8Array,
  charset: string | undefined,
  clean: CleanText,
  most = bytes.length,
): Promise<string> {
  const isCut = bytes.length > most;
  const part = bytes.subarray(0, most);
  // A character may be cut in two.
  for (let cut = 0; cut < (isCut ? characterBytes : 1); cut++) {
    try {
      const whole = part.subarray(0, part.length - cut);
      const { text, encoding } = await decodeInTurns(whole, { charset }, new Turns());
      const cleaned = await clean(text, encoding);
      return isCut ? cleaned.slice(0, -endLeftOut) : cleaned;
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
    }
  }
  const text = new TextDecoder().decode(part);
  return isCut ? text.slice(0, -endLeftOut) : text;
}
