import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../server/root.ts';

/** A folder for a home of its own, gone afterwards. */
export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-bench-'));
  // Started by root, Postgres runs as somebody else: into a closed folder it would not go, and would leave its data in /var/lib/heddle.
  chmodSync(home, 0o755);
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The parts that the engine can be asked for without its doors, each in a process and a database of its own. */
export const inProcess = ['S1', 'S2', 'S4', 'S5', 'S7', 'redaction', 'raw', 'memory'] as const;

export interface PartOptions {
  readonly seconds: number;
  readonly warmUp: number;
  readonly prof: string | undefined;
}

/** What one part came to (bench/part.ts). */
export function measurePart(
  name: string,
  { seconds, warmUp, prof }: PartOptions,
): Promise<Readonly<Record<string, unknown>>> {
  return withHome((home) => {
    const profiling = prof
      ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(prof)}`, `--cpu-prof-name=${name}.cpuprofile`]
      : [];
    const part = path.join(packageRoot, 'bench/part.ts');
    const args = ['--no-node-snapshot', ...profiling, part, name, String(seconds), String(warmUp)];
    const env = { ...process.env, HEDDLE_HOME: home, DATABASE_URL: '', PORT: '0', NODE_NO_WARNINGS: '1' };
    const child = spawn(process.execPath, args, { cwd: packageRoot, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        const text = Buffer.concat(out).toString().trim().split('\n').at(-1) ?? '';
        if (code === 0) resolve(JSON.parse(text));
        else reject(new Error(`${name} ended with ${code}: ${text}`));
      });
    });
  });
}
