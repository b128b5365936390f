import { quote } from '../../flow/document/quote.ts';
import type { HttpPower, HttpReply } from '../../nodes/kit/powers.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import type { OwnCalls } from '../engine/own-calls.ts';
import { contentTypeOf } from '../text/content-type.ts';
import { declaredIn } from '../text/declared-charset.ts';
import { decodeInTurns, Undecodable } from '../text/decode-text.ts';
import { Turns } from '../text/turns.ts';
import { readingOf } from '../text/reading.ts';
import type { CleanText } from '../text/reading.ts';
import type { GrantedRun, GrantsOf } from './grants.ts';
import type { HttpClient, IncomingReply } from '../wire/http-client.ts';
import { openFor } from './known-secrets.ts';
import type { LendingWallet } from './known-secrets.ts';
import { applyCredential } from './lend-credential.ts';
import type { Applied } from './lend-credential.ts';
import type { Origins } from './origins.ts';
import type { AnswerRooms } from './answer-rooms.ts';
import { patiently } from './patient.ts';
import { leftOut } from '../wire/request-headers.ts';
import { Download } from './download.ts';
import type { Downloads } from './download.ts';
import { cleanError } from './redaction/clean-error.ts';
import type { Redactor } from './redaction/redactor.ts';

/** What HTTP is lent with. */
export interface HttpLenders {
  readonly http: Pick<HttpClient, 'send'>;
  readonly wallet: LendingWallet;
  /** Whose turn it is to call a service. */
  readonly origins: Origins;
  /** Where answers are while they are read. */
  readonly answers: AnswerRooms;
  readonly grantsOf: GrantsOf;
  /** Calls to ourselves. */
  readonly ownCalls: Pick<OwnCalls, 'mark'>;
  /** Further `host:port` pairs that a workspace may call. */
  readonly allowed: (workspace: string) => readonly string[];
}

const defaultTimeoutMs = 30_000;

/**
 * HTTP for one node of one run: what the version was granted, with the credential that it names, and what comes back without any secret of
 * the run's (E21, E31).
 */
export function httpPower(
  lenders: HttpLenders,
  run: GrantedRun & { readonly run: string },
  request: PowerRequest,
  downloads: Downloads,
): HttpPower {
  const { key } = request.node;
  return {
    send: async (asked) => {
      const {
        timeoutMs = defaultTimeoutMs,
        credential,
        mayLeaveHost = false,
        becomes,
        becomesAtAnyStatus: anyStatus = false,
        ...outgoing
      } = asked;
      const { signal } = request;
      await using download = new Download(downloads);
      const file = becomes && { becomes, anyStatus, into: download.into };
      for (const name of leftOut(asked.headers ?? {}))
        request.log('warn', `The header ${quote(name)} belongs to the connection and was not sent.`);
      const grant = await patiently(() => lenders.grantsOf(run), signal);
      grant.power(key, 'http');
      if (credential !== undefined) grant.credential(key, credential);
      const { lent, redact } = await patiently(() => openFor(lenders.wallet, run, grant, credential), signal);
      const who = { workspace: run.workspace, lane: run.state().started?.lane ?? ('background' as const) };
      const send = (applied: Applied, leftMs: number) =>
        lenders.http.send({
          ...outgoing,
          ...applied,
          file,
          timeoutMs: leftMs,
          signal,
          room: lenders.answers.of(who),
          beforeFirstByte: request.lastLook,
          workspaceAllow: lenders.allowed(run.workspace),
          marks: (url) => lenders.ownCalls.mark(url, run.run, run.state().started),
          refusal: (url, isLed) => {
            const words = grant.refusal(key, url);
            return words === undefined
              ? undefined
              : { words, unlessPublic: isLed && mayLeaveHost && grant.mayBeLed(key) };
          },
        });
      return await withoutSecrets(
        redact,
        async () => {
          const applied = lent ? applyCredential(lent, asked.url) : { url: asked.url, secretHeaders: {} };
          const reply = await lenders.origins.inTurn(applied.url, { ...who, timeoutMs, signal }, (leftMs) =>
            send(applied, leftMs),
          );
          // Our own address came back as it was sent; the author's has no credential in it.
          return { ...reply, url: reply.url === applied.url ? asked.url : reply.url };
        },
        (reply) => replyOf(reply, { redact, download, request }),
      );
    },
  };
}

/** The one way back from the far side: whatever it says, and whatever is said of it, has no secret in it. */
async function withoutSecrets(
  redact: Redactor | undefined,
  ask: () => Promise<IncomingReply>,
  read: (reply: IncomingReply) => Promise<HttpReply>,
): Promise<HttpReply> {
  try {
    return await read(await ask());
  } catch (error) {
    throw redact ? cleanError(error, redact) : error;
  }
}

async function replyOf(
  { status, headers, url, body }: IncomingReply,
  { redact, download, request }: { redact: Redactor | undefined; download: Download; request: PowerRequest },
): Promise<HttpReply> {
  const lines = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const stored = await download.stored(redact, status);
  const clean: CleanText = async (text, encoding) => {
    const cleaned = redact ? await redact.decoded(text, encoding) : text;
    // It was read in turns: others had theirs meanwhile.
    request.answered();
    return cleaned;
  };
  if (!redact) {
    const read = { status, headers: lines, url, bytes: body, stored };
    return { ...read, ...readingOf(read, request.log, clean) };
  }
  const came = { headers: redact.value(lines), bytes: await redact.bytes(body) };
  const read = { status, url: redact.words(url), stored, ...(await cleanAsText(came, redact)) };
  return { ...read, ...readingOf(read, request.log, clean) };
}

type Kept = Pick<HttpReply, 'headers' | 'bytes'>;

/** An answer whose encoding hides a secret from whoever looks at its bytes is UTF-8 from here on: the journal keeps it, and reads it anew. */
async function cleanAsText({ headers, bytes }: Kept, redact: Redactor): Promise<Kept> {
  const { type, charset } = contentTypeOf(headers['content-type']);
  if (/^utf-?8$/i.test(charset ?? 'utf-8') && declaredIn(bytes) === undefined) return { headers, bytes };
  try {
    const { text, encoding } = await decodeInTurns(bytes, { charset }, new Turns());
    const clean = await redact.decoded(text, encoding);
    if (clean === text) return { headers, bytes };
    return {
      headers: { ...headers, 'content-type': `${type || 'text/plain'}; charset=utf-8` },
      bytes: new Uint8Array(Buffer.from(clean)),
    };
  } catch (error) {
    if (error instanceof Undecodable) return { headers, bytes };
    throw error;
  }
}
