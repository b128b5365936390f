import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openDatabase, withWorkspaceSql } from '../db/connect.ts';
import { openTestStore, start, startedFact } from '../engine/testing/store.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { eventsOf, oneRun, pinnedOf, stepsOf, wholeOf } from './reads.ts';
import type { Reading } from './reads.ts';

const large = [{ text: 'a'.repeat(70_000) }];
const readers: Record<string, (reading: Reading) => Promise<unknown>> = {
  'a run': (reading) => oneRun(reading, 'ws_1', 'run_1', true),
  'its steps': (reading) => stepsOf(reading, 'ws_1', 'run_1', { isFull: true }),
  'its log': (reading) => eventsOf(reading, 'ws_1', 'run_1', { isFull: true }),
  'its document': (reading) => pinnedOf(reading, 'ws_1', 'run_1'),
  'all of it': (reading) => wholeOf(reading, 'ws_1', 'run_1'),
};

test.each(Object.entries(readers))(
  'who reads %s holds no connection while a large value is fetched',
  async (_, read) => {
    await using base = await createTestDatabase();
    const database = await openDatabase({ url: base.url, access: 'roles', app: 1, engine: 2 });
    try {
      await using store = openTestStore(database);
      await store.flusher.append(start('run_1', { facts: [startedFact('run_1', large)] }));
      const [asked, away] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const blobs: BlobStore = {
        ...store.blobs,
        readBytes: async (...place) => {
          asked.resolve();
          await away.promise;
          return store.blobs.readBytes(...place);
        },
      };
      const reading = read({ database, blobs }).catch((error: unknown) => error);
      await asked.promise;
      // The pool has one connection: whoever held it would keep this from ever being answered.
      const [row] = await withWorkspaceSql(database, 'ws_1', async (sql) => [...(await sql`select 1 as one`)]);
      expect(row).toEqual({ one: 1 });
      away.resolve();
      expect(await reading).not.toBeInstanceOf(Error);
    } finally {
      await Promise.all([database.app, database.engine].map(({ sql }) => sql.end({ timeout: 1 })));
    }
  },
);
