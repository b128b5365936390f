import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../server/root.ts';

/** One process of the built product, as a supervisor starts it. */
export interface Product extends AsyncDisposable {
  readonly pid: number;
  /** Where it listens; a worker for its health alone. */
  readonly url: string;
  /** What it said and logged so far, the last 200 kB. */
  said(): string;
  /** Whether it has ended by itself or by us. */
  hasEnded(): boolean;
  /** Sends a signal and resolves with the exit code, null when a signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null>;
}

/** The bundle: what `npm start` runs. */
export const bundle = path.join(packageRoot, 'dist/server/cli.mjs');
/** For which one that starts may say nothing. */
const silentMs = 120_000;

/** Starts the built server in a role, with settings by the environment alone, and resolves when it says that it is ready. `inside`: the program, with its arguments, that starts it. */
export async function startProduct(
  env: Readonly<Record<string, string>>,
  {
    role = 'all',
    port = 0,
    inside = [],
  }: { role?: 'all' | 'web' | 'worker'; port?: number; inside?: readonly string[] } = {},
): Promise<Product> {
  // A drill that is killed takes what it started along.
  const leash = pathToFileURL(path.join(packageRoot, 'scripts/leash.js')).href;
  const args = ['--no-node-snapshot', '--import', leash, bundle, 'start', '--role', role, '--port', String(port)];
  const [program, ...all] = [...inside, process.execPath, ...args];
  const child = spawn(program!, all, {
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: process.env['TMPDIR'] ?? '/tmp', HEDDLE_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end: Product['end'] = async (signal) => {
    if (!hasEnded()) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready, and silent for ${silentMs} ms:\n${said}`));
    }, silentMs);
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-200_000);
      late.refresh();
      if (!said.includes('"ready"')) return;
      clearTimeout(late);
      const found = / at http:\/\/localhost:(\d+)/.exec(said)?.[1];
      resolve(found === undefined ? '' : `http://127.0.0.1:${found}`);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`ended with ${code} before it was ready:\n${said}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    url,
    said: () => said,
    hasEnded,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

/** A port that nobody listens on now: for a server that must come back at the same address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
