import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pieceSize } from '../text/turns.ts';
import { usualPace } from './body/read-body.ts';
import type { Pace } from './body/read-body.ts';

/** How an answer is taken that waits for its reader: bytes when that began and at the last look, how many looks ago it began, and in how many nothing was. */
interface Taking {
  readonly from: number;
  last: number;
  looks: number;
  still: number;
}

/** What large answers that wait for their readers may hold together, in bytes. */
const usualMost = 256 * 1024 * 1024;

/**
 * Who reads answers, each in his own time. What he has not taken is in memory, with its connection, and nothing else is: the run is over. One who takes a
 * byte a second would hold it for ever: he has some seconds, and one more for each 32 kB, as who sends a body has, and is cut off when he takes nothing for
 * as long. Looks are counted, and not the clock: while this process is busy nobody can take anything.
 */
export class Readers {
  private readonly open = new Set<ServerResponse>();
  private readonly taking = new Map<ServerResponse, Taking>();
  private readonly large = new Map<ServerResponse, number>();
  private readonly pace: Pace;
  private readonly most: number;
  private held = 0;
  private looks: NodeJS.Timeout | undefined;

  constructor({ pace = usualPace, most = usualMost }: { pace?: Pace; most?: number } = {}) {
    this.pace = pace;
    this.most = most;
  }

  /** Bytes of large answers that wait. */
  get waiting(): number {
    return this.held;
  }

  /** Looks after an answer until it is taken. */
  watch(response: ServerResponse): void {
    this.open.add(response);
    response.once('close', () => this.leave(response));
    this.looks ??= setInterval(() => this.look(), this.pace.lookEveryMs).unref();
  }

  /** Room for a large answer until it is taken: whoever takes slowest makes it. False when nobody is slow, and there is none. */
  enter(response: ServerResponse, bytes: number): boolean {
    while (this.held + bytes > this.most) {
      const slowest = this.slowest();
      if (!slowest) return false;
      this.cut(slowest);
    }
    this.held += bytes;
    this.large.set(response, bytes);
    response.once('close', () => this.leave(response));
    return true;
  }

  private leave(response: ServerResponse): void {
    this.open.delete(response);
    this.taking.delete(response);
    this.held -= this.large.get(response) ?? 0;
    this.large.delete(response);
  }

  private cut(response: ServerResponse): void {
    this.leave(response);
    response.destroy();
  }

  private slowest(): ServerResponse | undefined {
    const paceOf = (response: ServerResponse) => {
      const { from = 0, last = 0, looks = 0 } = this.taking.get(response) ?? {};
      return looks === 0 ? undefined : (last - from) / looks;
    };
    const slow = [...this.large.keys()].flatMap((response) => {
      const pace = paceOf(response);
      return pace === undefined ? [] : [{ response, pace }];
    });
    return slow.toSorted((a, b) => a.pace - b.pace)[0]?.response;
  }

  private look(): void {
    if (this.open.size === 0) {
      clearInterval(this.looks);
      this.looks = undefined;
    }
    for (const response of this.open) if (this.isSlow(response)) this.cut(response);
  }

  private isSlow(response: ServerResponse): boolean {
    const { socket } = response;
    if (!socket || socket.writableLength === 0) {
      this.taking.delete(response);
      return false;
    }
    const taken = socket.bytesWritten - socket.writableLength;
    const known = this.taking.get(response);
    if (!known) {
      this.taking.set(response, { from: taken, last: taken, looks: 0, still: 0 });
      return false;
    }
    const { graceMs, bytesPerSecond, lookEveryMs } = this.pace;
    known.looks++;
    known.still = taken > known.last ? 0 : known.still + 1;
    known.last = taken;
    const lateMs = known.looks * lookEveryMs - graceMs;
    return known.still * lookEveryMs >= graceMs || (taken - known.from) * 1000 < lateMs * bytesPerSecond;
  }
}

/** The readers of this process. */
export const readers = new Readers();

/** Bytes in pieces, to be written each when the one before was taken: of what is written at once nobody can see how far it is. */
export const inPieces = (bytes: Uint8Array): Readable =>
  Readable.from(
    (function* () {
      for (let from = 0; from < bytes.length; from += pieceSize) yield bytes.subarray(from, from + pieceSize);
    })(),
  );

/** Sends a large body, and ends the answer; its head is written. Resolves when it is taken, or its reader is gone. */
export const sendInPieces = (response: ServerResponse, bytes: Uint8Array): Promise<void> =>
  pipeline(inPieces(bytes), response).catch(() => undefined);
