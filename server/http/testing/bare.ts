import type { IncomingHttpHeaders } from 'node:http';
import { anonymous } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { openHttp } from '../open-http.ts';
import type { Http, HttpOptions } from '../open-http.ts';
import { router } from '../procedure.ts';

/** What a bare server logged. */
export interface Logged {
  readonly fields: object;
  readonly sentence: string;
}

/** A web server without rooms: callers are told by the headers `x-caller` (a role) and `x-workspace`, and there is no database. */
export async function openBare(options: Partial<HttpOptions> = {}): Promise<Http & { logged: Logged[] }> {
  const logged: Logged[] = [];
  const keep = (fields: object, sentence: string) => void logged.push({ fields, sentence });
  const http = await openHttp({
    url: 'http://localhost:4000',
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
    log: { error: keep, warn: keep },
    identify: async ({ headers }) => callerOf(headers),
    lately: ({ headers }) => callerOf(headers),
    ready: async () => undefined,
    routes: [],
    router: router({}),
    web: '/nowhere',
    ...options,
  });
  return Object.assign(http, { logged });
}

function callerOf({ 'x-caller': role, 'x-workspace': workspace }: IncomingHttpHeaders): Caller {
  if (role !== 'viewer' && role !== 'operator' && role !== 'editor' && role !== 'owner') return anonymous;
  return { kind: 'key', keyId: `key_${role}`, workspace: String(workspace ?? 'ws_test'), role };
}
