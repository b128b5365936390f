import type { ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { readForm } from '../../nodes/start/form-fields.ts';
import { answerError } from '../http/answer-error.ts';
import { faultNumber } from '../http/fault-number.ts';
import { leftSignal } from '../http/left-signal.ts';
import { Refusal } from '../http/refusal.ts';
import { appendRefusal } from '../runs/act.ts';
import type { Wanted } from '../engine/outcomes.ts';
import type { Outcome } from '../journal/standings.ts';
import { Refused } from '../journal/refused.ts';
import { runIdAhead } from '../inbox/accept.ts';
import type { Accepted, Occurrence } from '../inbox/accept.ts';
import type { ServeRaw } from './annex.ts';
import { FormParams } from '../triggers/describe.ts';
import type { Trigger } from '../triggers/directory.ts';
import type { Params } from '../triggers/kept-versions.ts';
import { formPage, formPolicy, outputPage, sentencePage, thanksPage, wrongPage } from './form-page.ts';
import { addressOf } from './address.ts';
import type { Sender } from '../http/body/body-room.ts';
import { parseBody } from '../http/body/parse-body.ts';
import type { StoreFile } from '../http/body/parse-body.ts';
import { withBody } from '../http/body/read-body.ts';
import type { BodyCaps, BodySource } from '../http/body/read-body.ts';
import { acceptBelow, senderTo } from './serve-hook.ts';
import type { HookServer, WhoWaits } from './serve-hook.ts';
import { replyAnswer, writeAnswer } from './write-reply.ts';
import type { Written } from './write-reply.ts';
import { isObject } from '../../flow/document/json.ts';

/** A page of a form. */
export const html = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Written => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': formPolicy, ...headers },
  body,
});

const noForm = (): Refusal => new Refusal(404, 'not-found', 'There is no such form.');

/** Serves `/forms/<workspace>/<path>`: the page of a form, and what comes of sending it. Plain HTML without a script. Never rejects. */
export function formServer(server: HookServer): ServeRaw {
  const { paramsOf, pageOf } = formsOf();
  return async (request, response) => {
    const isHead = request.method === 'HEAD';
    try {
      const address = addressOf(request.url ?? '', '/forms/');
      const hit = address && server.directory.find('form', address.slug, address.segments)[0];
      if (!hit) throw noForm();
      const isRead = isHead || request.method === 'GET';
      if (!isRead && request.method !== 'POST')
        throw new Refusal(405, 'method', 'A form is read and sent.', { headers: { allow: 'GET, HEAD, POST' } });
      server.rates.take(hit.trigger);
      const { workspace } = hit.trigger;
      const given = await server.directory.params(hit.trigger);
      if (!given) throw noForm();
      const answer = isRead ? html(200, pageOf(given)) : await submit(server, hit.trigger, paramsOf(given), response);
      writeAnswer(response, { ...answer, workspace }, isHead);
    } catch (error) {
      writeAnswer(response, refused(server, error), isHead);
    }
  };
}

/** Letters of pages that are kept, of all forms together. */
const pagesKept = 64 * 1024 * 1024;

/** What a form is, and its page, worked out once for each version: of a long form that took 0.8 s for every visitor. */
function formsOf() {
  const params = new WeakMap<Params, FormParams>();
  const pages = new LRUCache<Params, string>({ maxSize: pagesKept, sizeCalculation: (page) => page.length });
  const paramsOf = (given: Params): FormParams => {
    const known = params.get(given) ?? FormParams.parse(given);
    params.set(given, known);
    return known;
  };
  const pageOf = (given: Params): string => {
    const page = pages.get(given) ?? formPage(paramsOf(given));
    pages.set(given, page);
    return page;
  };
  return { paramsOf, pageOf };
}

async function submit(
  server: HookServer,
  trigger: Trigger,
  params: FormParams,
  response: ServerResponse,
): Promise<Written> {
  const { req: request } = response;
  const published = await server.directory.version(trigger);
  if (!published) throw noForm();
  const files: { run?: string } = {};
  const store: StoreFile = async (file) => {
    files.run ??= runIdAhead(server.engine);
    const $file = await server.ledger.blobs.writeBytes(trigger.workspace, files.run, file.bytes);
    return { $file, name: file.name, type: file.type, size: file.bytes.length };
  };
  const sender = senderTo(trigger, server.sentFrom(request));
  const sent = await readSent(params, request, { ...server.bodies, sender }, store);
  if ('again' in sent) return sent.again;
  const { workspace } = trigger;
  const what: Occurrence = {
    workspace,
    published,
    key: trigger.key,
    kind: 'form',
    items: [sent.item],
    lane: params.reply === 'now' ? 'interactive' : 'realtime',
    source: `/forms/${trigger.slug}/${params.path}`,
    ...files,
  };
  const leave = params.reply === 'now' ? undefined : server.callers.enter(workspace);
  const answer = takeIn(server, params, { workspace, plan: published.plan, response }, what);
  return leave ? answer.finally(leave) : answer;
}

async function takeIn(server: HookServer, params: FormParams, who: WhoWaits, what: Occurrence): Promise<Written> {
  return formAnswer(server, params, who, await acceptBelow(server, who.response.req, what));
}

/** What was sent of a form, as the item that its start delivers; or its page again, with what is wrong. */
export async function readSent(
  params: FormParams,
  request: BodySource,
  bodies: BodyCaps & { readonly sender: Sender },
  store: StoreFile,
): Promise<{ readonly item: unknown } | { readonly again: Written }> {
  const type = request.headers['content-type'] ?? '';
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type))
    throw new Refusal(415, 'content-type', 'A form is sent as a browser sends it.');
  return withBody(
    request,
    bodies.most,
    async (bytes) => {
      const came = new Map<unknown, Came>();
      const { value } = await parseBody(bytes, { type }, heldIn(came));
      const sent = isObject(value) ? value : {};
      const form = readForm(params.fields, sent);
      if (!form.ok) return { again: html(422, wrongPage(params, sent, form.wrong)) };
      return { item: await storedItem(params, form.item, came, store) };
    },
    bodies,
  );
}

type Came = Parameters<StoreFile>[0];

/** Holds the files that came until all of the form is right: what is refused, and what the form does not ask for, is stored nowhere. */
const heldIn =
  (came: Map<unknown, Came>): StoreFile =>
  async (file) => {
    const held = { $file: '', name: file.name, type: file.type, size: file.bytes.length };
    came.set(held, file);
    return held;
  };

/** The item with its files stored; a file under the name of a field of another kind is none. */
async function storedItem(
  { fields }: FormParams,
  item: Readonly<Record<string, unknown>>,
  came: ReadonlyMap<unknown, Came>,
  store: StoreFile,
): Promise<Readonly<Record<string, unknown>>> {
  if (came.size === 0) return item;
  const ready = { ...item };
  for (const { name, kind } of fields) {
    const given = item[name];
    const stored = (file: Came) => (kind === 'file' ? store(file) : null);
    if (Array.isArray(given)) {
      const list: unknown[] = [...given];
      // A field may have millions of values beside its files: nothing is waited for but a file.
      for (const [at, one] of list.entries()) {
        const file = typeof one === 'object' ? came.get(one) : undefined;
        if (file) list[at] = await stored(file);
      }
      ready[name] = list;
    } else {
      const file = came.get(given);
      if (file) ready[name] = await stored(file);
    }
  }
  return ready;
}

/** What whoever sent a form is told: at once, or once its run has an answer. */
export async function formAnswer(
  server: Pick<HookServer, 'engine' | 'outcomes' | 'ledger'>,
  params: FormParams,
  { workspace, plan, response }: WhoWaits,
  accepted: Accepted,
): Promise<Written> {
  if (params.reply === 'now' || accepted.is === 'pending' || accepted.is === 'skipped')
    return html(200, thanksPage(params));
  const run =
    accepted.is === 'started'
      ? { workspace, run: accepted.actor.run, actor: accepted.actor }
      : { workspace, run: accepted.run };
  const want = params.reply === 'last' ? 'end' : 'reply';
  const withinMs = plan.settings.replyWithinMs;
  const coming = server.outcomes.of(run, { want, withinMs, signal: leftSignal(response) });
  return pageOnce({ ...server, workspace }, params, want, coming);
}

async function pageOnce(
  { engine, ledger, workspace }: Pick<HookServer, 'engine' | 'ledger'> & { readonly workspace: string },
  params: FormParams,
  want: Wanted,
  coming: Promise<Outcome | undefined>,
): Promise<Written> {
  const outcome = await coming;
  if (!outcome) return html(202, sentencePage(params.title, 'It has been sent and is being worked on.'));
  if (outcome.reply && want === 'reply') {
    const { hasOwnAddress } = engine.answers;
    return replyAnswer(outcome.reply, (hash) => ledger.blobs.readBytes(workspace, hash), hasOwnAddress);
  }
  if (outcome.ended?.status !== 'finished')
    return html(500, sentencePage(params.title, 'It was sent, but something went wrong while it was worked on.'));
  return want === 'end' ? html(200, outputPage(params, outcome.output ?? [])) : html(200, thanksPage(params));
}

/** The page that says why a form was refused. */
export function refused({ log }: Pick<HookServer, 'log'>, error: unknown): Written {
  const number = faultNumber();
  const { status, body, headers, isOurs } = answerError(
    error instanceof Refused ? appendRefusal(error) : error,
    number,
  );
  if (isOurs) log.error({ err: error, number }, 'our fault');
  return html(status, sentencePage(status === 404 ? 'Not found' : 'This did not work', body.error.message), headers);
}
