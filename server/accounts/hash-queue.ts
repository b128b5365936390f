import { tooMany } from '../http/too-many.ts';

/** A hash keeps one of the process's four threads busy for 0.1 s; files, names of hosts and compression wait for the same ones. */
const atOnce = 2;
/** Some two seconds of work. */
const waitingMost = 32;
const ofPlaceMost = 16;

/** The work with passwords that a process does: two at once, a short queue, and of that half at most for one place. */
export class HashQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly ofPlaces = new Map<string, number>();

  /** Does the work when its turn comes. Throws 429 with Retry-After, before anything is done, when there is no room for it. */
  async run<T>(place: string, work: () => Promise<T>): Promise<T> {
    const ofPlace = this.ofPlaces.get(place) ?? 0;
    if (this.waiting.length >= waitingMost || ofPlace >= ofPlaceMost) throw tooMany(2);
    this.ofPlaces.set(place, ofPlace + 1);
    try {
      await this.turn();
      return await work();
    } finally {
      this.next();
      const left = (this.ofPlaces.get(place) ?? 0) - 1;
      if (left > 0) this.ofPlaces.set(place, left);
      else this.ofPlaces.delete(place);
    }
  }

  private turn(): Promise<void> | undefined {
    if (this.running < atOnce) {
      this.running += 1;
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push(resolve);
    return promise;
  }

  /** Hands the turn on. */
  private next(): void {
    const first = this.waiting.shift();
    if (first) first();
    else this.running -= 1;
  }
}
