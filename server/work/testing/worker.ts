import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../root.ts';

/** Lease timings of tests, in seconds: a killed worker's stages are taken up within some six seconds. */
export const quickLeases = { HEDDLE_HEARTBEAT: '1', HEDDLE_LEASE: '4', HEDDLE_SWEEP: '1' };

/** A real worker process, as a supervisor starts it. */
export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** SIGKILL: as when the power goes. */
  kill(): Promise<void>;
}

/** Starts `heddle start --role worker` from source, or another program of this folder, and resolves when it is ready. */
export async function startWorker(env: Record<string, string>, program?: 'odd-worker.ts'): Promise<WorkerProcess> {
  const child = spawn(
    process.execPath,
    [
      '--no-node-snapshot',
      '--disable-warning=ExperimentalWarning',
      ...(program
        ? [path.join(import.meta.dirname, program)]
        : [path.join(packageRoot, 'server/cli/main.ts'), 'start', '--role', 'worker']),
    ],
    { env: { ...process.env, ...quickLeases, HEDDLE_LOG_LEVEL: 'info', ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000);
      if (said.includes('"ready"')) resolve();
    });
    child.once('exit', () => reject(new Error(`the worker ended before it was ready:\n${said}`)));
  });
  const gone = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return {
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await gone();
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await gone();
    },
  };
}
