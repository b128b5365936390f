import { connect as connectTcp, isIP, type LookupFunction } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Egress } from './egress.ts';
import { HttpFault } from './http-fault.ts';

/** One address of a host. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Gives every address of a host name. `isListed`: somebody with the right named it, so that it may be one that only this machine knows. */
export type Lookup = (host: string, isListed: boolean) => Promise<readonly Address[]>;

/** What the connections of one agent have in common. */
export interface DialOptions {
  readonly egress: Egress;
  /** Whether this agent only ever serves requests whose host:port is listed. */
  readonly listed: boolean;
  readonly lookup: Lookup;
  readonly connectMs: number;
  /** Certificates (PEM) to trust instead of Node's own list. */
  readonly ca?: readonly string[];
  /** Told when a connection is torn down by a reset, before anybody else hears of it. */
  readonly onReset: () => void;
}

/**
 * Opens connections for undici: resolves the name once, checks every address, then connects to those very addresses, so that a name which
 * changes its mind between the check and the connection (DNS rebinding) changes nothing. No proxy variable of the environment is read.
 */
export function dialer(options: DialOptions): buildConnector.connector {
  const sessions = new Map<string, Buffer>();
  return ({ hostname, protocol, port }, callback) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const secure = protocol === 'https:';
    const number = Number(port) || (secure ? 443 : 80);
    void dial({ host, port: number, secure, sessions, options, callback });
  };
}

interface Dial {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly sessions: Map<string, Buffer>;
  readonly options: DialOptions;
  readonly callback: buildConnector.Callback;
}

async function dial(call: Dial): Promise<void> {
  let addresses: readonly Address[];
  try {
    addresses = await resolve(call.host, call.port, call.options);
  } catch (error) {
    call.callback(error instanceof Error ? error : new Error(String(error)), null);
    return;
  }
  open(call, addresses);
}

async function resolve(
  host: string,
  port: number,
  { egress, listed, lookup, connectMs }: DialOptions,
): Promise<readonly Address[]> {
  const addresses =
    isIP(host) === 0 ? await inTime(lookup(host, listed), connectMs, host) : [{ address: host, family: isIP(host) }];
  if (addresses.length === 0) throw new HttpFault('http.dns', `${host} has no address.`);
  for (const { address } of addresses) egress.checkAddress(address, { host, port, listed });
  return addresses;
}

/** A resolver that never answers must not hold a place in the pool for ever. */
async function inTime<T>(work: Promise<T>, ms: number, host: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new HttpFault('http.timeout', `${host} was not resolved within ${ms} ms.`)),
    ms,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function open(call: Dial, addresses: readonly Address[]): void {
  const { host, secure, options, callback } = call;
  const socket = secure ? secureSocket(call, addresses) : connectTcp(common(call, addresses));
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  const late = new HttpFault('http.timeout', `${host} did not accept the connection within ${options.connectMs} ms.`);
  const timer = setTimeout(() => socket.destroy(late), options.connectMs);

  // Heard before undici hears it (listeners are called in order): see `exchange`.
  socket.on('error', (error) => {
    if ('code' in error && error.code === 'ECONNRESET') options.onReset();
  });
  const failed = (error: Error) => {
    clearTimeout(timer);
    callback(error, null);
  };
  socket.once('error', failed);
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer);
    socket.off('error', failed);
    callback(null, socket);
  });
}

/** How every socket is made; when there are several addresses Node races them (RFC 8305). */
const common = ({ host, port }: Dial, addresses: readonly Address[]) => ({
  host,
  port,
  lookup: pinned(addresses),
  highWaterMark: 64 * 1024,
});

/** TLS in the name of the host, never of a Host header; a resumed session saves one round trip on the next connection. */
function secureSocket(call: Dial, addresses: readonly Address[]): TLSSocket {
  const { host, sessions, options } = call;
  const origin = `${host}:${call.port}`;
  const socket = connectTls({
    ...common(call, addresses),
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
    ...(options.ca ? { ca: [...options.ca] } : {}),
    ...(sessions.has(origin) ? { session: sessions.get(origin) } : {}),
  });
  socket.on('session', (session: Buffer) => {
    const oldest = sessions.size >= 256 ? sessions.keys().next().value : undefined;
    if (oldest !== undefined) sessions.delete(oldest);
    sessions.set(origin, session);
  });
  return socket;
}

/** A lookup that asks nobody. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
