import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKey } from '../../accounts/keys.ts';
import type { NodeSource } from '../../catalogue/source.ts';
import { readConfig } from '../../config.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { openDoors } from '../../doors.ts';
import type { Role } from '../../../flow/contract/account.ts';
import { parsedJson } from '../../../flow/document/json.ts';
import type { Http } from '../../http/open-http.ts';
import { replyJudge } from '../../http/testing/declared.ts';
import { openLog } from '../../log/log.ts';
import { openProcess } from '../../process.ts';
import type { Process } from '../../process.ts';
import { openRooms } from '../../rooms.ts';
import type { Rooms, RoomsOptions } from '../../rooms.ts';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test reads of an answer is what it asserts
  readonly json: any;
}

/** A whole server of one process on a database of its own, listening on loopback. */
export interface TestServer extends AsyncDisposable {
  readonly opened: Process;
  readonly rooms: Rooms;
  readonly url: string;
  readonly logged: string[];
  /** The routes that rooms declared. */
  readonly routes: Http['routes'];
  /** Every address with the role it needs. */
  readonly listed: Http['listed'];
  readonly procedures: Http['procedures'];
  /** A key of each role in the workspace main, and one of the owner of another. */
  readonly keys: Readonly<Record<Role | 'stranger', string>>;
  /** By REST, with a key of the workspace main (an owner's unless said otherwise). Throws when the answer is not what its route declares. */
  call(method: string, url: string, body?: unknown, role?: Role | 'stranger'): Promise<Answer>;
  /** A stream of events, read to its end as an owner. */
  stream(url: string): Promise<string>;
  /** As the world outside calls: no key. */
  hook(url: string, init?: RequestInit): Promise<Answer>;
  /** Makes and publishes a workflow. */
  publish(document: object): Promise<{ id: string; version: number; triggers: { key: string; url?: string }[] }>;
  /** Resolves when the run is over, or says what it hangs on. */
  over(run: string): Promise<Answer>;
}

export async function openPlace(
  options: {
    most?: RoomsOptions['most'];
    env?: Record<string, string>;
    /** A database of the caller's, which it also takes away: for a server that is started again on what the one before left. */
    databaseUrl?: string;
    /** `web`: schedules and what waits for its turn are left to others. */
    role?: 'all' | 'web';
    /** Nodes beside those of this build. */
    sources?: readonly NodeSource[];
  } = {},
): Promise<TestServer> {
  const test = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'heddle-place-'));
  const config = readConfig({
    HEDDLE_HOME: folder,
    DATABASE_URL: options.databaseUrl ?? test?.url,
    PORT: '0',
    HEDDLE_ADMIN_EMAIL: 'olga@example.com',
    HEDDLE_ADMIN_PASSWORD: 'a long password',
    ...options.env,
  });
  const logged: string[] = [];
  const log = openLog({ level: 'warn', stream: { write: (line) => void logged.push(line) } });
  const around = Promise.withResolvers<Rooms>();
  let rooms: Rooms | undefined;
  const opened = await openProcess({
    config,
    role: 'all',
    log,
    findCallable: async (workspace, name) => (await around.promise).findCallable(workspace, name),
    onCommit: (actor, facts) => rooms?.committed(actor, facts),
    ...(options.sources ? { sources: options.sources } : {}),
  });
  const { database } = opened.ground;
  const { most } = options;
  rooms = await openRooms({
    opened,
    log,
    url: config.hooksUrl ?? config.url,
    bodyMost: config.webhookBytes,
    trustProxy: config.trustProxy,
    role: options.role ?? 'all',
    ...(most ? { most } : {}),
  });
  around.resolve(rooms);
  const { routes, annexes, socketRoutes } = rooms;
  const doors = await openDoors({
    config,
    database,
    http: opened.http,
    log,
    version: '0',
    routes,
    annexes,
    socketRoutes,
    web: folder,
  });
  const url = `http://127.0.0.1:${await doors.listen()}`;
  const keys = await keysOf(database.app);
  const judge = replyJudge(doors.routes);
  const answer = async (response: Response): Promise<Answer> => {
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsedJson(text) };
  };
  const call: TestServer['call'] = async (method, where, body, role = 'owner') => {
    const said = await answer(
      await fetch(url + where, {
        method,
        headers: {
          authorization: `Bearer ${keys[role]}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const wrong = judge({ method, url: where, status: said.status, body: said.json });
    if (wrong !== undefined) throw new Error(wrong);
    return said;
  };
  const place: TestServer = {
    opened,
    rooms,
    url,
    logged,
    routes: doors.routes,
    listed: doors.listed,
    procedures: doors.procedures,
    keys,
    call,
    stream: async (where) =>
      (
        await fetch(url + where, { headers: { authorization: `Bearer ${keys.owner}`, accept: 'text/event-stream' } })
      ).text(),
    hook: async (where, init) => answer(await fetch(url + where, { redirect: 'manual', ...init })),
    publish: async (document) => {
      const made = await call('POST', '/api/v1/workflows', { document });
      const published = await call('POST', `/api/v1/workflows/${made.json.id}/publish`);
      if (published.status !== 200) throw new Error(`not published: ${made.text} ${published.text}`);
      return { id: made.json.id, ...published.json };
    },
    over: async (run) => {
      for (let tries = 0; tries < 200; tries++) {
        const seen = await call('GET', `/api/v1/runs/${run}`);
        if (seen.json.finishedAt) return seen;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`the run is not over: ${(await call('GET', `/api/v1/runs/${run}`)).text}`);
    },
    [Symbol.asyncDispose]: async () => {
      await doors.close(500);
      await rooms.close();
      await opened.close(1_000);
      rmSync(folder, { recursive: true, force: true });
      await test?.[Symbol.asyncDispose]();
    },
  };
  return place;
}

async function keysOf(app: Process['ground']['database']['app']): Promise<Record<Role | 'stranger', string>> {
  await app.sql`insert into workspaces (id, slug, name) values ('ws_other', 'other', 'Other') on conflict do nothing`;
  const key = async (workspace: string, role: Role) => (await createKey(app.orm, workspace, { name: role, role })).key;
  return {
    owner: await key('ws_main', 'owner'),
    editor: await key('ws_main', 'editor'),
    operator: await key('ws_main', 'operator'),
    viewer: await key('ws_main', 'viewer'),
    stranger: await key('ws_other', 'owner'),
  };
}

/** A document from nodes by key and edges, `from -> to` a line each. */
export const drawn = (
  name: string,
  nodes: Record<string, { type: string; params?: object; settings?: object }>,
  edges = '',
  settings?: object,
) => ({
  heddle: 1,
  name,
  nodes: Object.entries(nodes).map(([key, node]) => ({ key, ...node })),
  edges: edges
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(' -> '))
    .map(([from, to]) => ({ from, to })),
  ...(settings ? { settings } : {}),
});
