import { readFileSync } from 'node:fs';

/**
 * A process as others can recognise it: `<pid> <start>`. Pids are used again, so on Linux the mark carries the kernel's start time
 * (field 22 of /proc/PID/stat, clock ticks since boot); elsewhere the pid must do.
 */
export const ownMark = `${process.pid} ${startOf(process.pid) ?? ''}`;

/** Whether the process that wrote this mark is still there; a mark that is no mark counts as gone. */
export function isAlive(mark: string): boolean {
  const [pid, start = ''] = mark.trim().split(' ');
  return pidExists(Number(pid)) && startOf(Number(pid)) === start;
}

/** Whether some process has this pid, ours or another user's, be it one that is dead and waits for its parent to notice. */
export function pidExists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Undefined for the dead: a killed process keeps its pid until someone reaps it, which in a container without an init is never. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may itself hold spaces and parentheses: count from its last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
