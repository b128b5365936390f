import { startProgram } from '../../work/testing/program.ts';
import type { Program } from '../../work/testing/program.ts';

/** A real server process, as a supervisor starts it. */
export interface ServerProcess extends AsyncDisposable, Pick<Program, 'said' | 'end'> {
  readonly url: string;
}

/** Starts `heddle start` in a role and resolves when it serves. Lease timings are a test's. */
export async function startServer(role: 'all' | 'web', env: Record<string, string>): Promise<ServerProcess> {
  const { said, end } = await startProgram('cli', ['start', '--role', role, '--port', '0'], env);
  const port = /Heddle is at http:\/\/localhost:(\d+)/.exec(said())?.[1];
  if (port === undefined) throw new Error(`the server does not say where it is:\n${said()}`);
  return { url: `http://127.0.0.1:${port}`, said, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) };
}
