import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { readConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/connect.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { credentialsRoutes } from '../../credentials/routes.ts';
import { openWallet } from '../../credentials/wallet.ts';
import { openDoors } from '../../doors.ts';
import type { DoorsOptions } from '../../doors.ts';
import type { Role } from '../../../flow/contract/account.ts';
import { parsedJson } from '../../../flow/document/json.ts';
import type { Http } from '../../http/open-http.ts';
import { replyJudge } from '../../http/testing/declared.ts';
import { openLog } from '../../log/log.ts';
import { openHttpClient } from '../../wire/http-client.ts';
import { createKey } from '../keys.ts';
import { createWorkspace } from '../workspaces.ts';

/** The address under which tests come in. */
export const home = 'http://localhost:4000';

/** A server on a database of its own, spoken to through its front door. */
export interface House extends AsyncDisposable {
  readonly http: Http;
  readonly database: Database;
  readonly config: Config;
  /** What was logged, line by line. */
  readonly logged: string[];
  /** What went out by the guarded client: method and address. */
  readonly sent: string[];
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** As JSON with a key or cookie; `by` undefined is nobody. Throws when the answer is not what its route declares. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    by?: By,
    body?: unknown,
  ): Promise<LightMyRequestResponse>;
  /** A key of a role. */
  key(role: Role, workspace?: string): Promise<By>;
  /** A second workspace with its own owner's key. */
  stranger(): Promise<{ workspace: string; by: By }>;
  /** Logs in and gives the cookie. */
  logIn(email: string, password: string): Promise<By>;
}

/** Who sends a request. */
export type By = { key: string } | { cookie: string };

export const owner = { email: 'olga@example.com', password: 'a long password' } as const;

/** Opens a house that is set up with `owner`, unless `fresh`. */
export async function openHouse(
  options: { fresh?: boolean; env?: Record<string, string>; log?: boolean } & Partial<
    Pick<DoorsOptions, 'routes' | 'annexes' | 'web' | 'budget'>
  > = {},
): Promise<House> {
  const test = await createTestDatabase();
  const database = await test.open({ app: 4, engine: 1 });
  const folder = mkdtempSync(path.join(tmpdir(), 'heddle-doors-'));
  const { fresh, env, log: _log, ...rest } = options;
  const config = readConfig({ HEDDLE_HOME: folder, PORT: '4000', ...(fresh ? {} : admin), ...env });
  const logged: string[] = [];
  const log = openLog({ level: 'info', stream: { write: (line) => void logged.push(line) } });
  const out = openHttpClient({ allowHosts: config.allowHosts });
  const wallet = openWallet({ database, config, log });
  const own = credentialsRoutes({ database, ...wallet, usesOf: async () => [] });
  const routes = [...own, ...(rest.routes ?? [])];
  const sent: string[] = [];
  const counted: Pick<typeof out, 'send'> = {
    send: (request) => {
      sent.push(`${request.method} ${request.url}`);
      return out.send(request);
    },
  };
  const http = await openDoors({
    config,
    database,
    http: counted,
    log,
    version: '0.0.0',
    web: folder,
    ...rest,
    routes,
  });
  const judge = replyJudge(http.routes);
  const send = (request: InjectOptions) => http.app.inject(request);
  const house: House = {
    http,
    database,
    config,
    logged,
    sent,
    send,
    call: async (method, url, by, body) => {
      const answer = await send({
        method,
        url,
        headers: {
          ...headersOf(by),
          ...(body === undefined && method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const wrong = judge({ method, url, status: answer.statusCode, body: parsedJson(answer.body) });
      if (wrong !== undefined) throw new Error(wrong);
      return answer;
    },
    key: async (role, workspace = 'ws_main') => ({
      key: (await createKey(database.app.orm, workspace, { name: role, role })).key,
    }),
    stranger: async () => {
      const me = await house.call('GET', '/api/v1/me', await house.logIn(owner.email, owner.password));
      const other = { name: 'Other', slug: 'other' };
      const made = await createWorkspace(database.app.orm, me.json().id, other, config.workspaces);
      return { workspace: made.id, by: await house.key('owner', made.id) };
    },
    logIn: async (email, password) => {
      const answer = await house.call('POST', '/api/login', undefined, { email, password });
      if (answer.statusCode !== 200) throw new Error(`No login: ${answer.body}`);
      return cookieOf(answer);
    },
    [Symbol.asyncDispose]: async () => {
      await http.close(0);
      await out.close();
      rmSync(folder, { recursive: true, force: true });
      await test[Symbol.asyncDispose]();
    },
  };
  return house;
}

const admin = { HEDDLE_ADMIN_EMAIL: owner.email, HEDDLE_ADMIN_PASSWORD: owner.password };

/** The headers that a browser or a program sends. */
export function headersOf(by: By | undefined): Record<string, string> {
  if (!by) return { origin: home };
  return 'key' in by ? { authorization: `Bearer ${by.key}` } : { cookie: by.cookie, origin: home };
}

/** The session's cookie, as a browser keeps it. */
export function cookieOf(answer: LightMyRequestResponse): { cookie: string } {
  return { cookie: answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ') };
}
