import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const low = constants.priority.PRIORITY_LOW;
/** Who has computed for so long, in milliseconds of processor, lets everything else go first: the server, its database and other people's short work. */
const longMs = 250;
const soonestMs = 50;
/** Linux takes one group's priority in a tenth of a second from who is not root. */
const groupAgainMs = 150;

/** A priority of the threads, and of the group that they are in: the nice values of Linux. */
interface Nice {
  readonly threads: number;
  readonly group: number;
}

const ours: Nice = { threads: getPriority(), group: groupOf('self') ?? 0 };
const below = (nice: number) => Math.min(low, nice + constants.priority.PRIORITY_BELOW_NORMAL);
const behind: Nice = { threads: below(ours.threads), group: below(ours.group) };
/** A group at the very end gets one of 70 parts where another computes, and starting a child, 70 ms of a processor, would take longer than it may. */
const last: Nice = { threads: low, group: behind.group };

/** When a child goes behind everything else that wants a processor: while a job of it is long, or for good. */
export class Priority {
  private readonly pid: () => number | undefined;
  private is = ours;
  private groupTimer: NodeJS.Timeout | undefined;

  constructor(pid: () => number | undefined) {
    this.pid = pid;
  }

  /** A job begins; what is returned is to be called at its end. */
  watch(): () => void {
    const before = this.worked();
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      const left = longMs - (this.worked() - before);
      if (left <= 0) this.set(behind);
      else timer = setTimeout(look, Math.max(left, soonestMs));
    };
    timer = setTimeout(look, longMs);
    return () => clearTimeout(timer);
  }

  /** Behind everything, for good. */
  yieldToAll(): void {
    this.set(last);
  }

  /** The next job begins as every other; false where that may not be: who may not raise a priority, as all but root, goes on with a fresh child. */
  comeForward(): boolean {
    return this.is === ours || this.is === last || this.set(ours);
  }

  /** What it has computed, in milliseconds: by the clock, a short job on a busy machine would be taken for a long one, and wait all the longer. */
  worked(): number {
    return workedMs(this.pid()) ?? performance.now();
  }

  /** False when it could not be set. */
  private set(nice: Nice): boolean {
    const pid = this.pid();
    if (pid === undefined || this.is === last) return false;
    try {
      for (const thread of threadsOf(pid)) setPriority(thread, nice.threads);
      this.is = nice;
      this.setGroup(pid);
      return true;
    } catch {
      // It is gone already, and the run will say so; or that is not ours to do.
      return false;
    }
  }

  /**
   * Where a kernel parts the processors among sessions first (`sched_autogroup_enabled`, as Debian and Ubuntu do), a thread's priority counts among those of its own
   * session alone, and a child is a session of its own: two loops of which one is nice by 19 take a half each. The group's priority counts.
   */
  private setGroup(pid: number): void {
    clearTimeout(this.groupTimer);
    try {
      if (groupOf(pid) !== undefined) writeFileSync(`/proc/${pid}/autogroup`, String(this.is.group));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN')
        this.groupTimer = setTimeout(() => this.setGroup(pid), groupAgainMs).unref();
    }
  }
}

/** The priority of the group that a process is in; undefined where there are no such groups. */
function groupOf(pid: number | 'self'): number | undefined {
  try {
    const nice = /nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8'))?.[1];
    return nice === undefined ? undefined : Number(nice);
  } catch {
    return undefined;
  }
}

/** Linux counts processor time in hundredths of a second for programs, whatever it does itself. */
const tickMs = 10;

/** The processor time of all threads of a process; undefined where nobody tells. */
function workedMs(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * tickMs;
  } catch {
    return undefined;
  }
}

/** On Linux each thread has a priority of its own, and what takes long need not run in the first one. */
function threadsOf(pid: number): number[] {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid];
}
