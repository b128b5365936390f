import { quote } from '../../flow/document/quote.ts';
import { acceptEncoding } from './decode-body.ts';
import type { Headers } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

/** Headers of the connection, which are not the author's to set; left out, since pasted requests carry them. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'content-length',
  'proxy-connection',
  'proxy-authorization',
]);

/** The headers among these that are not sent because the connection has its own. */
export const leftOut = (headers: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(headers).filter((name) => connectionHeaders.has(name.toLowerCase()));

/**
 * The headers of a request, names in lower case, ours beside the author's. Throws `http.bad-request`, naming the header and the letter, for
 * what cannot stand in one (RFC 9110 5.1, 5.5; undici would say UND_ERR_INVALID_ARG of all of it).
 */
export function ownHeaders(
  given: Readonly<Record<string, string | readonly string[]>>,
  url: string,
  size: number,
  secret: ReadonlySet<string>,
): Headers {
  const headers: Headers = { accept: '*/*', 'accept-encoding': acceptEncoding, 'user-agent': 'heddle' };
  for (const [name, value] of Object.entries(given)) {
    checkName(name);
    for (const one of [value].flat()) checkValue(name, one, secret.has(name.toLowerCase()));
    const key = name.toLowerCase();
    if (key === 'host' && value !== URL.parse(url)?.host) {
      throw new HttpFault('http.bad-request', 'The Host header follows from the URL and cannot be another.', 'no', {
        mend: 'Leave the header Host out.',
      });
    }
    if (key !== 'host' && !connectionHeaders.has(key)) headers[key] = typeof value === 'string' ? value : [...value];
  }
  if (size > 0) headers['content-length'] = String(size);
  return headers;
}

function checkName(name: string): void {
  const wrong = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/u.exec(name)?.[0];
  if (name !== '' && wrong === undefined) return;
  const message =
    name === '' ? 'A header has no name.' : `The header name ${quote(name)} has ${letterOf(wrong ?? '')} in it.`;
  throw new HttpFault('http.bad-request', message, 'no', {
    mend: 'Write names of letters, digits and hyphens, such as X-Order-Id.',
  });
}

/** A letter of a secret is not shown. */
function checkValue(name: string, value: string, isSecret: boolean): void {
  const wrong = /[^\t\x20-\x7e\x80-\xff]/u.exec(value)?.[0];
  if (wrong === undefined) return;
  const isControl = wrong < ' ' || wrong === '\x7f';
  throw new HttpFault(
    'http.bad-request',
    `The header ${quote(name)} has ${isSecret ? 'a letter' : letterOf(wrong)} in its value, which no header can carry.`,
    'no',
    {
      mend: isControl
        ? 'Remove it: the value of a header is one line.'
        : 'Write the value in letters of ISO-8859-1, or encode it, as with .urlEncode().',
    },
  );
}

const letterOf = (letter: string): string => {
  const code = `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (letter === '\n' || letter === '\r') return `a line break (${code})`;
  if (letter === ' ') return 'a space';
  return /\p{Cc}/u.test(letter) ? `a control character (${code})` : `the letter ${quote(letter)} (${code})`;
};
