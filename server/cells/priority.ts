import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const ours = getPriority();
const behind = Math.min(constants.priority.PRIORITY_LOW, ours + constants.priority.PRIORITY_BELOW_NORMAL);
/** Who has computed for so long lets everything else go first: the server, its database and other people's short work. */
const longMs = 250;

/** When a child goes behind everything else that wants a processor: while a job of it is long, or for good. */
export class Priority {
  private readonly pid: () => number | undefined;
  private isBehind = false;
  private yields = false;

  constructor(pid: () => number | undefined) {
    this.pid = pid;
  }

  /** A job begins; the timer is to be cleared at its end. */
  watch(): NodeJS.Timeout {
    return setTimeout(() => this.set(behind), longMs);
  }

  /** Behind everything, for good. */
  yieldToAll(): void {
    this.yields = true;
    this.set(constants.priority.PRIORITY_LOW);
  }

  /** The next job begins as every other; false where that may not be: who may not raise a priority, as all but root, goes on with a fresh child. */
  comeForward(): boolean {
    return !this.isBehind || this.yields || this.set(ours);
  }

  /** False when it could not be set. */
  private set(priority: number): boolean {
    try {
      const pid = this.pid();
      if (pid === undefined || (this.yields && priority < constants.priority.PRIORITY_LOW)) return false;
      for (const thread of threadsOf(pid)) setPriority(thread, priority);
      this.isBehind = priority > ours;
      return true;
    } catch {
      // It is gone already, and the run will say so; or that is not ours to do.
      return false;
    }
  }
}

/** On Linux each thread has a priority of its own, and what takes long need not run in the first one. */
function threadsOf(pid: number): number[] {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid];
}
