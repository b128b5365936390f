import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Heddle that nobody has set up yet. */
export interface NewHeddle extends AsyncDisposable {
  readonly url: string;
}

const root = path.resolve(import.meta.dirname, '../..');

/** Starts the product as people do, with nothing in its home and nobody known to it. */
export async function startNewHeddle(port: number, mayCall: string): Promise<NewHeddle> {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-new-'));
  chmodSync(home, 0o755);
  const env = { ...process.env, HEDDLE_HOME: home, HEDDLE_LOG_LEVEL: 'warn', HEDDLE_ALLOW_HOSTS: mayCall };
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.js'), '--port', String(port)], {
    cwd: root,
    env: { ...env, HEDDLE_ADMIN_EMAIL: undefined, HEDDLE_ADMIN_PASSWORD: undefined, DATABASE_URL: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://localhost:${port}`;
  const isReady = await Promise.race([ready(url), gone.then(() => false)]);
  if (!isReady) {
    await end();
    throw new Error(`A new Heddle did not come up. It said:\n${said}`);
  }
  return { url, [Symbol.asyncDispose]: end };
}

/** Asks until it is ready; false after two minutes. */
async function ready(url: string): Promise<boolean> {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    const isUp = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
