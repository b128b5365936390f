import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { holdEmbeddedPostgres } from '../../server/db/embedded.ts';
import { openTarget } from '../../server/work/testing/target.ts';
import type { Target } from '../../server/work/testing/target.ts';
import { bundle } from './product.ts';

const Key = z.object({ key: z.string() });

/** What one drill stands on: a home, a far side that counts, and the settings that every process of it shares. */
export interface Box extends AsyncDisposable {
  readonly home: string;
  readonly target: Target;
  readonly env: Readonly<Record<string, string>>;
  /** A key of the workspace main, made by the command line beside whatever runs. */
  key(more?: Readonly<Record<string, string>>): Promise<string>;
}

/** Makes an empty installation's surroundings; everything in it goes with it. */
export async function openBox(more: Readonly<Record<string, string>> = {}): Promise<Box> {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-drill-'));
  // Started by root, Postgres runs as somebody else, who must get in.
  chmodSync(home, 0o755);
  const target = await openTarget(20);
  const env = {
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
    [Symbol.asyncDispose]: async () => {
      await target[Symbol.asyncDispose]();
      // A server that was killed leaves its Postgres running.
      if (existsSync(path.join(home, 'postgres'))) await (await holdEmbeddedPostgres(home)).leave();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
