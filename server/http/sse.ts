import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isMember } from './caller.ts';
import type { Member } from './caller.ts';
import { identifiable } from './door.ts';
import { whenLeft } from './left-signal.ts';
import type { House } from './open-http.ts';
import { admitStill, unauthenticated } from './refusal.ts';
import type { OpenStream } from './streams.ts';
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
 * falls between the two; calls that come while it reads are one more read. Nothing is read while the reader is `behind`: what was read for him is
 * let go of, and read again when he is not.
 */
export async function* follow<F extends Numbered>(
  source: FactSource<F>,
  after: number,
  signal: AbortSignal,
  behind: () => Promise<unknown> | undefined = () => undefined,
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
      await behind();
      mayBeMore = false;
      for (const fact of await source.replay(last)) {
        if (fact.seq <= last) continue;
        last = fact.seq;
        mayBeMore = true; // a part may have been all that was read
        yield fact;
        if (source.isLast?.(fact)) return;
        if (behind()) break;
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
/** A reader that takes nothing of what waits for him is let go after so long. */
const patienceMs = 20_000;

/** A stream as its route declares it. */
interface Stream<F extends Numbered> {
  readonly role: Member['role'];
  /** Called once there is room for the stream: what is asked of the database before that is who calls, and nothing else. */
  readonly open: (caller: Member) => FactSource<F> | Promise<FactSource<F>>;
  readonly show: (fact: F) => unknown;
}

/**
 * Answers with server-sent events: `id` is the fact's number, `data` what `show` makes of it. A comment keeps proxies from closing. It ends
 * with an event `end` after the last fact, and without one when the caller may no longer read, the reader leaves or the server closes. 429 when
 * there are too many already. A slow reader holds the source back, not memory: a socket's buffer (64 kB) and one event wait for him, for 20 s;
 * then he is cut off, and goes on where he was when he comes back.
 */
export async function sendFacts<F extends Numbered>(
  request: FastifyRequest,
  reply: FastifyReply,
  house: House,
  { role, open, show }: Stream<F>,
): Promise<void> {
  const { caller } = request;
  if (!isMember(caller)) throw unauthenticated();
  const { raw } = reply;
  const gone = new AbortController();
  whenLeft(raw, () => gone.abort());
  const place = house.streams.enter(caller, raw);
  const source = await open(caller);
  reply.hijack();
  if (raw.destroyed) return;
  const signal = AbortSignal.any([gone.signal, house.closing]);
  begin(reply);
  const reader = readerOf(raw, place, signal);
  // Comments that wait say nothing.
  const beat = setInterval(() => void (reader.behind() ?? reader.send(': still here\n\n')), beatMs);
  const check = async () => admitStill(await house.identify(identifiable(request)), caller, role);
  try {
    for await (const fact of whileAdmitted(follow(source, lastSeen(request), signal, reader.behind), check)) {
      reader.send(`id: ${fact.seq}\ndata: ${JSON.stringify(show(fact))}\n\n`);
      if (source.isLast?.(fact)) reader.send('event: end\ndata: {}\n\n');
    }
  } catch (error) {
    if (!signal.aborted) house.log.error({ err: error }, 'a stream of events broke');
  } finally {
    clearInterval(beat);
    gone.abort();
    raw.end();
  }
}

function begin(reply: FastifyReply): void {
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200);
  reply.raw.flushHeaders();
}

/** Who takes what is sent, in his own time: `behind` is there while something waits for him, and resolves when he has taken it. */
function readerOf(raw: ServerResponse, place: OpenStream, signal: AbortSignal) {
  let taking: Promise<unknown> | undefined;
  let late: NodeJS.Timeout | undefined;
  const taken = () => {
    clearTimeout(late);
    late = undefined;
    taking = undefined;
    place.waits(0);
  };
  raw.on('drain', taken).once('close', taken);
  return {
    behind: () => taking,
    send(text: string): void {
      if (raw.destroyed || raw.write(text)) return;
      if (!place.waits(raw.writableLength)) raw.destroy();
      // Also of what waits after the last word: the place is held until it is taken.
      late ??= setTimeout(() => raw.destroy(), patienceMs);
      taking ??= once(raw, 'drain', { signal });
      taking.catch(() => undefined); // who waits for it is told
    },
  };
}
