import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** The address that a request comes from. */
export type SentFrom = (request: IncomingMessage) => string;

/** Behind proxies that are believed it is the one that they say, as the framework reads it for its own routes. */
export function sentFrom(trustProxy: readonly string[]): SentFrom {
  if (trustProxy.length === 0) return ({ socket }) => socket.remoteAddress ?? '';
  const isTrusted = proxyAddr.compile([...trustProxy]);
  return (request) => proxyAddr(request, isTrusted);
}
