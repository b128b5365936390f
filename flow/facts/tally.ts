import type { ItemState } from './state.ts';

/** How the items of a node stand, all in all: what would else be counted anew for each of 100,000 items, at each of their facts. */
export interface Tally {
  readonly answered: number;
  /** Items that may go on now: on their way, to be sent again, or settled as failed. */
  readonly open: number;
  /** Items in doubt, in the order in which they came to be. */
  readonly doubts: ReadonlySet<number>;
  /** The earliest moment at which an item is tried again; undefined when none waits for one. */
  dueAt(): number | undefined;
}

/**
 * Kept beside the items and not among them: it follows from them, is never stored, and two states are equal whether it was asked for or not.
 * Whoever changes items that are being folded does so by `putItem`.
 */
const tallies = new WeakMap<ReadonlyMap<number, ItemState>, Counted>();

/** The tally of some items: counted when it is first asked for, kept up to date from then on. */
export function tallyOf(items: ReadonlyMap<number, ItemState>): Tally {
  const known = tallies.get(items);
  if (known) return known;
  const counted = new Counted();
  for (const [index, item] of items) counted.move(index, undefined, item);
  tallies.set(items, counted);
  return counted;
}

/** Sets how an item stands. */
export function putItem(items: Map<number, ItemState>, index: number, item: ItemState): void {
  tallies.get(items)?.move(index, items.get(index), item);
  items.set(index, item);
}

class Counted implements Tally {
  answered = 0;
  open = 0;
  readonly doubts = new Set<number>();
  private readonly retries = new Map<number, number>();
  private readonly due = new Heap();

  move(index: number, was: ItemState | undefined, is: ItemState): void {
    if (was) this.count(index, was, -1);
    this.count(index, is, 1);
  }

  dueAt(): number | undefined {
    // What was tried since, or is due at another time by now, is left where it stands until it comes up.
    for (let top = this.due.top; top; top = this.due.top) {
      if (this.retries.get(top.index) === top.at) return top.at;
      this.due.pop();
    }
    return undefined;
  }

  private count(index: number, { state, retryAt = 0 }: ItemState, by: 1 | -1): void {
    if (state === 'answered') this.answered += by;
    else if (state === 'in-doubt') {
      if (by > 0) this.doubts.add(index);
      else this.doubts.delete(index);
    } else if (state !== 'retrying') this.open += by;
    else if (by < 0) this.retries.delete(index);
    else {
      this.retries.set(index, retryAt);
      this.due.push({ at: retryAt, index });
    }
  }
}

interface Due {
  readonly at: number;
  readonly index: number;
}

/** A binary heap, the earliest on top. Source: Knuth, The Art of Computer Programming, 5.2.3. */
class Heap {
  private readonly all: Due[] = [];

  get top(): Due | undefined {
    return this.all[0];
  }

  push(due: Due): void {
    const { all } = this;
    let at = all.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const above = all[(at - 1) >> 1]!;
      if (above.at <= due.at) break;
      all[at] = above;
    }
    all[at] = due;
  }

  pop(): void {
    const { all } = this;
    const last = all.pop();
    if (!last || all.length === 0) return;
    let at = 0;
    for (let child = 1; child < all.length; child = 2 * at + 1) {
      if (child + 1 < all.length && all[child + 1]!.at < all[child]!.at) child++;
      if (all[child]!.at >= last.at) break;
      all[at] = all[child]!;
      at = child;
    }
    all[at] = last;
  }
}
