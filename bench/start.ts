import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../server/root.ts';

/** Milliseconds from `heddle start` to its "ready", with an embedded Postgres that was made before; the middle one of three. */
export async function startToReady(home: string): Promise<{ ms: number }> {
  await oneStart(home);
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) times.push(await oneStart(home));
  return { ms: times.toSorted((a, b) => a - b)[1] ?? 0 };
}

async function oneStart(home: string): Promise<number> {
  const env = { ...process.env, HEDDLE_HOME: home, DATABASE_URL: '', PORT: '0', HEDDLE_LOG_LEVEL: 'info' };
  const from = performance.now();
  const child = spawn(process.execPath, [path.join(packageRoot, 'scripts/heddle.js'), 'start', '--role', 'worker'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  const took = await new Promise<number>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (/"msg":"ready"|\bready\b/.test(said)) resolve(Math.round(performance.now() - from));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`heddle start ended with ${code}: ${said}`)));
  });
  // It says "ready" a moment before it listens to signals, and would die without stopping its Postgres.
  await pause(500);
  child.kill('SIGTERM');
  await ended;
  return took;
}
