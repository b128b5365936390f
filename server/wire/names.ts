import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { LRUCache } from 'lru-cache';
import { errorCode } from '../error-code.ts';
import type { Address, Lookup } from './dial.ts';
import { openHostsFile } from './hosts-file.ts';
import { HttpFault } from './http-fault.ts';

export interface NamesOptions {
  /** Name servers (`127.0.0.1:53`); the machine's own when left out. */
  readonly servers?: readonly string[];
  /** The file of the machine's own names. */
  readonly hostsFile?: string;
  /** What the operating system says of a name. */
  readonly system?: (name: string) => Promise<readonly Address[]>;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** An answer, and for how long it holds. */
interface Found {
  readonly addresses: readonly Address[];
  readonly forMs: number;
}

interface Kept {
  readonly until: number;
  readonly answer: readonly Address[] | HttpFault;
}

const keptMost = 1_000;
/** An answer holds for as long as its name server says, a minute at most. */
const keptMostMs = 60_000;
/** The servers of the machine may change (a laptop, a container that was moved). */
const resolverMs = 60_000;
const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * How names become addresses: by the machine's hosts file and its name servers, asked over sockets of our own. The operating system's resolver holds one of two threads of
 * the process for as long as a name server is silent, and whoever owns a zone may be silent for every name in it: eight such names kept all others waiting
 * for four seconds. It is asked for names alone that somebody with the right has listed and that no name server knows, one at a time, and seldom for one that took it long. What is asked
 * for by many at once is asked once.
 */
export function openNames(options: NamesOptions = {}): Lookup {
  const { now = () => performance.now(), system = systemAddresses } = options;
  const inHosts = openHostsFile(now, options.hostsFile);
  const inDns = askingDns(now, options.servers);
  const bySystem = inTurn(system, now);
  const kept = new LRUCache<string, Kept>({ max: keptMost });
  const asking = new Map<string, Promise<readonly Address[]>>();

  const keep = (key: string, answer: Kept['answer'], forMs: number) => kept.set(key, { answer, until: now() + forMs });

  const find = async (name: string, isListed: boolean, key: string): Promise<readonly Address[]> => {
    try {
      const { addresses, forMs } = await inDns(name);
      keep(key, addresses, forMs);
      return addresses;
    } catch (error) {
      if (!isListed || errorCode(error) === 'ETIMEOUT') throw unknown(name, error, isListed);
    }
    const { answer, forMs } = await bySystem(name);
    const said = answer instanceof Error ? unknown(name, answer, isListed) : answer;
    keep(key, said, forMs);
    if (said instanceof HttpFault) throw said;
    return said;
  };

  return async (host, isListed) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    const own = await inHosts(name);
    if (own.length > 0) return own;
    if (name === 'localhost' || name.endsWith('.localhost')) return loopback;
    const key = `${name} ${isListed ? 'listed' : ''}`;
    const known = kept.get(key);
    if (known && known.until > now()) {
      if (known.answer instanceof HttpFault) throw known.answer;
      return known.answer;
    }
    const asked = asking.get(key) ?? find(name, isListed, key).finally(() => asking.delete(key));
    asking.set(key, asked);
    return asked;
  };
}

/** Every address that the operating system knows for a name, in its order. */
const systemAddresses = (name: string) => systemLookup(name, { all: true, order: 'verbatim' });

/** Asks name servers for both kinds of addresses; one that has only one kind is known by that. Throws what they say of one that has neither. */
function askingDns(now: () => number, servers?: readonly string[]): (name: string) => Promise<Found> {
  let made: { readonly resolver: Resolver; readonly at: number } | undefined;
  const resolverNow = () => {
    if (made && now() - made.at < resolverMs) return made.resolver;
    const resolver = new Resolver({ timeout: 2_500, tries: 2 });
    if (servers) resolver.setServers([...servers]);
    made = { resolver, at: now() };
    return resolver;
  };
  return async (name) => {
    const resolver = resolverNow();
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ]);
    const records = [
      ...(four.status === 'fulfilled' ? four.value.map((one) => ({ ...one, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((one) => ({ ...one, family: 6 })) : []),
    ];
    if (records.length === 0 && four.status === 'rejected') throw four.reason;
    return {
      addresses: records.map(({ address, family }) => ({ address, family })),
      forMs: Math.min(keptMostMs, ...records.map(({ ttl }) => ttl * 1000)),
    };
  };
}

/** One at a time; what took long, an answer or none, is kept thirty times as long, five seconds to ten minutes. */
function inTurn(system: (name: string) => Promise<readonly Address[]>, now: () => number) {
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (name: string) => {
    const began = now();
    const answer = await system(name).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    const forMs = Math.min(Math.max(5_000, 30 * (now() - began)), 600_000);
    return { answer, forMs };
  };
  return (name: string): ReturnType<typeof ask> => {
    const mine = last.then(() => ask(name));
    last = mine;
    return mine;
  };
}

function unknown(name: string, cause: unknown, isListed: boolean): HttpFault {
  const code = errorCode(cause);
  const message = `${name} could not be resolved to an address${code === '' ? '' : ` (${code})`}.`;
  const mend =
    'Check how the host name is spelled. A name that only this machine knows is looked up once an owner has added its host:port under Settings, Workspace.';
  return new HttpFault('http.dns', message, 'no', { cause, ...(isListed ? {} : { mend }) });
}
