import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../server/root.ts';

/** Runs tests of the package and gives Vitest's JSON of how they ended. */
export async function runTests(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'heddle-tests-'));
  const file = path.join(folder, 'results.json');
  const vitest = path.join(packageRoot, 'node_modules/vitest/vitest.mjs');
  const all = ['--no-node-snapshot', vitest, 'run', ...args, '--reporter=json', `--outputFile.json=${file}`];
  try {
    const env = { ...process.env, ...more };
    // A test that fails ends it with 1: what failed is in the file.
    await promisify(execFile)(process.execPath, all, { cwd: packageRoot, env }).catch(() => undefined);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
