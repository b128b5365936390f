import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { contained, userNumber } from './contain.ts';

/** How a child is started: arguments of Node, the program among them, and what the system holds it to. */
export interface Launch {
  readonly args: readonly string[];
  /** Another program than Node. */
  readonly program?: string;
  /** Whether it runs what people wrote, and stands in all the walls that this machine has (`contain.ts`). */
  readonly isContained?: boolean;
  /** Addresses that it may map, in MB; left out where the program asks for more than it uses. */
  readonly addressMb?: number;
  /** Processor seconds in all its life. */
  readonly cpuSeconds: number;
}

/** A child with its three pipes. */
export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The user that a child becomes once it is loaded: one that owns nothing when we are root, else empty, for it stays who we are. */
export const userOfChild = (): string => String(userNumber() ?? '');

/**
 * Starts Node with no environment, children of its own or working folder, in a process group of its own so that all of it can be killed. The limits
 * of the system are second lines of defence, for when the parent's clock and the child's own guards are not there: addresses, processor seconds
 * above those of any job (only an orphan gets there), 64 files, no core dump. A platform without one goes without.
 */
export function launchChild({
  args,
  program = process.execPath,
  isContained = false,
  addressMb,
  cpuSeconds,
}: Launch): Child {
  const isWindows = process.platform === 'win32';
  const addresses = addressMb === undefined ? '' : `ulimit -v ${addressMb * 1024};`;
  const limits = `{ ${addresses} ulimit -t ${cpuSeconds}; ulimit -n 64; ulimit -c 0; } 2>/dev/null; exec "$0" "$@"`;
  const inner = isContained ? contained(program, args) : { command: program, args, filter: undefined };
  const [command, all] = isWindows
    ? [inner.command, inner.args]
    : ['/bin/sh', ['-c', limits, inner.command, ...inner.args]];
  const env = { TZ: 'UTC', ...(isWindows && { SystemRoot: process.env.SystemRoot }) };
  try {
    const child = spawn(command, all, {
      env,
      cwd: isWindows ? undefined : '/',
      detached: !isWindows,
      stdio: ['pipe', 'pipe', 'pipe', ...(inner.filter === undefined ? [] : [inner.filter])],
    });
    // Its first three are pipes; the type does not see past a fourth.
    return child as Child;
  } finally {
    if (inner.filter !== undefined) closeSync(inner.filter);
  }
}

/** Kills a child with everything it may have started. */
export function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
