import type { ChildProcess } from 'node:child_process';
import { startProgram } from './program.ts';

/** A real worker process, as a supervisor starts it. */
export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** What it logged so far. */
  said(): string;
  /** SIGKILL: as when the power goes. */
  kill(): Promise<void>;
}

/** Starts `heddle start --role worker`, or another program of this folder, and resolves when it is ready. */
export async function startWorker(env: Record<string, string>, program?: 'odd-worker'): Promise<WorkerProcess> {
  const { child, said, end } = await (program
    ? startProgram(program, [], env)
    : startProgram('cli', ['start', '--role', 'worker'], env));
  const kill = async () => void (await end('SIGKILL'));
  return { child, said, kill, [Symbol.asyncDispose]: kill };
}
