import { Fault } from '../../flow/facts/faults.ts';
import type { HttpReply } from '../../nodes/kit/powers.ts';
import { contentTypeOf, kindOfType } from './content-type.ts';
import { decodeText, looksLikeText, Undecodable } from './decode-text.ts';
import type { Hints } from './decode-text.ts';

/** What an answer of HTTP is read from. */
type Came = Pick<HttpReply, 'status' | 'headers' | 'url' | 'bytes'>;
type Log = (level: 'warn', text: string) => void;
/** What is done to text that was read in an encoding, before anybody sees it. */
type Pass = (text: string, encoding: string) => string;

/** How a complete answer is read as text. A guess is told to the node's log. */
export function readingOf(
  reply: Came,
  log: Log,
  pass: Pass = (text) => text,
): Pick<HttpReply, 'text' | 'looseText' | 'opening' | 'isText'> {
  const type = contentTypeOf(reply.headers['content-type']);
  const kind = kindOfType(type);
  const { bytes } = reply;
  return {
    text: (encoding) => textOf(reply, { encoding, charset: type.charset }, log, pass),
    looseText: () => looseText(bytes, type.charset, pass),
    opening: () => openingOf(bytes, type.charset, pass),
    isText: () => (kind === 'unknown' ? looksLikeText(bytes) : kind === 'text'),
  };
}

function textOf({ bytes, url, status }: Came, hints: Hints, log: Log, pass: Pass): string {
  const host = URL.parse(url)?.host ?? 'the server that was called';
  try {
    const { text, encoding, isGuessed } = decodeText(bytes, hints);
    if (isGuessed) log('warn', `Nothing says in which encoding the answer of ${host} is; it was read as ${encoding}.`);
    return pass(text, encoding);
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

/** For who only shows it, or was published before anything was refused: what is no text is U+FFFD. */
function looseText(bytes: Uint8Array, charset: string | undefined, pass: Pass): string {
  try {
    const { text, encoding } = decodeText(bytes, { charset });
    return pass(text, encoding);
  } catch (error) {
    if (error instanceof Undecodable) return new TextDecoder().decode(bytes);
    throw error;
  }
}

/** A text that says a little of an answer is read from so many bytes. */
const openingBytes = 16_384;
/** So many characters at the end are left out of what was cut: half a secret stands there as it is. */
const endLeftOut = 1_024;

/** How a text begins, in no more time than that takes: the rest of ten megabytes is not read. */
function openingOf(bytes: Uint8Array, charset: string | undefined, pass: Pass): string {
  if (bytes.length <= openingBytes) return looseText(bytes, charset, pass);
  // A character of up to four bytes may be cut in two.
  for (let cut = 0; cut < 4; cut++) {
    try {
      const { text, encoding } = decodeText(bytes.subarray(0, openingBytes - cut), { charset });
      return pass(text, encoding).slice(0, -endLeftOut);
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
    }
  }
  return looseText(bytes.subarray(0, openingBytes), charset, pass).slice(0, -endLeftOut);
}
