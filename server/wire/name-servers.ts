import { Resolver } from 'node:dns/promises';
import { errorCode } from '../error-code.ts';
import type { Address } from './dial.ts';

/** An answer, and for how long it holds, in milliseconds. */
export interface Found {
  readonly addresses: readonly Address[];
  readonly forMs: number;
}

/** What name servers say of a name that there is not, or that has no address. */
const nos: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);
export const isNo = (error: unknown): boolean => nos.has(errorCode(error));

/** What a server says that cannot or will not answer. */
const excuses: ReadonlySet<string> = new Set(['ESERVFAIL', 'EREFUSED', 'ENOTIMP']);
export const couldNotSay = (error: unknown): boolean => excuses.has(errorCode(error));

/** The servers of the machine may change (a laptop, a container that was moved). */
const heldMs = 60_000;
/**
 * c-ares waits for five times as long as a server took of late, 250 ms at least, then twice as long each time; an answer that comes late counts. With so many tries a name
 * may take 7.75 s to be found, as cold ones do; who asks for it waits no longer than for a connection.
 */
const asks = { timeout: 2_000, tries: 5 };

/** Which name servers are asked (`127.0.0.1:53`), the machine's own when left out, and how often one that is silent. */
export interface AskingOptions {
  readonly servers?: readonly string[];
  readonly tries?: number;
}

/**
 * Asks name servers for both kinds of addresses of a name, over sockets (c-ares); one that has only one kind is known by that. Throws what they say of one that has
 * neither.
 */
export function askingServers(
  now: () => number,
  { servers, tries = asks.tries }: AskingOptions = {},
): (name: string) => Promise<Found> {
  let held: { readonly resolvers: readonly Resolver[]; readonly until: number } | undefined;
  const resolversNow = () => {
    if (held && now() < held.until) return held.resolvers;
    const all = resolverOf(servers, tries);
    const each = all.getServers();
    // c-ares asks the next one when one is silent, and Node takes its word when it refuses.
    const resolvers = [all, ...(each.length > 1 ? each.map((server) => resolverOf([server], tries)) : [])];
    held = { resolvers, until: now() + heldMs };
    return resolvers;
  };
  return async (name) => {
    let said: unknown;
    for (const resolver of resolversNow()) {
      try {
        return await ask(resolver, name);
      } catch (error) {
        said = error;
        if (!couldNotSay(error)) break;
      }
    }
    throw said;
  };
}

function resolverOf(servers: readonly string[] | undefined, tries: number): Resolver {
  const resolver = new Resolver({ ...asks, tries });
  if (servers) resolver.setServers([...servers]);
  return resolver;
}

async function ask(resolver: Resolver, name: string): Promise<Found> {
  const [four, six] = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ]);
  const records = [
    ...(four.status === 'fulfilled' ? four.value.map((one) => ({ ...one, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((one) => ({ ...one, family: 6 })) : []),
  ];
  const said: unknown[] = [four, six].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  // That there is none of one kind says nothing of the other, for which nobody answered.
  if (records.length === 0 && said.length > 0) throw said.find((error) => !isNo(error)) ?? said[0];
  return {
    addresses: records.map(({ address, family }) => ({ address, family })),
    forMs: Math.min(...records.map(({ ttl }) => ttl * 1000)),
  };
}
