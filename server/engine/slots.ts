import { Shares } from './shares.ts';
import type { Claimant } from './shares.ts';

/** Somebody in the queue for a slot. */
export interface Waiter {
  readonly who: Claimant;
  readonly weight: number;
  /** Resolves when the slot is theirs, or they have left. */
  readonly granted: Promise<void>;
  readonly grant: () => void;
}

/** Those of one workspace that wait, in the order they came. */
interface Line {
  readonly realtime: Waiter[];
  readonly others: Waiter[];
}

/**
 * The right to compute, parted by `Shares`; with a queue for stages that come back from waiting and for those that lanes bring. A slot that is
 * given back goes to the workspace that holds the fewest, and among equals to whoever waits longest: nobody starves, because whoever is served
 * holds one more. Nobody in the queue could be served at this moment, so who takes one without waiting overtakes nobody.
 */
export class Slots {
  private readonly shares: Shares;
  private readonly lines = new Map<string, Line>();
  private arrivals = 0;
  private readonly arrived = new WeakMap<Waiter, number>();
  private count = 0;

  constructor(capacity: number) {
    this.shares = new Shares(capacity);
  }

  get used(): number {
    return this.shares.used;
  }

  get capacity(): number {
    return this.shares.capacity;
  }

  /** What one may want at most. */
  get share(): number {
    return this.shares.share;
  }

  /** How many wait. */
  get waiting(): number {
    return this.count;
  }

  usedBy(workspace: string): number {
    return this.shares.usedBy(workspace);
  }

  /** A slot now, or none. */
  take(who: Claimant, weight = 1): boolean {
    return this.shares.take(who, weight);
  }

  /** A slot, or so many, in turn: undefined when they are taken already. More than a share are never given. */
  queue(who: Claimant, weight = 1): Waiter | undefined {
    // Somebody who wants less would else go before those of the own workspace for ever.
    const isNext = weight === 1 || !this.lines.has(who.workspace);
    if (isNext && this.take(who, weight)) return undefined;
    const { promise: granted, resolve: grant } = Promise.withResolvers<void>();
    const waiter: Waiter = { who, weight, granted, grant };
    const line = this.lines.get(who.workspace) ?? { realtime: [], others: [] };
    this.lines.set(who.workspace, line);
    (who.lane === 'realtime' ? line.realtime : line.others).push(waiter);
    this.arrived.set(waiter, this.arrivals++);
    this.count++;
    return waiter;
  }

  /** Does the work with a slot, or so many, in turn. */
  async during<T>(who: Claimant, work: () => Promise<T>, weight = 1): Promise<T> {
    await this.queue(who, weight)?.granted;
    try {
      return await work();
    } finally {
      this.release(who, weight);
    }
  }

  release(who: Claimant, weight = 1): void {
    this.shares.release(who, weight);
    this.serve();
  }

  /** Waits no longer. False when the slot was granted before: it must be given back. */
  leave(waiter: Waiter): boolean {
    const line = this.lines.get(waiter.who.workspace);
    const places = line && (waiter.who.lane === 'realtime' ? line.realtime : line.others);
    const at = places?.indexOf(waiter) ?? -1;
    if (at < 0) return false;
    places?.splice(at, 1);
    this.gone(waiter);
    return true;
  }

  private serve(): void {
    while (this.count > 0) {
      const next = this.next();
      if (!next) return;
      this.shares.take(next.who, next.weight);
      const line = this.lines.get(next.who.workspace);
      (next.who.lane === 'realtime' ? line?.realtime : line?.others)?.shift();
      this.gone(next);
    }
  }

  private next(): Waiter | undefined {
    let best: Waiter | undefined;
    for (const { realtime, others } of this.lines.values())
      for (const first of [realtime[0], others[0]])
        if (first && this.shares.hasRoom(first.who, first.weight) && (!best || this.goesBefore(first, best)))
          best = first;
    return best;
  }

  private goesBefore(one: Waiter, other: Waiter): boolean {
    const [mine, theirs] = [this.usedBy(one.who.workspace), this.usedBy(other.who.workspace)];
    return mine === theirs ? this.arrivalOf(one) < this.arrivalOf(other) : mine < theirs;
  }

  private arrivalOf(waiter: Waiter): number {
    return this.arrived.get(waiter) ?? 0;
  }

  private gone(waiter: Waiter): void {
    this.count--;
    const line = this.lines.get(waiter.who.workspace);
    if (line && line.realtime.length + line.others.length === 0) this.lines.delete(waiter.who.workspace);
    waiter.grant();
  }
}
