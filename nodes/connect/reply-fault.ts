import { DateTime } from 'luxon';
import { Fault } from '../../flow/facts/faults.ts';
import type { FaultRecord } from '../../flow/facts/fact.ts';
import { longestDuration } from '../../flow/document/duration.ts';
import { longestRetryAfter } from '../../flow/facts/retry.ts';
import type { HttpReply } from '../kit/powers.ts';

/**
 * The fault of a complete answer with an error status. `done` (SAFETY 1.2): a 4xx says that nothing was done, save those that
 * servers also send for what they did; 429 and 503 with Retry-After say so too; any other complete answer is a known failure.
 */
export async function statusFault(
  { method, url }: { method: string; url: string },
  reply: HttpReply,
  now: number,
): Promise<Fault> {
  const retryAfterMs = retryAfter(reply, now);
  const opening = await reply.opening();
  return new Fault(
    'http.status',
    `${method} ${withoutQuery(url)} answered ${reply.status}${asked(retryAfterMs)}${excerpt(opening)}`,
    {
      mend: isTooLong(retryAfterMs) ? tooLongMend : mendOf(reply.status),
      done: doneOf(reply.status, retryAfterMs !== undefined),
      details: { status: reply.status, body: opening.slice(0, 2_000) },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function doneOf(status: number, saysWhen: boolean): FaultRecord['done'] {
  if (saysWhen && (status === 429 || status === 503)) return 'no';
  return status < 500 && ![408, 409, 425, 429].includes(status) ? 'no' : 'yes';
}

const mendOf = (status: number): string => {
  if (status === 401 || status === 403) return 'Check the connection: its secret, and what it is allowed to do.';
  if (status === 404) return 'Check the URL: the service has nothing there.';
  if (status === 429) return 'Send fewer requests at a time, or set retries.';
  if (status < 500) return 'Check what is sent against what the service expects; its response says why.';
  return 'The service failed. Set retries if sending again is safe.';
};

/** An address as it may be shown: queries carry keys. */
export const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

function excerpt(opening: string): string {
  const text = opening.replace(/\s+/g, ' ').trim();
  if (text === '' || text.startsWith('<')) return '.';
  return `: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}

const isTooLong = (retryAfterMs: number | undefined): retryAfterMs is number =>
  retryAfterMs !== undefined && retryAfterMs > longestRetryAfter;

/** What somebody must know of a wait that no try follows. */
function asked(retryAfterMs: number | undefined): string {
  if (!isTooLong(retryAfterMs)) return '';
  const hours = Math.ceil(retryAfterMs / 3_600_000);
  return `, and asks to be called again in ${hours < 72 ? `${hours} h` : `${Math.ceil(hours / 24)} days`}`;
}

const tooLongMend = 'Retries wait for an hour at most when a service asks for it: start the run again later.';

/** Milliseconds that the Retry-After header asks for; seconds or a date (RFC 9110 10.2.3). */
function retryAfter(reply: HttpReply, now: number): number | undefined {
  const value = reply.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const until = DateTime.fromHTTP(value);
  // The service's own clock, where it says what that is: the two may differ.
  const sent = DateTime.fromHTTP(reply.headers['date'] ?? '');
  const wait = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : until.isValid
      ? until.toMillis() - (sent.isValid ? sent.toMillis() : now)
      : undefined;
  return wait === undefined ? undefined : Math.min(Math.max(wait, 0), longestDuration);
}
