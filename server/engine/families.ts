import { LRUCache } from 'lru-cache';

/** Counts runs below a root, atomically among all processes: false, and nothing counted, when they would be more than `most`. */
export type CountFamily = (root: string, more: number, counted: { atLeast: number; most: number }) => Promise<boolean>;

/** So many of a root are started without asking the database: nearly every run has fewer. */
const freeMost = 500;

/**
 * How many runs a run may start, directly or not, so that one that calls itself for four items is stopped and not the machine. A process counts
 * what it starts itself; from five hundred on the database counts for all. Each other process may then have started as many uncounted, no more.
 */
export class Families {
  private readonly count: CountFamily;
  /** How many at most. */
  readonly most: number;
  private readonly started = new LRUCache<string, number>({ max: 20_000 });

  constructor(count: CountFamily, most: number) {
    this.count = count;
    this.most = most;
  }

  /** False when they may not be started. */
  async take(root: string, more: number): Promise<boolean> {
    const before = this.started.get(root) ?? 0;
    if (before + more > this.most) return false;
    this.started.set(root, before + more);
    if (before + more <= Math.min(freeMost, this.most)) return true;
    const isCounted = await this.count(root, more, { atLeast: before, most: this.most });
    if (!isCounted) this.giveBack(root, more);
    return isCounted;
  }

  /** Some were there already: an earlier attempt at the same call had started them. Only this process counts them less. */
  giveBack(root: string, less: number): void {
    this.started.set(root, Math.max(0, (this.started.get(root) ?? 0) - less));
  }
}
