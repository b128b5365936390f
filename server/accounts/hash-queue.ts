import { networkOf, placeOf } from '../http/place.ts';
import { tooMany } from '../http/too-many.ts';

/** A hash keeps one of the process's four threads busy for 0.1 s; files, names of hosts and compression wait for the same ones. */
const atOnce = 2;
/** Some second and a half of work. */
const waitingMost = 24;
const ofNetworkMost = 18;
const ofPlaceMost = 12;
/** Kept for people in browsers of theirs, of which strangers can make none: whoever has an account can make many, for that one person. */
const knownMost = 8;
const ofKnownMost = 2;

/** Whose password it is, as far as is known before it is looked at. */
export interface Asker {
  readonly ip: string;
  /** The person whose browser it is known to be. */
  readonly knownAs?: string | undefined;
}

/** Those who wait for the same turns, and those of them for whom somebody counts. */
interface Line {
  readonly waiting: (() => void)[];
  readonly most: number;
  readonly counts: ({ ip, knownAs }: Asker) => readonly (readonly [name: string, most: number])[];
}

/**
 * The work with passwords that a process does: two at once, and two short queues whose turns alternate, so that strangers, however many places they
 * have, do not keep out who is known. Of the strangers' one a place has half at most and a network three quarters.
 */
export class HashQueue {
  private running = 0;
  private readonly strangers: Line = {
    waiting: [],
    most: waitingMost,
    counts: ({ ip }) => [
      [`place ${placeOf(ip)}`, ofPlaceMost],
      [`network ${networkOf(ip)}`, ofNetworkMost],
    ],
  };
  private readonly known: Line = {
    waiting: [],
    most: knownMost,
    counts: ({ knownAs }) => [[`person ${knownAs}`, ofKnownMost]],
  };
  /** The line that comes next. */
  private turns: readonly [Line, Line] = [this.known, this.strangers];
  private readonly counted = new Map<string, number>();

  /** Does the work when its turn comes. Throws 429 with Retry-After, before anything is done, when there is no room for it. */
  async run<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    const line = asker.knownAs === undefined ? this.strangers : this.known;
    const counts = line.counts(asker);
    const isOver = counts.some(([name, most]) => (this.counted.get(name) ?? 0) >= most);
    if (isOver || line.waiting.length >= line.most) throw tooMany(2);
    for (const [name] of counts) this.count(name, 1);
    try {
      await this.turn(line);
      return await work();
    } finally {
      this.next();
      for (const [name] of counts) this.count(name, -1);
    }
  }

  private turn({ waiting }: Line): Promise<void> | undefined {
    if (this.running < atOnce) {
      this.running += 1;
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    return promise;
  }

  /** Hands the turn on. */
  private next(): void {
    const [one, other] = this.turns;
    this.turns = [other, one];
    const first = one.waiting.shift() ?? other.waiting.shift();
    if (first) first();
    else this.running -= 1;
  }

  private count(name: string, more: number): void {
    const now = (this.counted.get(name) ?? 0) + more;
    if (now > 0) this.counted.set(name, now);
    else this.counted.delete(name);
  }
}
