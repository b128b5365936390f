import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { atOnceMost, pieceSize } from '../text/turns.ts';
import { whenLeft } from './left-signal.ts';
import { usualPace } from './body/read-body.ts';
import type { Pace } from './body/read-body.ts';
import { tooMany } from './too-many.ts';

/** How an answer is taken that waits for its reader: bytes when that began and at the last look, how many looks ago it began, and in how many nothing was. */
interface Taking {
  readonly from: number;
  last: number;
  looks: number;
  still: number;
}

/** What large answers that are made, or wait for their readers, may hold together, in bytes. */
const usualMost = 256 * 1024 * 1024;

/** An answer that is to be made waits for room for so many looks. */
const patience = 2;

/** Whose room a large answer takes, and what resolves when it is made. */
interface Holder {
  readonly workspace?: string | undefined;
  readonly made?: Promise<void>;
}

/** An answer that waits for room, for so many looks by now. */
interface Waiting {
  readonly response: ServerResponse;
  readonly workspace: string | undefined;
  looks: number;
  /** Takes room where there is some; the other has others make it. */
  takes(): boolean;
  enters(): boolean;
  resolve(isIn: boolean): void;
}

/** What a large answer holds, and of whom; what is still being made holds it also when its reader has gone. */
interface Place extends Holder {
  readonly bytes: number;
}

/**
 * Who reads answers, each in his own time. What he has not taken is in memory, with its connection, and nothing else is: the run is over. One who takes a
 * byte a second would hold it for ever: he has some seconds, and one more for each 32 kB, as who sends a body has, and is cut off when he takes nothing for
 * as long. Looks are counted, and not the clock: while this process is busy nobody can take anything.
 */
export class Readers {
  private readonly open = new Set<ServerResponse>();
  private readonly taking = new Map<ServerResponse, Taking>();
  private readonly large = new Map<ServerResponse, Place>();
  private readonly pace: Pace;
  private readonly most: number;
  /** What a workspace may have of it. */
  private readonly share: number;
  private held = 0;
  private readonly heldBy = new Map<string | undefined, number>();
  private looks: NodeJS.Timeout | undefined;
  private readonly queue: Waiting[] = [];

  constructor({ pace = usualPace, most = usualMost }: { pace?: Pace; most?: number } = {}) {
    this.pace = pace;
    this.most = most;
    this.share = (most * 3) / 4;
  }

  /** Bytes that large answers hold. */
  get waiting(): number {
    return this.held;
  }

  /** Looks after an answer until it is taken, or its reader is gone. */
  watch(response: ServerResponse): void {
    if (this.open.has(response)) return;
    this.open.add(response);
    whenLeft(response, () => this.leave(response));
    this.looks ??= setInterval(() => this.look(), this.pace.lookEveryMs).unref();
  }

  /**
   * Room for a large answer until it is taken: whoever takes slowest makes it, of the same workspace where that has three quarters already. False when nobody is
   * slow, and there is none. A giant counts as these three quarters, or it would never have its turn.
   */
  enter(response: ServerResponse, bytes: number, holder: Holder = {}): boolean {
    if (response.destroyed) return false;
    const place = this.placeOf(bytes, holder);
    while (!this.hasRoom(place)) {
      const slowest = this.slowest(this.hasShare(place) ? undefined : place.workspace);
      if (!slowest) return false;
      this.cut(slowest);
    }
    this.take(response, place);
    return true;
  }

  /**
   * The same for an answer that is not made yet. It waits for its turn, so that who asks for much at once gets one after the other, and only who waited for
   * long has others cut off. What is still being made for a reader who has gone holds its room until it is `made`.
   */
  async turn(response: ServerResponse, bytes: number, holder: Holder): Promise<boolean> {
    const place = this.placeOf(bytes, holder);
    const isNext = this.queue.every(({ workspace }) => workspace !== place.workspace);
    if (isNext && !response.destroyed && this.hasRoom(place)) {
      this.take(response, place);
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const enters = () => this.enter(response, bytes, holder);
    const takes = () => this.hasRoom(place) && this.enter(response, bytes, holder);
    this.queue.push({ response, workspace: place.workspace, looks: 0, takes, enters, resolve });
    this.watch(response);
    return promise;
  }

  private ends(one: Waiting, isIn: boolean): void {
    const at = this.queue.indexOf(one);
    if (at !== -1) this.queue.splice(at, 1);
    one.resolve(isIn);
  }

  /** Lets in who waits, in order; who waits for room of his workspace keeps no other waiting. */
  private admit(): void {
    const full = new Set<string | undefined>();
    for (const one of this.queue.slice()) {
      if (full.has(one.workspace)) continue;
      if (one.takes()) this.ends(one, true);
      else full.add(one.workspace);
    }
  }

  private placeOf(bytes: number, holder: Holder): Place {
    return { ...holder, bytes: Math.min(bytes, this.share) };
  }

  private hasShare({ bytes, workspace }: Place): boolean {
    return workspace === undefined || (this.heldBy.get(workspace) ?? 0) + bytes <= this.share;
  }

  private hasRoom(place: Place): boolean {
    return this.hasShare(place) && this.held + place.bytes <= this.most;
  }

  private take(response: ServerResponse, place: Place): void {
    this.drop(response);
    this.hold(place);
    this.large.set(response, place);
    this.watch(response);
  }

  /** Whether there is room for an answer already. */
  has(response: ServerResponse): boolean {
    return this.large.has(response);
  }

  private hold({ bytes, workspace }: Place): void {
    this.held += bytes;
    const now = (this.heldBy.get(workspace) ?? 0) + bytes;
    if (now > 0) this.heldBy.set(workspace, now);
    else this.heldBy.delete(workspace);
  }

  private drop(response: ServerResponse): boolean {
    const place = this.large.get(response);
    if (place) this.hold({ ...place, bytes: -place.bytes });
    return this.large.delete(response);
  }

  private leave(response: ServerResponse): void {
    this.open.delete(response);
    this.taking.delete(response);
    const waiting = this.queue.find((one) => one.response === response);
    if (waiting) this.ends(waiting, false);
    const place = this.large.get(response);
    if (place) void Promise.resolve(place.made).then(() => this.drop(response) && this.admit());
  }

  private cut(response: ServerResponse): void {
    this.leave(response);
    this.drop(response);
    response.destroy();
    // What waits behind another answer has no connection of its own to close.
    response.req.socket.destroy();
  }

  private slowest(workspace?: string): ServerResponse | undefined {
    const paceOf = (response: ServerResponse) => {
      // Behind another, nothing of it can be taken.
      if (!response.socket && response.headersSent) return 0;
      const { from = 0, last = 0, looks = 0 } = this.taking.get(response) ?? {};
      return looks === 0 ? undefined : (last - from) / looks;
    };
    const slow = [...this.large].flatMap(([response, place]) => {
      const pace = workspace === undefined || place.workspace === workspace ? paceOf(response) : undefined;
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
    this.admit();
    for (const one of this.queue.slice()) if (++one.looks > patience) this.ends(one, one.enters());
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

/** Waits for room in this process for what an answer will hold, in bytes, until it is taken; asked before it is read, with nothing in hand. Throws 429 when there is none for long. */
export type MakeRoom = (bytes: number) => Promise<void>;

/** About what JSON of so many bytes holds once it is read: its text, and what that is parsed into. */
export const weightOfJson = (bytes: number): number => 3 * bytes;

/** The room of one answer that is not made yet. What is short takes none: how many connections there are bounds that. */
export const roomFor =
  (response: ServerResponse, holder: Holder): MakeRoom =>
  async (bytes) => {
    if (bytes > atOnceMost && !(await readers.turn(response, bytes, holder))) throw tooMany(10);
  };

/** Takes room for an answer that is made, unless it has some; throws 429 when there is none. */
export function enterMade(response: ServerResponse, bytes: number, workspace: string | undefined): void {
  if (!readers.has(response) && !readers.enter(response, bytes, { workspace })) throw tooMany(10);
}

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
