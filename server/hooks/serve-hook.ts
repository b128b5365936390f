import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError } from '../http/answer-error.ts';
import { faultNumber } from '../http/fault-number.ts';
import { leftSignal } from '../http/left-signal.ts';
import { seldom } from '../log/seldom.ts';
import type { AnswerPlace } from '../engine/answer-rules.ts';
import { appendRefusal } from '../runs/act.ts';
import type { BlobStore } from '../journal/blobs.ts';
import type { Engine } from '../engine/engine.ts';
import { calledBy } from '../engine/own-calls.ts';
import type { OwnCalls } from '../engine/own-calls.ts';
import type { Outcomes, Wanted } from '../engine/outcomes.ts';
import type { Outcome } from '../journal/standings.ts';
import { Refused } from '../journal/refused.ts';
import { accept, runIdAhead } from '../inbox/accept.ts';
import type { Accepted, Occurrence } from '../inbox/accept.ts';
import type { Admission } from '../inbox/admission.ts';
import { enterBelow } from '../inbox/enter-below.ts';
import type { HookParams } from '../triggers/describe.ts';
import type { Directory, Hit, PublishedVersion, Trigger } from '../triggers/directory.ts';
import type { Params } from '../triggers/kept-versions.ts';
import { KeyFailed } from '../triggers/value-over.ts';
import type { Rates } from '../inbox/rates.ts';
import type { WaitingCallers } from '../inbox/waiting-callers.ts';
import { addressOf, noHook, wrongMethod } from './address.ts';
import type { Address } from './address.ts';
import type { FindSecret } from './check-caller.ts';
import type { HeadCleanerOf } from './clean-head.ts';
import { allowedOrigin, preflight } from './cross-origin.ts';
import { dedupeKeyOf } from './dedupe-key.ts';
import type { Sender } from '../http/body/body-room.ts';
import type { StoreFile } from '../http/body/parse-body.ts';
import type { BodyCaps } from '../http/body/read-body.ts';
import type { SentFrom } from '../http/sent-from.ts';
import { readCall, readHook } from './read-call.ts';
import type { Hook } from './read-call.ts';
import { jsonAnswer, longAnswer, replyAnswer, safeHeaders, writeAnswer } from './write-reply.ts';
import type { Written } from './write-reply.ts';

/** What webhooks are served with. */
export interface HookServer {
  readonly directory: Directory;
  readonly engine: Engine;
  readonly ledger: { readonly blobs: BlobStore };
  readonly outcomes: Outcomes;
  readonly callers: WaitingCallers;
  readonly admission: Admission;
  readonly rates: Rates;
  readonly ownCalls: OwnCalls;
  readonly findSecret: FindSecret;
  readonly headCleaner: HeadCleanerOf;
  /** What a call may send. */
  readonly bodies: BodyCaps;
  readonly sentFrom: SentFrom;
  readonly log: { error(fields: object, sentence: string): void; warn(fields: object, sentence: string): void };
}

/**
 * Serves one call under `/hooks/`, from its first byte to its last, straight on the sockets of Node: this is the path that must carry
 * thousands of calls a second. Nothing is asked of the database before the run is written. Never rejects.
 */
export function hookServer(server: HookServer): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const hooks = new WeakMap<Params, Hook>();
  const hookOf = async (trigger: Trigger): Promise<Hook> => {
    const params = await paramsOf(server, trigger);
    const hook = hooks.get(params) ?? readHook(params);
    hooks.set(params, hook);
    return hook;
  };
  const warn = seldom<readonly [fields: object, code: string]>(5_000, ([fields, code], unsaid) =>
    server.log.warn({ ...fields, unsaid }, code),
  );
  return async (request, response) => {
    let origin: Readonly<Record<string, string>> = {};
    try {
      const address = addressOf(request.url ?? '', '/hooks/');
      const hits = address ? server.directory.find('webhook', address.slug, address.segments) : [];
      if (!address || hits.length === 0) throw noHook();
      const hit = hits.find(({ trigger }) => trigger.methods.includes(request.method ?? ''));
      if (request.headers.origin !== undefined)
        origin = allowedOrigin(request.headers.origin, await paramsOf(server, (hit ?? hits[0]!).trigger));
      if (!hit && request.method === 'OPTIONS' && origin['access-control-allow-origin'])
        return writeAnswer(response, preflight(request.headers, methodsOf(hits), origin));
      if (!hit) throw wrongMethod(methodsOf(hits));
      server.rates.take(hit.trigger);
      const answer = await answerCall(server, await hookOf(hit.trigger), hit, address, response);
      const { headers } = answer;
      const written = { ...answer, headers: { ...headers, ...origin }, workspace: hit.trigger.workspace };
      writeAnswer(response, written, request.method === 'HEAD');
    } catch (error) {
      refuse({ ...server, warn }, request, response, error, origin);
    }
  };
}

/** What a trigger was published with; 404 where it has just gone. */
async function paramsOf({ directory }: Pick<HookServer, 'directory'>, trigger: Trigger): Promise<Params> {
  const params = await directory.params(trigger);
  if (!params) throw noHook();
  return params;
}

const methodsOf = (hits: readonly Hit[]) => [...new Set(hits.flatMap(({ trigger }) => trigger.methods))];

async function answerCall(
  server: HookServer,
  hook: Hook,
  { trigger, named }: Hit,
  address: Address,
  response: ServerResponse,
): Promise<Written> {
  const { req: request } = response;
  const { params } = hook;
  const published = await server.directory.version(trigger);
  if (!published) throw noHook();
  const now = server.engine.options.clock();
  const files: { run?: string } = {};
  const { item, checked, warnings } = await readCall(hook, request, {
    address,
    named,
    now,
    findSecret: (credential) => server.findSecret(trigger.workspace, credential),
    proofs: server.directory.proofsAt(address.slug, address.segments),
    headCleaner: () => server.headCleaner(trigger.workspace),
    storeFile: storing(server, trigger.workspace, files),
    bodies: server.bodies,
    sender: senderTo(trigger, server.sentFrom(request)),
  });
  const isWaiting = params.reply !== 'now';
  const { workspace } = trigger;
  const what: Occurrence = {
    workspace,
    published,
    key: trigger.key,
    kind: 'webhook',
    items: [item],
    lane: isWaiting ? 'realtime' : 'interactive',
    source: `/hooks/${address.slug}${address.path}`,
    dedupeKey: dedupeKeyOf(params.dedupeKey, {
      item,
      headers: request.headers,
      checked,
      zone: published.plan.settings.timezone,
      now,
    }),
    dedupeUntil: checked.freshUntil,
    ...files,
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
  };
  const leave = isWaiting ? server.callers.enter(workspace) : undefined;
  const answer = takeIn(server, params, { workspace, plan: published.plan, response }, what);
  return leave ? answer.finally(leave) : answer;
}

/** Nothing that waits for the answer holds what was sent: each of these functions is over before the run is. */
async function takeIn(server: HookServer, params: HookParams, who: WhoWaits, what: Occurrence): Promise<Written> {
  return answerAccepted(server, params, who, await acceptBelow(server, who.response.req, what));
}

/** Takes in a call, below the run that sent it if one of ours did. */
export async function acceptBelow(
  { engine, admission, ownCalls }: Pick<HookServer, 'engine' | 'admission' | 'ownCalls'>,
  { headers }: Pick<IncomingMessage, 'headers'>,
  what: Occurrence,
): Promise<Accepted> {
  if (headers[calledBy] === undefined) return accept(engine, admission, what);
  const descends = await enterBelow(ownCalls, headers);
  const accepted = await accept(engine, admission, { ...what, descends });
  if (accepted.is === 'duplicate' || accepted.is === 'skipped') ownCalls.leave(descends);
  return accepted;
}

/** Whose part of the room a body for a trigger takes. */
export const senderTo = ({ workspace, workflow, key }: Trigger, address: string): Sender => ({
  workspace,
  door: `${workflow} ${key}`,
  address,
});

/** Stores files of a call under the run that it will start. */
const storing =
  ({ ledger, engine }: HookServer, workspace: string, files: { run?: string }): StoreFile =>
  async ({ name, type, bytes }) => {
    files.run ??= runIdAhead(engine);
    const $file = await ledger.blobs.writeBytes(workspace, files.run, bytes);
    return { $file, name, type, size: bytes.length };
  };

/** Who waits for a run: where, by which rules, at which connection. */
export interface WhoWaits {
  readonly workspace: string;
  readonly plan: PublishedVersion['plan'];
  readonly response: ServerResponse;
}

/** What a caller is told of what was started: at once, or once there is an answer. One that goes away is told nothing; what it started goes on. */
export async function answerAccepted(
  server: Pick<HookServer, 'engine' | 'outcomes' | 'ledger'>,
  params: HookParams,
  { workspace, plan, response }: WhoWaits,
  accepted: Accepted,
): Promise<Written> {
  if (accepted.is === 'skipped') return jsonAnswer(202, { runId: null, skipped: accepted.why });
  const place = server.engine.answers;
  if (accepted.is === 'pending') return later(accepted.run, place);
  const actor = accepted.is === 'started' ? accepted.actor : undefined;
  const run = accepted.is === 'started' ? accepted.actor.run : accepted.run;
  if (params.reply === 'now') return atOnce(params, run, place);
  const want = params.reply === 'last' ? 'end' : 'reply';
  const coming = server.outcomes.of(
    { workspace, run, actor },
    { want, withinMs: Math.min(plan.settings.replyWithinMs, 300_000), signal: leftSignal(response) },
  );
  return answerOnce(server, { workspace, run }, want, coming);
}

async function answerOnce(
  server: Pick<HookServer, 'engine' | 'ledger'>,
  place: { readonly workspace: string; readonly run: string },
  want: Wanted,
  coming: Promise<Outcome | undefined>,
): Promise<Written> {
  const outcome = await coming;
  if (!outcome) return later(place.run, server.engine.answers);
  const written = await answerOf(server, place, outcome, want);
  return { ...written, headers: { ...written.headers, 'heddle-run-id': place.run } };
}

/** E16: the respond node's answer; or the run's output; 204 when it ended without one, 500 without a word of why when it failed. */
async function answerOf(
  { ledger, engine }: Pick<HookServer, 'ledger' | 'engine'>,
  { workspace, run }: { readonly workspace: string; readonly run: string },
  { reply, ended, output }: Outcome,
  want: Wanted,
): Promise<Written> {
  if (reply && want === 'reply') {
    const { hasOwnAddress } = engine.answers;
    return replyAnswer(reply, (hash) => ledger.blobs.readBytes(workspace, hash), hasOwnAddress);
  }
  if (ended?.status !== 'finished') {
    const message = ended?.status === 'cancelled' ? 'The run was cancelled.' : 'The run failed.';
    return jsonAnswer(500, { error: { code: 'run.failed', message, runId: run } });
  }
  return want === 'end' ? longAnswer(200, output ?? []) : { status: 204, headers: {}, body: undefined };
}

const later = (run: string, place: AnswerPlace): Written => jsonAnswer(202, { runId: run }, placeOf(run, place));
const placeOf = (run: string, { api }: AnswerPlace) => ({
  location: `${api}/api/v1/runs/${run}`,
  'heddle-run-id': run,
});

function atOnce({ response }: HookParams, run: string, place: AnswerPlace): Written {
  if (!response) return later(run, place);
  const headers = { ...placeOf(run, place), ...safeHeaders(response.headers ?? {}, place) };
  const { status, body } = response;
  if (status === 204 || status === 304) return { status, headers, body: undefined };
  if (body === undefined) return jsonAnswer(status, { runId: run }, headers);
  if (typeof body !== 'string') return jsonAnswer(status, body, headers);
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

function refuse(
  { log, warn }: HookServer & { warn(said: readonly [fields: object, code: string]): void },
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  origin: Readonly<Record<string, string>>,
): void {
  const number = faultNumber();
  const answer = answerError(error instanceof Refused ? appendRefusal(error) : error, number);
  const where = { method: request.method, url: request.url?.split('?', 1)[0] };
  if (answer.isOurs) log.error({ err: error, number, ...where }, 'our fault');
  else if (answer.status >= 500) warn([{ err: error, ...where }, answer.body.error.code]);
  // Only its sender would hear of a key otherwise, who cannot mend it. What went wrong in it may quote what was sent.
  else if (error instanceof KeyFailed) warn([{ said: error.message, ...where }, error.code]);
  // What is still coming would otherwise be read to its end.
  const unread: Record<string, string> = request.complete ? {} : { connection: 'close' };
  writeAnswer(response, jsonAnswer(answer.status, answer.body, { ...answer.headers, ...origin, ...unread }));
}
