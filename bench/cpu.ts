import { processesBelow } from './resident.ts';
import type { Seen } from './resident.ts';

/** Processor time used so far, ms: of the product below `root`, and of the Postgres whose data lie below `home`. */
export interface Cpu {
  readonly server: number;
  readonly postgres: number;
}

export function cpuOf(root: number, home: string): Cpu {
  const postmaster = (one: Seen) => isPostgres(one) && one.command.some((word) => word.startsWith(home));
  const ours = processesBelow(({ pid }) => pid === root).filter((one) => !isPostgres(one));
  const sum = (all: readonly Seen[]) => all.reduce((total, { cpuMs }) => total + cpuMs, 0);
  return { server: sum(ours), postgres: sum(processesBelow(postmaster)) };
}

const isPostgres = ({ command }: Seen) => /postgres/.test(command[0] ?? '');

/**
 * Of each of so many calls between two readings, in hundredths of a millisecond. On a busy machine this says more than the rate: what else runs
 * takes turns from us, not our cycles.
 */
export function cpuEach(before: Cpu, after: Cpu, calls: number): Cpu {
  const each = (part: keyof Cpu) => Math.round(((after[part] - before[part]) / calls) * 100) / 100;
  return { server: each('server'), postgres: each('postgres') };
}
