import { Fault } from '../../flow/facts/faults.ts';
import type { ParamsElsewhere } from '../../nodes/kit/call.ts';
import type { Params } from '../../nodes/kit/prepare-params.ts';
import type { Call, Ready } from './carry-node.ts';

/** What the expressions in the params of one item came to, or what they threw. */
export type Filled = { readonly params: Params } | { readonly error: Fault };

/** What another process worked out: of the first of the items that were asked for, in their order; and how many random numbers were drawn until then. */
export interface FilledItems {
  readonly filled: readonly Filled[];
  readonly drawn: number;
}

/** Where params are worked out that take too long for this process (E4). */
export interface ParamsPool {
  /** Works out those of these items of a batch, one at least, as many as a moment allows. */
  readonly fill: (call: Call, ready: Ready, items: readonly number[]) => Promise<FilledItems>;
  /** Waits for that as for any answer from outside. */
  readonly away: <Value>(wait: () => Promise<Value>) => Promise<Value>;
}

/** So many items are sent at first, and four times as many each time that all were done in a moment. */
const sentAtFirst = 16;
const sentMost = 10_000;

/**
 * The params of one batch that are worked out elsewhere, in the order in which they are asked for: one job at a time, of the item that is needed and those
 * that will be needed next. A job for each would send the run's data again and again.
 */
export class ParamsAway implements ParamsElsewhere {
  isPreferred = false;
  /** The items that will be asked for, in order; all of the batch when left out. */
  order: readonly number[] | undefined;
  private readonly pool: ParamsPool;
  private readonly call: Call;
  private readonly ready: () => Ready;
  private readonly known = new Map<number, Filled>();
  private last: Promise<unknown> = Promise.resolve();
  private most = sentAtFirst;

  constructor(pool: ParamsPool, call: Call, ready: () => Ready) {
    this.pool = pool;
    this.call = call;
    this.ready = ready;
  }

  async of(index: number, isAlone: boolean): Promise<Params> {
    this.isPreferred = true;
    if (!this.known.has(index)) {
      await this.pool.away(() => this.inTurn(index, isAlone));
      this.call.budget.rested();
      await this.lookAgain();
    }
    const filled = this.known.get(index);
    if (!filled) throw new Error('params were not worked out');
    this.known.delete(index);
    if ('error' in filled) throw filled.error;
    return filled.params;
  }

  private inTurn(index: number, isAlone: boolean): Promise<void> {
    const own = this.last.then(async () => {
      if (!this.known.has(index)) await this.fill(isAlone ? [index] : this.next(index));
    });
    this.last = own.catch(() => undefined);
    return own;
  }

  /** An item and those that will be asked for after it. */
  private next(index: number): readonly number[] {
    const { batch } = this.ready();
    const count = batch.inputs[batch.first]?.length ?? 0;
    if (!this.order) return Array.from({ length: Math.min(this.most, count - index) }, (_, at) => index + at);
    const at = this.order.indexOf(index);
    return at < 0 ? [index] : this.order.slice(at, at + this.most);
  }

  private async fill(items: readonly number[]): Promise<void> {
    const { signal } = this.call.carriage;
    signal.throwIfAborted();
    this.call.budget.verify();
    const ready = this.ready();
    let answer: FilledItems;
    try {
      answer = await this.pool.fill(this.call, ready, items);
    } catch (error) {
      signal.throwIfAborted();
      // One of those after it may have ended the process: then it is tried by itself.
      if (items.length === 1 || !isDeath(error)) throw error;
      this.most = 1;
      return this.fill(items.slice(0, 1));
    }
    const { filled, drawn } = answer;
    ready.batch.scope.drawn = drawn;
    filled.forEach((one, at) => this.known.set(items[at]!, one));
    if (this.most > 1)
      this.most = filled.length < items.length ? Math.max(2, filled.length * 2) : Math.min(sentMost, this.most * 4);
  }

  /** What acts outside is looked at again once it goes on: the lease may have run out meanwhile. */
  private async lookAgain(): Promise<void> {
    const { carriage, node } = this.call;
    // Calls of a whole batch are looked at by their journal, one by one.
    if (node.effect !== 'effect' || node.mode !== 'each') return;
    await carriage.whenHeld();
    carriage.lastLook();
  }
}

/** A process that ended, and not the budget of the stage. */
const isDeath = (error: unknown): boolean => error instanceof Fault && error.code.startsWith('compute.');
