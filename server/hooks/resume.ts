import type { IncomingMessage } from 'node:http';
import type { Sql } from 'postgres';
import { answerError } from '../http/answer-error.ts';
import { faultNumber } from '../http/fault-number.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { openLinkedRuns, placeOfToken } from '../runs/call-link.ts';
import type { LinkedRuns, LinkPlace } from '../runs/call-link.ts';
import type { ServeRaw } from './annex.ts';
import { asksPage, formPolicy, sentencePage } from './form-page.ts';
import { queryFields } from '../http/body/form-fields.ts';
import { parseBody } from '../http/body/parse-body.ts';
import type { StoreFile } from '../http/body/parse-body.ts';
import { withBody } from '../http/body/read-body.ts';
import type { RedactorOf } from '../powers/known-secrets.ts';
import type { HookServer } from './serve-hook.ts';
import { shownHeaders } from './shown-headers.ts';
import { jsonAnswer, writeAnswer } from './write-reply.ts';
import type { Written } from './write-reply.ts';

/** What links are served with. */
export type ResumeServer = Pick<HookServer, 'engine' | 'ledger' | 'log' | 'sentFrom'> & {
  readonly sql: Sql;
  readonly redactorOf: RedactorOf;
};

type Served = ResumeServer & { readonly linked: LinkedRuns };

/** What comes by a link becomes the items of its node. */
const bodyMost = 1024 * 1024;
const calls = ['POST', 'PUT', 'PATCH'];
const allow = ['GET', 'HEAD', ...calls].join(', ');

/**
 * Serves `/resume/<token>`, the link by which a waiting node is called (E13). Only POST, PUT and PATCH call it. Mail programs and chats open the
 * links that they show, some before their reader does: so GET and HEAD change nothing, and show a person a page with one button that sends a
 * POST with whatever stands behind the link's question mark. Never rejects.
 */
export function resumeServer(given: ResumeServer): ServeRaw {
  const server: Served = { ...given, linked: openLinkedRuns(given.engine) };
  return async (request, response) => {
    const isHead = request.method === 'HEAD';
    const isPage = /\btext\/html\b/.test(request.headers.accept ?? '');
    try {
      writeAnswer(response, await answer(server, request, isPage), isHead);
    } catch (error) {
      const unread: Record<string, string> = request.complete ? {} : { connection: 'close' };
      writeAnswer(response, refused(server, error, isPage, unread), isHead);
    }
  };
}

async function answer(server: Served, request: IncomingMessage, isPage: boolean): Promise<Written> {
  const url = new URL(request.url ?? '', 'http://here');
  const token = /^\/resume\/([\w-]{22})\/?$/.exec(url.pathname)?.[1];
  if (token === undefined) throw notFound('link');
  const { method = 'GET' } = request;
  if (method !== 'GET' && method !== 'HEAD' && !calls.includes(method))
    throw new Refusal(405, 'method', 'A link is opened, or called by POST.', { headers: { allow } });
  const place = await placeOfToken(server.sql, token);
  await server.linked.mayBeCalled(place);
  if (!calls.includes(method))
    return isPage ? html(200, asksPage()) : jsonAnswer(200, { waiting: true, mend: 'Send a POST to go on.' });
  await server.linked.call(place, await read(server, place, request, url));
  return isPage
    ? html(200, sentencePage('Thank you', 'It goes on now. You can close this page.'))
    : jsonAnswer(200, { runId: place.run });
}

/** A call of the far side's may say what it was sent, as its answer may: the same is taken out of it, before it is read. */
async function read(server: Served, place: LinkPlace, request: IncomingMessage, url: URL) {
  const { linked, ledger, redactorOf, sentFrom } = server;
  const { workspace, run } = place;
  const actor = await linked.find(place);
  const redact = await redactorOf({ workspace, plan: actor.plan, state: () => actor.state });
  const store: StoreFile = async ({ name, type, bytes }) => ({
    $file: await ledger.blobs.writeBytes(workspace, run, bytes),
    name,
    type,
    size: bytes.length,
  });
  const head = { type: request.headers['content-type'] };
  const parse = async (bytes: Buffer) =>
    parseBody(redact ? Buffer.from(await redact.bytes(bytes)) : bytes, head, store);
  const sender = { workspace, door: run, address: sentFrom(request) };
  const { value } = await withBody(request, bodyMost, parse, { sender });
  const headers = shownHeaders(request.headers, cookies);
  const search = url.search.slice(1);
  return {
    method: request.method ?? 'POST',
    headers: redact ? redact.value(headers) : headers,
    query: queryFields(redact ? redact(search) : search).all,
    // Once more as it was read: in another encoding, letters of a secret beyond ASCII stand for other bytes.
    body: redact ? await redact.valueInTurns(value) : value,
  };
}

const cookies: ReadonlySet<string> = new Set(['cookie', 'authorization']);

const html = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Written => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': formPolicy,
    'x-robots-tag': 'noindex',
    ...headers,
  },
  body,
});

function refused(
  { log }: ResumeServer,
  error: unknown,
  isPage: boolean,
  unread: Readonly<Record<string, string>>,
): Written {
  const number = faultNumber();
  const { status, body, headers, isOurs } = answerError(error, number);
  if (isOurs) log.error({ err: error, number }, 'our fault');
  if (!isPage) return jsonAnswer(status, body, { ...headers, ...unread });
  return html(status, sentencePage('This did not work', body.error.message), { ...headers, ...unread });
}
