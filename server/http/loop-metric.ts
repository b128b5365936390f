import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { processorMs } from '../processor-time.ts';

/** How often it is looked, in milliseconds: a turn of the event loop that is shorter is not told from its neighbours. */
const everyMs = 20;
/** A turn that works for longer is one in which everybody else waits, in milliseconds. */
const longMs = 250;
/** Of so much time the share of long turns is counted, in milliseconds. */
const windowMs = 5_000;
/** Over that share no new work is let in. */
const shareMost = 0.5;

/**
 * Counts the processor time of this thread between two looks, each of which is a turn of the event loop of its own: how long everybody else had to
 * wait because of what was done here. That a busy machine gave the thread no processor does not count; `nodejs_eventloop_lag` has that too.
 */
export class LoopHolds {
  private longest = 0;
  private before: number;
  private long: { readonly at: number; readonly worked: number }[] = [];
  private readonly worked: () => number;
  private readonly now: () => number;

  /** Both in milliseconds: the processor time of this thread, and a clock. */
  constructor(worked: () => number, now: () => number) {
    this.worked = worked;
    this.now = now;
    this.before = worked();
  }

  look(): void {
    const total = this.worked();
    const worked = total - this.before;
    this.before = total;
    this.longest = Math.max(this.longest, worked);
    if (worked <= longMs) return;
    const at = this.now();
    this.long = [...this.long.filter((turn) => turn.at > at - windowMs), { at, worked }];
  }

  /** A door opens: what was done before kept nobody waiting. */
  forget(): void {
    this.before = this.worked();
    this.long = [];
  }

  /** The longest turn since this was asked for, in milliseconds. */
  takeLongest(): number {
    const { longest } = this;
    this.longest = 0;
    return longest;
  }

  /** How much of the last five seconds was long turns, from 0 to 1. */
  get share(): number {
    const from = this.now() - windowMs;
    const sum = this.long.reduce((all, { at, worked }) => all + Math.max(0, Math.min(worked, at - from)), 0);
    return Math.min(1, sum / windowMs);
  }

  /** Whether half of the last five seconds or more was long turns: whoever comes from outside is told to wait. */
  get isHeld(): boolean {
    return this.share >= shareMost;
  }
}

let own: LoopHolds | undefined;

/** The holds of this process' event loop, of which there is one; looked at from the first time on that somebody asks. */
export function loopHolds(): LoopHolds {
  if (own) return own;
  const made = new LoopHolds(processorMs, () => performance.now());
  setInterval(() => made.look(), everyMs).unref();
  return (own = made);
}

/** Tells of them in the numbers of this process. */
export function countHolds(registry: Registry): void {
  const holds = loopHolds();
  holds.takeLongest();
  new Gauge({
    name: 'heddle_loop_held_seconds',
    help: 'The most processor time that the event loop worked without a pause since this was asked for.',
    registers: [registry],
    collect() {
      this.set(holds.takeLongest() / 1_000);
    },
  });
  new Gauge({
    name: 'heddle_loop_held_share',
    help: 'How much of the last 5 s the event loop worked for more than 250 ms without a pause; from 0.5 on new calls are answered with 429.',
    registers: [registry],
    collect() {
      this.set(holds.share);
    },
  });
}
