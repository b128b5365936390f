import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process this is, beyond doubt: where its number means something, its number, and when it began. Two containers, or two machines with the
 * same name, both have a process 7; a number is given out again after a restart.
 */
export interface Who {
  /** The boot of this machine and the process namespace; where the system tells neither, its name. */
  readonly place: string;
  readonly pid: number;
  /** When the process began, in ticks since the boot; empty where the system does not tell. */
  readonly began: string;
}

/** This process. */
export const whoAmI = (): Who => ({ place: place(), pid: process.pid, began: beganAt(process.pid) ?? '' });

/** Whether a process of this place is certainly no more: no process has its number, or one that began at another time. */
export function isGone({ pid, began }: Pick<Who, 'pid' | 'began'>): boolean {
  if (!exists(pid)) return true;
  const now = beganAt(pid);
  return began !== '' && now !== undefined && now !== began;
}

function place(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${process.platform}/${hostname()}`;
  }
}

/** The 22nd field of `/proc/PID/stat`; the second, a name in brackets, may hold spaces. Source: proc_pid_stat(5). */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** One that is not ours to signal exists. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
