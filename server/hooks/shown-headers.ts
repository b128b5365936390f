import type { IncomingHttpHeaders } from 'node:http';
import { calledBy } from '../engine/own-calls.ts';

/** The headers as items carry them: without cookies, without our own keys, without what proved who calls. */
export function shownHeaders(headers: IncomingHttpHeaders, secret: ReadonlySet<string>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name === calledBy || secret.has(name)) continue;
    if (name === 'authorization' && /^Bearer +hk_/i.test(String(value))) continue;
    Object.defineProperty(shown, name, {
      value: typeof value === 'string' ? value : value.join(', '),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return shown;
}
