import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '../refusal.ts';
import { BodyRoom, bodyRoom, countedFrom } from './body-room.ts';
import type { Held, Sender } from './body-room.ts';
import { Gathered } from '../../text/gathered.ts';

/** A request as far as its body goes. */
export type BodySource = Readable & { readonly headers: IncomingHttpHeaders };

/**
 * How slowly a body may come: it has some seconds, and one more for each 32 kB. A large one, for which others wait, brings a tenth of that in two looks
 * as well: it cannot come fast and then stay.
 */
export interface Pace {
  readonly graceMs: number;
  readonly bytesPerSecond: number;
  readonly lookEveryMs: number;
}

/** What the bodies of one kind of door may have. */
export interface BodyCaps {
  /** Bytes of one. */
  readonly most: number;
  /** Of all large ones together. */
  readonly room: BodyRoom;
}

/** Caps for bodies of up to `most` bytes; some four of the largest are read at once. */
export const bodyCaps = (most: number): BodyCaps => ({
  most,
  room: new BodyRoom(Math.max(64 * 1024 * 1024, 4 * most)),
});

/** How slowly bodies may come, and answers may be taken. */
export const usualPace: Pace = { graceMs: 20_000, bytesPerSecond: 32 * 1024, lookEveryMs: 5_000 };

/**
 * Reads a request's body whole and gives it to `use`; until that is done its bytes count among those of all large bodies. Refused: 413 as
 * soon as it is known to be larger than `most`, 429 when there is no room for more, 408 when it comes too slowly, 400 when it breaks off.
 */
export async function withBody<T>(
  request: BodySource,
  most: number,
  use: (bytes: Buffer) => Promise<T> | T,
  { room = bodyRoom, pace = usualPace, sender }: { room?: BodyRoom; pace?: Pace; sender?: Sender } = {},
): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  if (request.headers['content-length'] === '0' || hasNoBody(request)) return use(empty);
  const held = room.enter(sender);
  try {
    return await use(await read(request, most, held, pace));
  } finally {
    held.letGo();
  }
}

function read(request: BodySource, most: number, held: Held, pace: Pace): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const said = request.headers['content-length'];
    const gathered = new Gathered(said === undefined ? most : Number(said));
    const began = performance.now();
    const stop = (error: unknown) => {
      clearInterval(looks);
      request.off('data', take);
      request.pause();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const take = (chunk: Buffer) => {
      const size = gathered.size + chunk.length;
      if (size > most) return stop(tooLarge(most));
      try {
        held.grow(size);
      } catch (error) {
        return stop(error);
      }
      gathered.add(chunk);
    };
    const stalls = stallsAt(pace);
    const looks = setInterval(() => {
      const late = performance.now() - began - pace.graceMs;
      const isSlow = late > 0 && gathered.size < (late / 1000) * pace.bytesPerSecond;
      if (stalls(gathered.size) || isSlow) stop(tooSlow());
    }, pace.lookEveryMs);
    looks.unref();
    request.on('data', take);
    request.once('end', () => {
      clearInterval(looks);
      resolve(gathered.bytes);
    });
    const broken = () => stop(new Refusal(400, 'body-broken', 'The body broke off.'));
    request.once('error', broken);
    request.once('aborted', broken);
  });
}

/** Asked at each look: whether a large body brought too little since the look before the last. One look says nothing: the process may have been busy. */
function stallsAt({ bytesPerSecond, lookEveryMs }: Pace): (size: number) => boolean {
  const least = (bytesPerSecond / 10) * (lookEveryMs / 1000);
  let last = 0;
  let slowLooks = 0;
  return (size) => {
    slowLooks = size > countedFrom && size - last < least ? slowLooks + 1 : 0;
    last = size;
    return slowLooks >= 2;
  };
}

const empty = Buffer.alloc(0);

const hasNoBody = ({ headers }: BodySource) =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

const closing = { headers: { connection: 'close' } };

const tooLarge = (most: number) =>
  new Refusal(413, 'too-large', 'The body is larger than is accepted here.', {
    mend: `Send ${most < 1024 * 1024 ? `${Math.floor(most / 1024)} kB` : `${Math.floor(most / 1024 / 1024)} MB`} at most.`,
    ...closing,
  });

const tooSlow = () =>
  new Refusal(408, 'body-slow', 'The body comes too slowly.', {
    mend: 'Send it over a faster connection.',
    ...closing,
  });
