import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openBlobs } from '../journal/blobs.ts';
import { readFacts } from '../journal/journal.ts';
import { openFolder } from './folder.ts';

const writer = path.join(import.meta.dirname, 'testing/writer.ts');

/** Lets a writer work and kills it the moment it has said so many lines; what it had said by then. */
async function killedAfter(lines: number, ...args: string[]): Promise<string[]> {
  const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  }
  expect(await gone).toEqual([null, 'SIGKILL']);
  return said;
}

test('a writer that is killed at any moment, also between the bytes and the fact, has lost nothing that a fact names', async () => {
  await using base = await createTestDatabase();
  const { engine } = await base.open();
  const root = await mkdtemp(path.join(tmpdir(), 'heddle-kill-'));
  try {
    const said = [
      ...(await killedAfter(41, base.url, root, 'a')),
      // Four puts come back, four more do not: their bytes are there and no fact names them.
      ...(await killedAfter(12, base.url, root, 'b', '4')),
    ];
    const promised = said.filter((line) => line.startsWith('ok ')).map((line) => line.slice(3));
    const blobs = openBlobs(engine.sql, openFolder(root));
    const runs = (await engine.sql`select id from runs`).map((row) => String(row['id']));
    expect(runs).toEqual(expect.arrayContaining(promised));
    expect(promised.length).toBeGreaterThan(10);
    for (const run of runs) {
      const [fact] = await readFacts(engine.sql, blobs, run);
      const input = fact?.type === 'run.started' && 'items' in fact.data.input ? fact.data.input.items : [];
      expect(input).toHaveLength(20);
      expect(input[19]).toMatchObject({ run, item: 19 });
    }
    const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const kept = files.filter(({ parentPath }) => path.basename(parentPath) !== '.unfinished');
    expect(kept.length).toBeGreaterThanOrEqual(runs.length + 4);
    // Whatever stands there has a row, by which it goes one day.
    const rows = await engine.sql`select hash from blobs`;
    expect(rows.map((row) => String(row['hash']))).toEqual(expect.arrayContaining(kept.map(({ name }) => name)));
  } finally {
    await rm(root, { recursive: true });
  }
});
