import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { whileAdmitted } from './while-admitted.ts';

/** A fact that a reader can come back to: numbers grow, without being dense. */
export interface Numbered {
  readonly seq: number;
}

/** Facts that are stored, and a word that there are more. */
export interface FactSource<F extends Numbered> {
  /** What is stored after a number, in order; it may give only a part. */
  replay(after: number): Promise<readonly F[]>;
  /** Calls back whenever there may be more; gives the way to stop. It tells nothing else, so a lost or doubled call does no harm. */
  subscribe(more: () => void): () => void;
  /** Whether this is the last fact there will ever be. */
  isLast?(fact: F): boolean;
}

/**
 * Every fact after `after`, each once and in order, until the last one or until `signal` ends. It subscribes before it first reads, so nothing
 * falls between the two; calls that come while it reads are one more read.
 */
export async function* follow<F extends Numbered>(
  source: FactSource<F>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<F> {
  let last = after;
  let mayBeMore = true;
  let wake = () => {};
  const unsubscribe = source.subscribe(() => {
    mayBeMore = true;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (!mayBeMore) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (mayBeMore || signal.aborted) resolve();
        });
        continue;
      }
      mayBeMore = false;
      for (const fact of await source.replay(last)) {
        if (fact.seq <= last) continue;
        last = fact.seq;
        mayBeMore = true; // a part may have been all that was read
        yield fact;
        if (source.isLast?.(fact)) return;
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}

/** The number after which a reader goes on: `Last-Event-ID` of a reconnecting EventSource, or `?after=`. 0 when there is none. */
export function lastSeen(request: FastifyRequest): number {
  const header = request.headers['last-event-id'];
  const query = request.query;
  const asked = header ?? (typeof query === 'object' && query !== null && 'after' in query ? query.after : undefined);
  const number = Number(asked ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

const beatMs = 15_000;

/**
 * Answers with server-sent events: `id` is the fact's number, `data` what `show` makes of it. A comment keeps proxies from closing. It ends
 * with an event `end` after the last fact, and without one when the caller may no longer read (`check` throws), the reader leaves or the
 * server closes. A slow reader holds the source back, not memory.
 */
export async function sendFacts<F extends Numbered>(
  request: FastifyRequest,
  reply: FastifyReply,
  source: FactSource<F>,
  options: {
    show: (fact: F) => unknown;
    /** Throws when the caller may no longer read; asked every 2.5 s. */
    check: () => Promise<unknown>;
    /** The server's closing. */
    signal: AbortSignal;
    log: { error(fields: object, sentence: string): void };
  },
): Promise<void> {
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, options.signal]);
  reply.hijack();
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200);
  reply.raw.flushHeaders();
  const beat = setInterval(() => void reply.raw.write(': still here\n\n'), beatMs);
  try {
    for await (const fact of whileAdmitted(follow(source, lastSeen(request), signal), options.check)) {
      const text = `id: ${fact.seq}\ndata: ${JSON.stringify(options.show(fact))}\n\n`;
      if (!reply.raw.write(text)) await once(reply.raw, 'drain', { signal });
      if (source.isLast?.(fact)) reply.raw.write('event: end\ndata: {}\n\n');
    }
  } catch (error) {
    if (!signal.aborted) options.log.error({ err: error }, 'a stream of events broke');
  } finally {
    clearInterval(beat);
    gone.abort();
    reply.raw.end();
  }
}
