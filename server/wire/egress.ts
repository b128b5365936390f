import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { HttpFault } from './http-fault.ts';

/** Where a request is about to go, after every check that needs no network. */
export interface Target {
  readonly url: URL;
  /** The host as a connection needs it: an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** Somebody with the right named exactly this host:port, so it may be private. */
  readonly listed: boolean;
}

/** The rules for what this process may call; a method that does not return throws `HttpFault` with the code `egress-denied`. */
export interface Egress {
  /**
   * Reads and checks a URL. `workspaceAllow` adds host:port pairs for this request only; `publicOnly` looks at no list at all. Throws
   * `http.bad-url` for what is no URL.
   */
  target(url: string, workspaceAllow?: readonly string[], publicOnly?: boolean): Target;
  /** Checks one address that a target's host stands for; every one must pass before any is connected to. */
  checkAddress(address: string, to: { readonly host: string; readonly port: number; readonly listed: boolean }): void;
}

/**
 * The rules with the operator's list of host:port pairs, which throws when a pair cannot be read. A pair allows exactly what it names:
 * `127.0.0.1:4801` does not allow `localhost:4801`, nor another port, nor another workspace.
 */
export function openEgress(
  allowHosts: readonly string[],
  ownPorts: () => readonly number[],
  kindFor: (address: string) => string = kindOf,
): Egress {
  const operator = new Set(allowHosts.map(readPair));
  const workspaces = new WeakMap<readonly string[], ReadonlySet<string>>();

  const allowed = (pair: string, workspaceAllow: readonly string[]) => {
    if (operator.has(pair)) return true;
    const known = workspaces.get(workspaceAllow) ?? new Set(workspaceAllow.flatMap(readPairOrNone));
    workspaces.set(workspaceAllow, known);
    return known.has(pair);
  };

  const egress: Egress = {
    target(text, workspaceAllow = [], publicOnly = false) {
      const url = readUrl(text);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const port = portOf(url);
      const target = { url, host, port, listed: !publicOnly && allowed(`${url.hostname}:${port}`, workspaceAllow) };
      checkPort(target);
      if (ipaddr.isValid(host)) egress.checkAddress(host, target);
      return target;
    },
    checkAddress(address, to) {
      const kind = kindFor(address);
      if (ownPorts().includes(to.port) && isOwn(address)) {
        throw denied(`Port ${to.port} of this machine belongs to Heddle itself and cannot be called from a workflow.`);
      }
      if (kind === 'unicast' || (to.listed && (ipaddr.isValid(to.host) || insideKinds.has(kind)))) return;
      throw denied(`${to.host} is not a public address (${kind}), so it is not called.`);
    },
  };
  return egress;
}

/** What a listed *name* may stand for. Link-local (cloud metadata) and the like must be listed as the address itself. */
const insideKinds: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/**
 * The kind of an address: `unicast` means public, anything else is refused unless listed. An allow rule, because every list of bad ranges
 * in this field has had a hole. ipaddr.js calls ::127.0.0.1 and 4000:: unicast, so for IPv6 it must also lie in 2000::/3, the only part
 * that IANA gives out. NAT64, 6to4 and Teredo smuggle an IPv4 address and have kinds of their own.
 */
export function kindOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unreadable';
  const ip = plain(address);
  const kind = ip.range();
  if (kind !== 'unicast' || ip.kind() === 'ipv4') return kind;
  return ip.match(globalV6) ? 'unicast' : 'unassigned';
}

const globalV6 = ipaddr.parseCIDR('2000::/3');

/** The address itself: ::ffff:127.0.0.1 is 127.0.0.1. */
function plain(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.process(address);
}

function isOwn(address: string): boolean {
  const ip = plain(address);
  if (ip.range() === 'loopback' || ip.range() === 'unspecified') return true;
  const ours = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return ours.some((one) => plain(one.address.replace(/%.*$/, '')).toString() === ip.toString());
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new HttpFault('http.bad-url', 'The address is not a whole URL.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw denied(`Only http and https are called, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw denied('A URL may not carry a user name or password; use a connection.');
  // WHATWG reads \ as / and others do not: http://a\@b means a here and b elsewhere. No honest URL has one before its query.
  if (/^[^?#]*\\/.test(text)) throw denied('A URL may not contain a backslash.');
  return url;
}

/**
 * Ports. A public host may be called on 80, 443 and every port from 1024 that no well-known non-HTTP service owns: APIs live on 3000,
 * 8080 or 9443, while 22, 25 or 6379 are only ever called to talk past HTTP to something else. A listed pair may have any port but
 * Postgres's 5432, which is refused for good, as Heddle's own ports are.
 */
function checkPort(target: Target): void {
  const { port, listed } = target;
  if (port === 5432) throw denied('Port 5432 belongs to Postgres and is never called over HTTP.');
  if (listed || port === 80 || port === 443) return;
  if (port < 1024 || otherServices.has(port)) throw denied(`Port ${port} is not one that web services use.`);
}

/** Ports from 1024 that belong to databases, queues and caches, and those that browsers refuse (Fetch standard, "bad port"). */
const otherServices: ReadonlySet<number> = new Set([
  1433, 1521, 2049, 2181, 3306, 3389, 5672, 5900, 6379, 9042, 9092, 11211, 27017, 27018, 27019, 1719, 1720, 1723, 3659,
  4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port));

/** `host:port` as a URL would spell it; a port must be given. */
function readPair(text: string): string {
  const pair = readPairOrNone(text)[0];
  if (pair === undefined) throw new Error(`"${text}" is not host:port, for example 127.0.0.1:8080 or [::1]:8080.`);
  return pair;
}

/** None for what cannot be read: a mistake in a workspace's list never allows anything. */
function readPairOrNone(text: string): string[] {
  const port = /:(\d{1,5})$/.exec(text.trim())?.[1];
  const url = URL.parse(`http://${text.trim()}`);
  if (port === undefined || !url || url.pathname !== '/' || url.search + url.hash + url.username + url.password !== '')
    return [];
  return [`${url.hostname}:${Number(port)}`];
}

const denied = (message: string): HttpFault => new HttpFault('egress-denied', message);
