import type { BodySource, Headers, ReplyHead } from './exchange.ts';
import type { Done } from './http-fault.ts';

/** One request of a chain of redirects. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  /** Names of headers that stay with the first origin, whatever they are called. */
  readonly secret: ReadonlySet<string>;
  readonly body?: Uint8Array | BodySource;
  /** What the hops before this one have done for sure. */
  readonly done: Done;
}

/**
 * The request that a redirect asks for, or undefined when the reply is to be taken as it is. Source: RFC 9110 15.4: 303 turns everything but
 * HEAD into GET, 301 and 302 turn POST into GET as browsers do, 307 and 308 repeat the request whole.
 */
export function nextHop(hop: Hop, reply: Pick<ReplyHead, 'status' | 'headers'>): Hop | undefined {
  const { location } = reply.headers;
  if (typeof location !== 'string' || ![301, 302, 303, 307, 308].includes(reply.status)) return undefined;
  const url = URL.parse(location, hop.url);
  if (!url) return undefined;
  // A fragment is inherited when the new address has none (RFC 9110 10.2.2).
  if (url.hash === '') url.hash = new URL(hop.url).hash;
  const becomesGet = reply.status === 303 ? hop.method !== 'HEAD' : reply.status < 303 && hop.method === 'POST';
  const kept =
    url.origin === new URL(hop.url).origin
      ? hop.headers
      : without(hop.headers, (name) => hop.secret.has(name) || isSecret(name));
  if (!becomesGet) return { ...hop, url: url.href, headers: kept };
  // The far side has taken the POST and sends us to look at what came of it.
  const done = hop.method === 'GET' ? hop.done : 'yes';
  const headers = without(kept, (name) => name.startsWith('content-'));
  return { url: url.href, method: 'GET', headers, secret: hop.secret, done };
}

/**
 * Headers that must not reach another origin: the standard's, and what looks like a key by its name, since half of all services take theirs
 * in an `X-Api-Key` of their own. The idempotency key stays, or a redirect would do a thing twice.
 */
function isSecret(name: string): boolean {
  if (name === 'idempotency-key') return false;
  return /(^|[-_])(auth|authorization|authentication|cookie2?|key|apikey|token|secret|password|credential|session|signature)($|[-_])/.test(
    name,
  );
}

function without(headers: Headers, drop: (name: string) => boolean): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name)));
}
