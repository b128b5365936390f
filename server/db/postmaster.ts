import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pidExists } from './process-mark.ts';

/** A Postgres that is really there, whatever state it is in. */
export interface Postmaster {
  pid: number;
  port: number;
  state: 'ready' | 'starting' | 'stopping';
}

/**
 * The Postgres that runs on `data`, by its postmaster.pid (pid, folder, start, port, socket, address, memory, state: a line each).
 * A file left behind by a machine that died may name a process of someone else's: that counts as none.
 */
export function findPostmaster(data: string): Postmaster | undefined {
  const lines = readLock(data);
  if (!lines) return undefined;
  const [pid, port, state] = [Number(lines[0]), Number(lines[3]), lines[7]?.trim()];
  if (!pidExists(pid) || !runsPostgres(pid)) return undefined;
  return { pid, port, state: state === 'ready' || state === 'stopping' ? state : 'starting' };
}

/**
 * Takes away a lock file whose pid belongs to no Postgres but exists, be it as another program or as a dead process that nobody reaps:
 * Postgres would take it for a living one and refuse to start. Where the pid is free, Postgres looks for orphans by itself and knows better.
 */
export function dropDeadLock(data: string): void {
  const pid = Number(readLock(data)?.[0]);
  if (pidExists(pid) && !runsPostgres(pid)) rmSync(lockOf(data), { force: true });
}

const lockOf = (data: string) => path.join(data, 'postmaster.pid');

function readLock(data: string): string[] | undefined {
  try {
    return readFileSync(lockOf(data), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

function runsPostgres(pid: number): boolean {
  if (process.platform === 'win32') return true;
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return command.includes('postgres');
  } catch {
    return false;
  }
}
