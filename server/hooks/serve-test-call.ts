import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Sql } from 'postgres';
import * as z from 'zod';
import { hashToken } from '../accounts/tokens.ts';
import { answerError } from '../http/answer-error.ts';
import { faultNumber } from '../http/fault-number.ts';
import { Refusal } from '../http/refusal.ts';
import type { ServeRaw } from './annex.ts';
import { addressOf, noHook, wrongMethod } from './address.ts';
import type { Address } from './address.ts';
import { allowedOrigin, preflight } from './cross-origin.ts';
import type { StoreFile } from '../http/body/parse-body.ts';
import { readCall, readHook } from './read-call.ts';
import type { Hook } from './read-call.ts';
import { jsonOf } from '../text/known-json.ts';
import { answerAccepted } from './serve-hook.ts';
import type { HookServer } from './serve-hook.ts';
import { jsonAnswer, writeAnswer } from './write-reply.ts';
import type { Written } from './write-reply.ts';
import { HookParams } from '../triggers/describe.ts';
import { matchPath, patternOf } from '../triggers/patterns.ts';

/** What test calls are served with. */
export type TestCallServer = Pick<
  HookServer,
  'engine' | 'findSecret' | 'headCleaner' | 'ledger' | 'outcomes' | 'log' | 'bodies' | 'sentFrom'
> & {
  readonly sql: Sql;
};

/** What an editor loads and looks at. Files do not count: only what is known of them is kept. */
const keptMost = 4 * 1024 * 1024;

const Row = z.object({ id: z.string(), workspace: z.string(), params: z.unknown() });
const Kept = z.object({ awaits: z.boolean() });
type Listener = z.infer<typeof Row>;
type Kept = z.infer<typeof Kept>;
const Started = z.object({ run: z.string().nullable() });

/**
 * Serves `/test-hooks/<token>/<path>`: a call of a draft's webhook while somebody listens to it in the editor. It is judged and read as the
 * webhook will once it is live (who may call, methods, path, body) and kept for the one who listens. It starts nothing by itself; where who listens said that the draft
 * will run with it, it is answered by that run as the live webhook would. Once: the next call finds nothing, as does one without a listener. Never rejects.
 */
export function testCallServer(server: TestCallServer): ServeRaw {
  return async (request, response) => {
    const origin: { headers: Record<string, string> } = { headers: {} };
    try {
      const answer = await take(server, response, origin);
      writeAnswer(
        response,
        { ...answer, headers: { ...answer.headers, ...origin.headers } },
        request.method === 'HEAD',
      );
    } catch (error) {
      const number = faultNumber();
      const { status, body, headers, isOurs } = answerError(error, number);
      if (isOurs) server.log.error({ err: error, number }, 'our fault');
      const unread: Record<string, string> = request.complete ? {} : { connection: 'close' };
      writeAnswer(response, jsonAnswer(status, body, { ...headers, ...origin.headers, ...unread }));
    }
  };
}

async function take(
  server: TestCallServer,
  response: ServerResponse,
  origin: { headers: Record<string, string> },
): Promise<Written> {
  const { req: request } = response;
  const address = addressOf(request.url ?? '', '/test-hooks/');
  const row = address && (await listenerAt(server.sql, address));
  // The address of a form is none of a webhook.
  if (!address || !row || !HookParams.safeParse(row.params).success) throw nobodyListens();
  const hook = readHook(row.params);
  const named = matchPath(patternOf(hook.params.path), address.segments);
  if (!named) throw noHook();
  origin.headers = allowedOrigin(request.headers.origin, hook.params);
  const { methods } = hook.params;
  if (request.method === 'OPTIONS' && origin.headers['access-control-allow-origin'])
    return preflight(request.headers, methods, origin.headers);
  if (!methods.includes(request.method ?? '')) throw wrongMethod(methods);
  const { awaits } = await keep(server, row, hook, { request, address, named });
  if (!awaits) return looked('It is in the editor now.');
  const run = await startedWith(server.sql, row.id);
  if (run === undefined) return looked('The draft did not run with it.');
  const { workspace, plan } = await server.engine.actor(run);
  return answerAccepted(server, hook.params, { workspace, plan, response }, { is: 'duplicate', run });
}

const looked = (what: string): Written =>
  jsonAnswer(200, { test: true, message: `Heddle has this test call. ${what}` });

const lookMs = 200;
/** Editors ask every second; one that has not begun by then went away without saying so. */
const beginsWithinMs = 15_000;

/** The run that who listens started with the call; undefined when they let it go, or went away. Another process may be asked for the start. */
export async function startedWith(sql: Sql, id: string): Promise<string | undefined> {
  for (const until = performance.now() + beginsWithinMs; performance.now() < until; await setTimeout(lookMs)) {
    const [row] = await sql`select run from test_calls where id = ${id}`;
    if (!row) return undefined;
    const { run } = Started.parse(row);
    if (run !== null) return run;
  }
  return undefined;
}

const nobodyListens = () =>
  new Refusal(404, 'not-found', 'Nobody listens at this test URL now.', {
    mend: 'Listen for a test call again in the editor: a test URL takes one call, within five minutes.',
  });

/** Who listens there and has not been called yet. */
export async function listenerAt(sql: Sql, { slug: token }: Address) {
  const [row] = await sql`
    select id, workspace_id as workspace, params from test_calls
    where token_hash = ${hashToken(token)} and until > now() and called_at is null`;
  return row && Row.parse(row);
}

async function keep(
  {
    sql,
    engine,
    findSecret,
    headCleaner,
    bodies,
    sentFrom,
  }: Pick<TestCallServer, 'sql' | 'engine' | 'findSecret' | 'headCleaner' | 'bodies' | 'sentFrom'>,
  { id, workspace }: Listener,
  hook: Hook,
  { request, address, named }: { request: IncomingMessage; address: Address; named: Record<string, string> },
): Promise<Kept> {
  const { item } = await readCall(hook, request, {
    address,
    named,
    now: engine.options.clock(),
    findSecret: (credential) => findSecret(workspace, credential),
    headCleaner: () => headCleaner(workspace),
    storeFile: nameOnly,
    bodies,
    sender: { workspace, door: id, address: sentFrom(request) },
  });
  return keepCall(sql, id, item);
}

/** Keeps what a start would deliver for who listens; whoever was faster is kept instead, and this one finds nobody. */
export async function keepCall(sql: Sql, id: string, item: unknown): Promise<Kept> {
  const text = await jsonOf(item);
  if (text.length > keptMost)
    throw new Refusal(413, 'too-large', 'A test call keeps 4 MB of JSON at most.', {
      mend: 'Send less to try it with.',
    });
  // Of two calls at once one is kept; the other is told what a later one would be.
  const kept = await sql`
    update test_calls set call = ${text}::text::json, called_at = now()
    where id = ${id} and called_at is null and until > now() returning awaits`;
  if (!kept[0]) throw nobodyListens();
  return Kept.parse(kept[0]);
}

/** No run holds the files of a test call, so that only what is known of them is kept. */
export const nameOnly: StoreFile = ({ name, type, bytes }) =>
  Promise.resolve({ $file: 'not-kept', name, type, size: bytes.length });
