import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { holdEmbeddedPostgres } from '../../server/db/embedded.ts';
import { openTarget } from '../../server/work/testing/target.ts';
import type { Target } from '../../server/work/testing/target.ts';
import { openOuter } from './outer.ts';
import type { On, Outer } from './outer.ts';
import { bundle } from './product.ts';

const Key = z.object({ key: z.string() });

/** What one drill stands on: a home, a far side that counts, and the settings that every process of it shares. */
export interface Box extends AsyncDisposable {
  readonly home: string;
  readonly target: Target;
  readonly env: Readonly<Record<string, string>>;
  /** A Postgres for DATABASE_URL: on `fifteen` the one that `env` names anyway. It goes with the box at the latest. */
  outer(): Promise<Outer>;
  /** A key of the workspace main, made by the command line beside whatever runs. */
  key(more?: Readonly<Record<string, string>>): Promise<string>;
}

/** Makes an empty installation's surroundings; everything in it goes with it. On `fifteen` every process of it is told of Debian's Postgres. */
export async function openBox(on: On = 'embedded', more: Readonly<Record<string, string>> = {}): Promise<Box> {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-drill-'));
  // Started by root, Postgres runs as somebody else, who must get in.
  chmodSync(home, 0o755);
  const target = await openTarget(20);
  const fifteen = on === 'fifteen' ? await openOuter(home, on) : undefined;
  const env = {
    ...(fifteen ? { DATABASE_URL: fifteen.url } : {}),
    HEDDLE_HOME: home,
    HEDDLE_ALLOW_HOSTS: `127.0.0.1:${target.port}`,
    HEDDLE_ADMIN_EMAIL: 'drill@example.com',
    HEDDLE_ADMIN_PASSWORD: 'a long password',
    ...more,
  };
  const key = async (again: Readonly<Record<string, string>> = {}) => {
    const args = [bundle, 'apikey', 'create', '--workspace', 'main', '--name', 'drill', '--role', 'owner', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-node-snapshot', ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env, ...again },
    });
    return Key.parse(JSON.parse(stdout)).key;
  };
  return {
    home,
    target,
    env,
    key,
    outer: async () => (fifteen ? { ...fifteen, [Symbol.asyncDispose]: async () => {} } : await openOuter(home, on)),
    [Symbol.asyncDispose]: async () => {
      await target[Symbol.asyncDispose]();
      await fifteen?.[Symbol.asyncDispose]();
      // A server that was killed leaves its Postgres running.
      if (existsSync(path.join(home, 'postgres'))) await (await holdEmbeddedPostgres(home)).leave();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
