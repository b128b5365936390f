import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../flow/document/json.ts';
import type { Written } from './write-reply.ts';

/** The header that lets a page of an allowed origin read the answer; none for others. Never with credentials. */
export function allowedOrigin(origin: string | undefined, params: unknown): Record<string, string> {
  const allowed: unknown = isObject(params) ? params['allowedOrigins'] : undefined;
  if (origin === undefined || !Array.isArray(allowed)) return {};
  if (allowed.includes('*')) return { 'access-control-allow-origin': '*' };
  return allowed.includes(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : {};
}

/** What a browser is told when it asks before it calls. */
export function preflight(
  headers: IncomingHttpHeaders,
  methods: readonly string[],
  origin: Readonly<Record<string, string>>,
): Written {
  const asked = headers['access-control-request-headers'];
  const isNames = typeof asked === 'string' && /^[\w\-, ]{1,1000}$/.test(asked);
  return {
    status: 204,
    headers: {
      ...origin,
      'access-control-allow-methods': methods.join(', '),
      ...(isNames ? { 'access-control-allow-headers': asked } : {}),
      'access-control-max-age': '600',
    },
    body: undefined,
  };
}
