import path from 'node:path';
import type { Registry } from 'prom-client';
import { openAccounts } from './accounts/accounts.ts';
import type { FetchJson } from './accounts/oidc.ts';
import { accountsRoutes } from './accounts/routes.ts';
import type { Config } from './config.ts';
import type { Database } from './db/connect.ts';
import type { Budget } from './http/door.ts';
import { openHttp } from './http/open-http.ts';
import type { SocketRoute, Annex, Http } from './http/open-http.ts';
import type { Route } from './http/route.ts';
import type { Log } from './log/log.ts';
import { asFetch } from './wire/as-fetch.ts';
import type { HttpClient } from './wire/http-client.ts';
import { packageRoot } from './root.ts';
import { openRouter } from './router.ts';

export interface DoorsOptions {
  readonly config: Config;
  readonly database: Pick<Database, 'app'>;
  /** The guarded way out. */
  readonly http: Pick<HttpClient, 'send'>;
  readonly log: Log;
  readonly version: string;
  /** REST routes and annexes of the rooms behind. */
  readonly routes?: readonly Route[];
  readonly annexes?: readonly Annex[];
  readonly socketRoutes?: readonly SocketRoute[];
  readonly web?: string;
  /** How often somebody may ask; the usual when left out. */
  readonly budget?: Budget;
  /** Numbers of this process, beside those that the doors count. */
  readonly metrics?: Registry;
}

/** Everything by which people and programs come in: accounts, the app's router, REST, the built app. Not listening yet. */
export async function openDoors(options: DoorsOptions): Promise<Http> {
  const { config, database, log } = options;
  const ways = { fetchJson: fetchJsonBy(options.http), fetch: asFetch(options.http) };
  const accounts = await openAccounts({ orm: database.app.orm, config, log, ...ways });
  return openHttp({
    url: config.url,
    hooksUrl: config.hooksUrl,
    host: config.host,
    port: config.port,
    trustProxy: config.trustProxy,
    streams: config.streams,
    version: options.version,
    log,
    identify: accounts.identify,
    lately: accounts.lately,
    ready: accounts.ready,
    routes: [...accountsRoutes(accounts), ...(options.routes ?? [])],
    router: openRouter({ accounts }),
    annexes: options.annexes ?? [],
    socketRoutes: options.socketRoutes ?? [],
    ...(options.metrics ? { metrics: options.metrics } : {}),
    ...(options.budget ? { budget: options.budget } : {}),
    web: options.web ?? path.join(packageRoot, 'dist/web'),
  });
}

/** A JSON document of another server, 1 MB and 10 s at most. */
function fetchJsonBy(http: Pick<HttpClient, 'send'>): FetchJson {
  return async (url) => {
    const { status, body } = await http.send({ method: 'GET', url, timeoutMs: 10_000, maxBytes: 1024 * 1024 });
    if (status !== 200) throw new Error(`it answered ${status}`);
    return JSON.parse(new TextDecoder().decode(body));
  };
}
