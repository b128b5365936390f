import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHouse } from '../accounts/testing/house.ts';

test('a key is made beside a running server, printed once, and works there at once', async () => {
  await using house = await openHouse();
  const url = `${house.database.url}`;
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ['--no-node-snapshot', path.join(import.meta.dirname, 'main.ts'), 'apikey', 'create', ...args],
      {
        env: { ...process.env, DATABASE_URL: url, HEDDLE_HOME: house.config.home },
        encoding: 'utf8',
      },
    );
  const made = run('--workspace', 'main', '--name', 'CI', '--json');
  expect(made.status, made.stderr).toBe(0);
  const { id, key } = JSON.parse(made.stdout);
  const me = await house.call('GET', '/api/v1/me', { key });
  expect(me.json()).toMatchObject({ kind: 'key', id, role: 'editor', workspace: { slug: 'main' } });
  expect(run('--name', 'x', '--workspace', 'nowhere')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no workspace nowhere'),
  });
});
