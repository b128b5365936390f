import { Fault } from '../../flow/facts/faults.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import { withoutQuery } from './reply-fault.ts';
import { pairsOf } from './request-body.ts';

type Pairs = Readonly<Record<string, unknown>>;

/** The address with the query in its place: after what it has already, before a fragment (which is never sent). */
export function addressOf({
  url,
  query,
  param = 'url',
}: {
  url: string;
  query?: Pairs | undefined;
  /** The field that holds it. */
  param?: string;
}): string {
  if (url.length + jsonWeight(query ?? {}, longestHead) > longestHead) throw tooLong('The URL', param);
  const address = url.trim().replace(/#.*$/s, '');
  if (!/^https?:\/\//i.test(address)) {
    throw new Fault('params.invalid', `“${withoutQuery(address)}” is not a full URL.`, {
      mend: 'Start it with https:// or http://.',
      done: 'no',
      details: { param },
    });
  }
  if (stepsUp(address)) {
    throw new Fault(
      'params.invalid',
      `“${withoutQuery(address)}” has a “.” or “..” as a part of its path, which leads to another address.`,
      {
        mend: 'Look at the values that are put into the URL.',
        done: 'no',
        details: { param },
      },
    );
  }
  const pairs = pairsOf(query ?? {}).replaceAll('+', '%20');
  return pairs === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${pairs}`;
}

/**
 * Names in lower case; what the author wrote wins over what follows from the body. The key goes with everything that may
 * change something: a service that knows it can tell a repeat from a second wish, another passes over it.
 */
export function headersOf(
  { method, headers }: { method: string; headers?: Pairs | undefined },
  type: string | undefined,
  key: string,
): Record<string, string> {
  if (jsonWeight(headers ?? {}, longestHead) > longestHead) throw tooLong('What the headers say', 'headers');
  const own = Object.entries(headers ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]): [string, string] => [
      name.toLowerCase(),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(isSafe(method) ? {} : { 'idempotency-key': key }),
    ...Object.fromEntries(own),
  };
}

/** Of an address with its query, and of headers: many times what any service takes, and over in a moment whatever is in it. */
const longestHead = 256 * 1024;

const tooLong = (what: string, param: string): Fault =>
  new Fault('params.invalid', `${what} is longer than ${longestHead / 1024} kB.`, {
    mend: 'Send what is long in the body.',
    done: 'no',
    details: { param },
  });

/**
 * Whether a part of the path is `.` or `..`, however it is spelt: a URL loses such parts and those before them (WHATWG URL,
 * "double-dot path segment"), so that an id of `..` would call another address than the one that is written.
 */
const stepsUp = (address: string): boolean => {
  const path = address.replace(/^[^:]*:\/\/[^/?]*/, '').replace(/\?.*$/s, '');
  return path.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
};

const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
