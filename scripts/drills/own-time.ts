import { readFileSync } from 'node:fs';

/** How long something took, in milliseconds. */
export interface Took {
  /** By the clock. */
  readonly clock: number;
  /** Of processor, by the processes that did it. */
  readonly own: number;
  /** By the clock, but for what others had of the machine meanwhile, and no less than `own`: on an idle machine that is about the clock. */
  readonly alone: number;
}

/** Begins to measure what some processes do; `pids` names them, those that came since among them. Linux. */
export function measured(pids: () => readonly number[]): () => Took {
  const before = { clock: performance.now(), own: ofProcesses(pids()), machine: ofMachine() };
  return () => {
    const clock = performance.now() - before.clock;
    const own = ofProcesses(pids()) - before.own;
    const others = ofMachine() - before.machine - own;
    return { clock, own, alone: Math.max(own, clock - Math.max(0, others)) };
  };
}

/** The kernel tells processor time in hundredths of a second. */
const tickMs = 10;

/** What processes, and their children that have ended, had so far. */
function ofProcesses(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // From the third field on: user, system, and those of ended children are the 14th to the 17th.
      return sum(
        stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .slice(11, 15),
      );
    } catch {
      return 0; // it ended while we looked
    }
  });
  return ticks.reduce((all, one) => all + one, 0) * tickMs;
}

/** What everybody had so far: user, nice, system, interrupts of both kinds and what other machines on the same hardware took; not idle nor waiting for a disk. */
function ofMachine(): number {
  const [, user, nice, system, , , hard, soft, steal] = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/);
  return sum([user, nice, system, hard, soft, steal]) * tickMs;
}

const sum = (fields: readonly (string | undefined)[]) => fields.reduce((all, one) => all + Number(one), 0);
