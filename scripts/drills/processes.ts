import { readdirSync, readFileSync } from 'node:fs';

/** A process as the system lists it. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process that lives; dead ones that nobody has buried yet are left out. Linux. */
export function listProcesses(): Listed[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // it ended while we looked
      }
    });
}

/** A process and all that come from it. */
export function treeOf(pid: number, among: readonly Listed[] = listProcesses()): number[] {
  const children = among.filter(({ parent }) => parent === pid);
  return [pid, ...children.flatMap((child) => treeOf(child.pid, among))];
}

/** Sends a signal to each that is still there. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it was quicker
    }
  }
}

/** Whether a process lives. */
export const lives = (pid: number): boolean => listProcesses().some((one) => one.pid === pid);
