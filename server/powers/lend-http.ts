import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { HttpPower, HttpReply, HttpRequest } from '../../nodes/kit/powers.ts';
import type { Wallet } from '../credentials/wallet.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import { readingOf } from '../text/reading.ts';
import type { GrantedRun, GrantsOf } from './grants.ts';
import type { HttpClient, IncomingReply } from '../wire/http-client.ts';
import { applyCredential, secretsOf } from './lend-credential.ts';
import type { Applied } from './lend-credential.ts';
import type { Origins } from './origins.ts';
import type { AnswerRooms } from './answer-rooms.ts';
import { patiently } from './patient.ts';
import { leftOut } from '../wire/request-headers.ts';
import { redactor } from './redact.ts';
import type { Redactor } from './redact.ts';

/** What HTTP is lent with. */
export interface HttpLenders {
  readonly http: Pick<HttpClient, 'send'>;
  readonly wallet: Pick<Wallet, 'open'>;
  /** Whose turn it is to call a service. */
  readonly origins: Origins;
  /** Where answers are while they are read. */
  readonly answers: AnswerRooms;
  readonly grantsOf: GrantsOf;
  /** Further `host:port` pairs that a workspace may call. */
  readonly allowed: (workspace: string) => readonly string[];
}

const defaultTimeoutMs = 30_000;

/**
 * HTTP for one node of one run: what the version was granted, with the credential that it names, and what comes back without any secret of
 * the run's (E21, E31).
 */
export function httpPower(lenders: HttpLenders, run: GrantedRun, request: PowerRequest): HttpPower {
  const { key } = request.node;
  return {
    send: async (asked) => {
      const { timeoutMs = defaultTimeoutMs, credential, mayLeaveHost = false, ...outgoing } = asked;
      const { signal } = request;
      for (const name of leftOut(asked.headers ?? {}))
        request.log('warn', `The header ${quote(name)} belongs to the connection and was not sent.`);
      const grant = await patiently(() => lenders.grantsOf(run), signal);
      grant.power(key, 'http');
      if (credential !== undefined) grant.credential(key, credential);
      const { applied, redact } = await patiently(
        () => prove(lenders.wallet, run.workspace, asked, grant.credentials),
        signal,
      );
      const who = { workspace: run.workspace, lane: run.state().started?.lane ?? ('background' as const) };
      const send = (leftMs: number) =>
        lenders.http.send({
          ...outgoing,
          ...applied,
          timeoutMs: leftMs,
          signal,
          room: lenders.answers.of(who),
          beforeFirstByte: request.lastLook,
          workspaceAllow: lenders.allowed(run.workspace),
          refusal: (url, isLed) => {
            const words = grant.refusal(key, url);
            return words === undefined
              ? undefined
              : { words, unlessPublic: isLed && mayLeaveHost && grant.mayBeLed(key) };
          },
        });
      const reply = await lenders.origins.inTurn(applied.url, { ...who, timeoutMs, signal }, send);
      // Our own address came back as it was sent; the author's has no credential in it.
      const url = reply.url === applied.url ? asked.url : reply.url;
      return replyOf({ ...reply, url }, redact, request.log);
    },
  };
}

/** The request with its credential, and a redactor that knows every secret that this run may be lent: another node may ask the same far side. */
async function prove(
  wallet: HttpLenders['wallet'],
  workspace: string,
  { url, credential }: HttpRequest,
  named: readonly string[],
): Promise<{ applied: Applied; redact: Redactor | undefined }> {
  const plain: Applied = { url, secretHeaders: {} };
  if (credential === undefined && named.length === 0) return { applied: plain, redact: undefined };
  const found = await wallet.open(workspace, [
    ...new Set([...named, ...(credential === undefined ? [] : [credential])]),
  ]);
  const redact = redactor([...found.values()].flatMap(secretsOf));
  if (credential === undefined) return { applied: plain, redact };
  const lent = found.get(credential);
  if (lent) return { applied: applyCredential(lent, url), redact };
  throw new Fault('credential.missing', `The connection ${quote(credential)} is not in this workspace.`, {
    mend: 'Add it under Connections, or choose another.',
    done: 'no',
  });
}

function replyOf(reply: IncomingReply, redact: Redactor | undefined, log: PowerRequest['log']): HttpReply {
  const clean = redact ?? ((text: string) => text);
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [
      name,
      clean(Array.isArray(value) ? value.join(', ') : value),
    ]),
  );
  const bytes = redact ? redact.bytes(reply.body) : reply.body;
  const url = clean(reply.url);
  const read = { status: reply.status, headers, url, bytes };
  return { ...read, ...readingOf(read, log) };
}
