import { LRUCache } from 'lru-cache';
import { errorCode } from '../error-code.ts';
import type { Address, Lookup } from './dial.ts';
import { parseHosts, usualHostsFile } from './hosts-file.ts';
import { HttpFault } from './http-fault.ts';
import { askingServers, couldNotSay, isNo } from './name-servers.ts';
import type { Found } from './name-servers.ts';
import { parseResolvConf, spelledOut, usualResolvConf } from './search-domains.ts';
import { askingSystem, isInside, isLocal } from './system-names.ts';
import type { SystemNames } from './system-names.ts';
import { watchedFile } from './watched-file.ts';

export interface NamesOptions {
  /** Name servers (`127.0.0.1:53`); the machine's own when left out. */
  readonly servers?: readonly string[];
  /** The file of the machine's own names. */
  readonly hostsFile?: string;
  /** The file of its search domains. */
  readonly resolvConf?: string;
  /** How often a name server that is silent is asked. */
  readonly tries?: number;
  /** What the operating system says of a name. */
  readonly system?: SystemNames;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

interface Kept {
  readonly until: number;
  readonly answer: readonly Address[] | HttpFault;
}

/** A name that is asked for; `isWhole` when it ended with a dot and stands for itself alone. */
interface Asked {
  readonly name: string;
  readonly isWhole: boolean;
  readonly isListed: boolean;
}

const keptMost = 1_000;
/** An answer holds for as long as its name server says, a minute at most; that of a listed service, which may start anew elsewhere at any moment, five seconds. */
const keptMostMs = ({ isListed }: Asked) => (isListed ? 5_000 : 60_000);
const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * How names become addresses: by the machine's hosts file and its name servers, asked over sockets of our own. The operating system's resolver holds one of two
 * threads of the process for as long as a name server is silent, and whoever owns a zone may be silent for every name in it: eight such names kept all others
 * waiting for four seconds. It is asked for names alone that somebody with the right has listed and that no name server knows. What many ask for at once is
 * asked once.
 */
export function openNames(options: NamesOptions = {}): Lookup {
  const { now = () => performance.now() } = options;
  const inHosts = watchedFile(options.hostsFile ?? usualHostsFile, parseHosts, now);
  const searching = watchedFile(options.resolvConf ?? usualResolvConf, parseResolvConf, now);
  const inDns = askingServers(now, options);
  const bySystem = askingSystem(now, options.system);
  const kept = new LRUCache<string, Kept>({ max: keptMost });
  const asking = new Map<string, Promise<readonly Address[]>>();

  const keep = (key: string, answer: Kept['answer'], forMs: number) => kept.set(key, { answer, until: now() + forMs });

  /** A listed name may be a short one of the machine's, which is somebody else's as it stands (`ollama.ai` of a cluster); who is `local`, name servers do not know. */
  const namesOf = async ({ name, isWhole, isListed }: Asked) => {
    if (isListed && isLocal(name)) return [];
    return isWhole || !isListed ? [name] : spelledOut(name, await searching());
  };

  const find = async (asked: Asked, key: string): Promise<readonly Address[]> => {
    const { name, isListed } = asked;
    try {
      const { addresses, forMs } = await firstOf(await namesOf(asked), inDns);
      keep(key, addresses, Math.min(forMs, keptMostMs(asked)));
      return addresses;
    } catch (error) {
      if (!isListed || !mayKnow(name, error)) throw unknown(asked, error);
    }
    const { answer, forMs } = await bySystem(name);
    const said = answer instanceof Error ? unknown(asked, answer) : answer;
    keep(key, said, forMs);
    if (said instanceof HttpFault) throw said;
    return said;
  };

  return async (host, isListed) => {
    const lower = host.toLowerCase();
    const name = lower.replace(/\.$/, '');
    const own = (await inHosts()).get(name);
    if (own) return own;
    if (name === 'localhost' || name.endsWith('.localhost')) return loopback;
    const key = isListed ? `${lower} listed` : name;
    const known = kept.get(key);
    if (known && known.until > now()) {
      if (known.answer instanceof HttpFault) throw known.answer;
      return known.answer;
    }
    const found =
      asking.get(key) ?? find({ name, isWhole: lower !== name, isListed }, key).finally(() => asking.delete(key));
    asking.set(key, found);
    return found;
  };
}

/** What is found under the first of some names that there is, as resolvers do: past a server that cannot say, and no further than one that is silent. */
async function firstOf(names: readonly string[], find: (name: string) => Promise<Found>): Promise<Found> {
  let said: unknown;
  for (const name of names) {
    try {
      return await find(name);
    } catch (error) {
      if (!isNo(error) && !couldNotSay(error)) throw error;
      if (said === undefined || isNo(said)) said = error;
    }
  }
  throw said;
}

/** Whether the system is asked as well: where somebody outside was silent, he would be silent to it, too. */
const mayKnow = (name: string, said: unknown) => isInside(name) || isNo(said) || errorCode(said) === 'ECONNREFUSED';

function unknown({ name, isListed }: Asked, cause: unknown): HttpFault {
  const code = errorCode(cause);
  const message = `${name} could not be resolved to an address${code === '' ? '' : ` (${code})`}.`;
  const isAgain = !isNo(cause);
  const mend = isAgain
    ? 'Try again later. If it is so for every host, check the name servers of this machine.'
    : 'Check how the host name is spelled. A name that only this machine knows is looked up once an owner has added its host:port under Settings, Workspace.';
  return new HttpFault('http.dns', message, 'no', { cause, ...(isListed && !isAgain ? {} : { mend }) });
}
