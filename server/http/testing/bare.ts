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

/** A web server without rooms: callers are told by the header `x-caller` (a role), and there is no database. */
export async function openBare(options: Partial<HttpOptions> = {}): Promise<Http & { logged: Logged[] }> {
  const logged: Logged[] = [];
  const keep = (fields: object, sentence: string) => void logged.push({ fields, sentence });
  const http = await openHttp({
    url: 'http://localhost:4000',
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
    log: { error: keep, warn: keep },
    identify: async ({ headers }) => callerOf(headers['x-caller']),
    lately: ({ headers }) => callerOf(headers['x-caller']),
    ready: async () => undefined,
    routes: [],
    router: router({}),
    web: '/nowhere',
    ...options,
  });
  return Object.assign(http, { logged });
}

function callerOf(header: string | string[] | undefined): Caller {
  if (header !== 'viewer' && header !== 'operator' && header !== 'editor' && header !== 'owner') return anonymous;
  return { kind: 'key', keyId: `key_${header}`, workspace: 'ws_test', role: header };
}
