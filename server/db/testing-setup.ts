import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdEmbeddedPostgres } from './embedded.ts';
import { countUsers } from './postgres-users.ts';

/**
 * Vitest's global set-up: a home for the Postgres of this run, which the first test that wants a database starts; it is stopped and deleted at
 * the end. Homes of runs that were killed are swept first.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const shelf = path.join(tmpdir(), `heddle-tests-${process.getuid?.() ?? 0}`);
  mkdirSync(shelf, { recursive: true });
  chmodSync(shelf, 0o755); // Postgres runs as another account when we are root, and it must get in
  for (const name of readdirSync(shelf)) await sweep(path.join(shelf, name));
  const home = mkdtempSync(path.join(shelf, 'run-'));
  chmodSync(home, 0o755);
  const hold = await holdEmbeddedPostgres(home);
  process.env['HEDDLE_TEST_HOME'] = home;
  return async () => {
    await hold.leave();
    rmSync(home, { recursive: true, force: true });
  };
}

async function sweep(home: string): Promise<void> {
  try {
    if (countUsers(path.join(home, 'postgres/users')) > 0) return;
    await (await holdEmbeddedPostgres(home)).leave();
    rmSync(home, { recursive: true, force: true });
  } catch {
    // Another run is sweeping or just making it: leave it to that one.
  }
}
