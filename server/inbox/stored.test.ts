import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openTestStore, start } from '../engine/testing/store.ts';
import { openRates } from './rates.ts';
import { openStored } from './stored.ts';

test('a workspace that keeps as much as it may takes no new work until some of it went; without a bound nobody looks', async () => {
  await using base = await createTestDatabase();
  const database = await base.open();
  await using store = openTestStore(database);
  const { sql } = database.engine;
  const stored = openStored(sql, 100_000);
  const rates = openRates({ perSecond: 10, isFull: () => false, isStoredFull: stored.isFull });
  const take = async (workspace = 'ws_1') => {
    await stored.look();
    try {
      rates.take({ workspace, workflow: 'wf', key: 'hook' });
      return 'taken';
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  };
  await store.flusher.append(start('run_1'));
  expect(await take()).toBe('taken');
  // A file, of which its run says little.
  await store.blobs.writeBytes('ws_1', 'run_1', new Uint8Array(200_000));
  expect([await take(), await take('ws_2')]).toEqual(['storage-full', 'taken']);
  await sql`delete from blobs`;
  expect(await take()).toBe('taken');
  await sql`update runs set bytes = 200000`;
  expect(await take()).toBe('storage-full');
  const open = openStored(sql, undefined);
  await open.look();
  expect(open.isFull('ws_1')).toBe(false);
});
