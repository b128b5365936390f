import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../root.ts';

/** What Node is started with to run a program: where the project's set-up has bundled it, the bundle. */
export function programArgs(name: keyof typeof sources): string[] {
  const folder = process.env['HEDDLE_TEST_PROGRAMS'];
  const file = folder === undefined ? path.join(packageRoot, sources[name]) : path.join(folder, `${name}.mjs`);
  return ['--no-node-snapshot', '--disable-warning=ExperimentalWarning', file];
}

/**
 * Lease timings of tests, in seconds. A killed process is missed by its number at the next sweep, lease or not; the lease only has to outlive what
 * a busy machine does to a process that is alive.
 */
export const quickLeases = { HEDDLE_HEARTBEAT: '1', HEDDLE_LEASE: '12', HEDDLE_SWEEP: '1' };

/** The programs that tests start, by source; bundled where the project's set-up has done so. */
const sources = { cli: 'server/cli/main.ts', 'odd-worker': 'server/work/testing/odd-worker.ts' } as const;

/** A process of ours, as a supervisor starts it. */
export interface Program {
  readonly child: ChildProcess;
  /** What it said and logged so far. */
  said(): string;
  /** Ends it by a signal and resolves with its exit code, null when a signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts a program with test timings and resolves when it has logged that it is ready; rejects when it ends before. */
export async function startProgram(
  name: keyof typeof sources,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, [...programArgs(name), ...args], {
    env: { ...process.env, ...quickLeases, HEDDLE_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-50_000);
      if (said.includes('"ready"')) resolve();
    });
    child.once('exit', () => reject(new Error(`the program ended before it was ready:\n${said}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return { child, said: () => said, end };
}
