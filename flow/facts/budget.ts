import { Fault } from './faults.ts';

/** What one stage may use in all, whatever nodes and expressions it is made of. */
export interface BudgetLimits {
  /** Of processor time, in milliseconds; over it is a fault. */
  readonly ms: number;
  /** Of processor time without a pause, in milliseconds; over it, work that may leave this process does. Left out: none leaves. */
  readonly stretchMs?: number | undefined;
  /** The same of work that may not leave, in milliseconds; over it is a fault. Left out: no such bound. */
  readonly stayMs?: number | undefined;
  /** Of texts and data that are made; a character counts as a byte. */
  readonly bytes: number;
  /** That nodes make; those that only pass through do not count. */
  readonly items: number;
}

/** What was used so far of what is limited. */
export type Used = Readonly<Record<'ms' | 'bytes' | 'items', number>>;

/**
 * What work throws that takes longer than it may here and can be done elsewhere. It is no failure: neither nodes nor expressions nor onError
 * catch it, and what threw it has changed nothing.
 */
export class TooLong extends Error {
  constructor() {
    super('This takes longer than it may in this process.');
    this.name = 'TooLong';
  }
}

/** The fault of a stage that used more than its budget; it stays over whatever catches it. */
export class OverBudget extends Fault {
  readonly limit: keyof Used;

  constructor(limit: keyof Used, { ms, bytes, items }: BudgetLimits) {
    const most = {
      ms: `took more than ${ms / 1_000} s of processor time`,
      bytes: `made more than ${Math.round(bytes / 1024 / 1024)} MB of data`,
      items: `made more than ${items.toLocaleString('en')} items`,
    }[limit];
    super('stage.limit', `This node, with those that run together with it, ${most}.`, {
      mend: `${mends[limit]} Work on fewer or smaller items at a time, or split the work among several runs.`,
      done: 'no',
    });
    this.limit = limit;
  }
}

const mends = {
  ms: 'Let its expressions, patterns or rules do less.',
  bytes: 'Keep less text in each item.',
  items: 'Filter or aggregate earlier.',
} as const;

/** Tells what ends work because of its budget, which nothing that the work is made of may swallow. */
export const isOverBudget = (thrown: unknown): boolean => thrown instanceof TooLong || thrown instanceof OverBudget;

/** The clock is looked at after so many steps, some 0.2 ms: a look costs half a microsecond. */
const stepsAtOnce = 4_096;
/** A step is about this long. Source: `limits.steps` of expressions. */
const stepsPerMs = 20_000;
/** Characters of JSON that are read or printed in the time of a step. */
const jsonAStep = 4;
/** What goes item by item lets others have their turn after so long. */
const pauseMs = 8;
/** What cannot be interrupted may begin when it is over within so many stretches. */
const stretchesAhead = 2.5;

/**
 * The budget of one stage (E4). Who allocates, loops or parses tells it; what is over is thrown from there, and again at each further word, so that a
 * budget stays spent. The clock, in milliseconds of this thread's processor time, is lent: nothing here tells time by itself.
 */
export class Budget {
  readonly limits: BudgetLimits;
  /** What was thrown, if anything was. A result that was made in spite of it does not count. */
  over: TooLong | OverBudget | undefined;
  readonly #clock: () => number;
  #how: 'may-leave' | 'stays' | 'elsewhere' = 'elsewhere';
  #steps = 0;
  #lookAt = stepsAtOnce;
  #seen: number | undefined;
  #stretch = 0;
  #ms = 0;
  #bytes = 0;
  #items = 0;

  constructor(limits: BudgetLimits, clock: () => number) {
    this.limits = limits;
    this.#clock = clock;
  }

  /** A node begins, which may leave this process, may not (it asks for powers), or is where it holds nobody up. */
  begins(how: 'may-leave' | 'stays' | 'elsewhere'): void {
    this.#how = how;
    if (this.over instanceof TooLong) {
      this.over = undefined;
      this.#lookAt = stepsAtOnce;
    }
    this.rested();
  }

  /**
   * Works something out within a node that stays and that somebody else can work out: throws `TooLong` when it takes longer than it may here, after
   * which it is as if it had not been begun.
   */
  orElsewhere<Value>(work: () => Value): Value {
    const how = this.#how;
    const { bytes, items } = this.used();
    if (how === 'stays') this.#how = 'may-leave';
    try {
      const made = work();
      this.verify();
      return made;
    } catch (error) {
      const { over } = this;
      if (!(over instanceof TooLong)) throw error;
      this.backTo({ bytes, items });
      this.begins('stays');
      throw over;
    } finally {
      this.#how = how;
    }
  }

  /** Others had their turn: a new stretch begins with what is done next. */
  rested(): void {
    this.#steps = 0;
    this.#seen = undefined;
    this.#stretch = 0;
  }

  /** Steps were taken, of about 50 ns each. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps >= this.#lookAt) this.#check(0);
  }

  /** Something begins that takes about so many steps and cannot be interrupted; throws instead when that is too long. */
  about(steps: number): void {
    if (steps < this.#lookAt) this.spend(steps);
    else this.#check(steps / stepsPerMs);
  }

  /** JSON of about so many characters is about to be read or printed, which cannot be interrupted. */
  aboutJson(characters: number): void {
    this.about(characters / jsonAStep);
  }

  /** Text or data of so many bytes was made, or is about to be. */
  makes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.bytes) this.#fail('bytes');
  }

  /** Items were made. */
  items(count: number): void {
    this.#items += count;
    if (this.#items > this.limits.items) this.#fail('items');
  }

  /** Between two items: whether others should have their turn now. Throws nothing, for a pause spares leaving. */
  isDue(): boolean {
    this.#steps += stepsAnItem;
    // What an item did may have been looked at meanwhile.
    if (this.#steps >= this.#lookAt) this.#look();
    return this.#stretch >= pauseMs;
  }

  /** Throws what ended the work, if something did and was swallowed on its way. */
  verify(): void {
    if (this.over) throw this.over;
  }

  /** What was used so far. */
  used(): Used {
    return { ms: this.#ms, bytes: this.#bytes, items: this.#items };
  }

  /** What is left of it, for who goes on elsewhere. */
  left(): BudgetLimits {
    const { ms, bytes, items } = this.limits;
    return {
      ms: Math.max(0, ms - this.#ms),
      bytes: Math.max(0, bytes - this.#bytes),
      items: Math.max(0, items - this.#items),
    };
  }

  /** What was used elsewhere for this stage counts as if it had been used here; what is over is thrown, and was spent. */
  charge({ ms, bytes, items }: Used): void {
    this.rested();
    this.#ms += ms;
    this.#bytes += bytes;
    this.#items += items;
    for (const limit of ['ms', 'bytes', 'items'] as const)
      if (this.used()[limit] > this.limits[limit]) this.#fail(limit);
  }

  /** Gives back what was made since then, because it was thrown away; the time is gone. */
  backTo({ bytes, items }: Pick<Used, 'bytes' | 'items'>): void {
    this.#bytes = bytes;
    this.#items = items;
  }

  #look(): void {
    const now = this.#clock();
    const worked = this.#seen === undefined ? 0 : now - this.#seen;
    this.#seen = now;
    this.#steps = 0;
    this.#stretch += worked;
    this.#ms += worked;
  }

  #check(aheadMs: number): void {
    this.verify();
    this.#look();
    if (this.#ms + aheadMs > this.limits.ms) this.#fail('ms');
    const { stretchMs, stayMs } = this.limits;
    if (this.#how === 'stays' && stayMs !== undefined && this.#stretch > stayMs) this.#fail('ms', stayMs);
    if (this.#how !== 'may-leave' || stretchMs === undefined) return;
    if (this.#stretch > stretchMs || this.#stretch + aheadMs > stretchMs * stretchesAhead) this.#end(new TooLong());
  }

  #fail(limit: keyof Used, ms = this.limits.ms): never {
    return this.#end(this.over instanceof OverBudget ? this.over : new OverBudget(limit, { ...this.limits, ms }));
  }

  #end(over: TooLong | OverBudget): never {
    this.over = over;
    // From now on each word is looked at.
    this.#lookAt = 0;
    throw over;
  }
}

/** What calling a node for one item costs beside what it does. */
const stepsAnItem = 64;
