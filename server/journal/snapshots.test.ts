import type { Sql } from 'postgres';
import { expect, test } from 'vitest';
import { copyOf, emptyState } from '../../flow/facts/state.ts';
import type { BlobStore } from './blobs.ts';
import { readSnapshot, saveSnapshot } from './snapshots.ts';

test('a long run is kept and read again in turns: its 9 MB held the server for 250 ms at each snapshot', async () => {
  const output = Array.from({ length: 100_000 }, (_, n) => ({ n, name: `Name ${n}`, at: '2026-01-15', list: [n] }));
  const state = { ...copyOf(emptyState), seq: 500, output };
  let stored = new Uint8Array();
  let row: unknown;
  const blobs: BlobStore = {
    writeBytes: async (_workspace, _run, bytes) => ((stored = new Uint8Array(bytes)), 'hash'),
    writeSpooled: async () => 'hash',
    readBytes: async () => stored,
    letGo: () => {},
  };
  const sql = (async (_texts: readonly string[], ...given: unknown[]) => {
    row ??= given.find((one) => typeof one === 'string' && one.includes('format'));
    return [{ state: JSON.parse(String(row)) }];
  }) as unknown as Sql;
  let turns = 0;
  let isOver = false;
  const count = () => void (isOver || (turns++, setImmediate(count)));
  setImmediate(count);
  await saveSnapshot(sql, blobs, { workspace: 'w', run: 'r', state });
  const [saving] = [turns];
  const read = await readSnapshot(sql, blobs, 'w', 'r');
  isOver = true;
  expect(JSON.stringify(read?.output)).toBe(JSON.stringify(output));
  expect(saving).toBeGreaterThan(1);
  expect(turns - saving).toBeGreaterThan(1);
});
