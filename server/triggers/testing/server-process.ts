import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../root.ts';

/** A real server process, as a supervisor starts it. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** What it said and logged so far. */
  said(): string;
  /** Ends it by a signal and resolves with its exit code, null when a signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts `heddle start` from source in a role and resolves when it serves. Lease timings are a test's. */
export async function startServer(role: 'all' | 'web', env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [
      '--no-node-snapshot',
      '--disable-warning=ExperimentalWarning',
      path.join(packageRoot, 'server/cli/main.ts'),
      'start',
      '--role',
      role,
      '--port',
      '0',
    ],
    {
      env: {
        ...process.env,
        HEDDLE_HEARTBEAT: '1',
        HEDDLE_LEASE: '4',
        HEDDLE_SWEEP: '1',
        HEDDLE_LOG_LEVEL: 'info',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-50_000);
      const found = /Heddle is at http:\/\/localhost:(\d+)/.exec(said)?.[1];
      if (found !== undefined && said.includes('"ready"')) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the server ended before it was ready:\n${said}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    said: () => said,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}
