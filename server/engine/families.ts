import { LRUCache } from 'lru-cache';
import type { CountFamily, FamilyCount } from '../journal/family.ts';

/** What a run and those that it starts, directly or not, may come to together, and how deep they may call each other. */
export interface FamilyLimits extends FamilyCount {
  readonly depth: number;
}

/** What holds unless the operator says otherwise. */
export const usualFamily: FamilyLimits = { runs: 10_000, items: 1_000_000, depth: 16 };

/** So much of a root is started without asking the database: nearly every run has less. */
const free: FamilyCount = { runs: 500, items: 50_000 };
const none: FamilyCount = { runs: 0, items: 0 };

/**
 * How much a run may start, directly or not, so that one that calls itself for four items is stopped and not the machine. A process counts what it
 * starts itself; from five hundred runs or fifty thousand items on the database counts for all. Each other process may then have started as much
 * uncounted, no more.
 */
export class Families {
  private readonly count: CountFamily;
  readonly most: FamilyLimits;
  private readonly started = new LRUCache<string, FamilyCount>({ max: 20_000 });

  constructor(count: CountFamily, most: FamilyLimits) {
    this.count = count;
    this.most = most;
  }

  /** Gives what there would be too many of when they may not be started. */
  async take(root: string, more: FamilyCount): Promise<keyof FamilyCount | undefined> {
    const { most } = this;
    const before = this.started.get(root) ?? none;
    const after = sum(before, more);
    const here = passed(after, most);
    if (here) return here;
    this.started.set(root, after);
    if (!passed(after, free)) return undefined;
    const over = await this.count(root, more, { atLeast: before, most });
    if (over) this.giveBack(root, more);
    return over;
  }

  /** They were counted already: an earlier attempt at the same call had begun to start them, here or in another process. */
  async takenBefore(root: string, more: FamilyCount): Promise<void> {
    const wasAsked = passed(this.started.get(root) ?? none, free);
    this.giveBack(root, more);
    if (wasAsked) await this.count(root, { runs: -more.runs, items: -more.items }, { atLeast: none, most: this.most });
  }

  /** They were not started after all. Only this process counts them less. */
  giveBack(root: string, less: FamilyCount): void {
    const { runs, items } = this.started.get(root) ?? none;
    this.started.set(root, { runs: Math.max(0, runs - less.runs), items: Math.max(0, items - less.items) });
  }
}

const sum = (a: FamilyCount, b: FamilyCount): FamilyCount => ({ runs: a.runs + b.runs, items: a.items + b.items });

const passed = (count: FamilyCount, most: FamilyCount): keyof FamilyCount | undefined =>
  count.runs > most.runs ? 'runs' : count.items > most.items ? 'items' : undefined;
