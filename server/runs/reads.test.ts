import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openDatabase, withWorkspaceSql } from '../db/connect.ts';
import { end, openTestStore, start, startedFact } from '../engine/testing/store.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { openTcpProxy } from '../engine/testing/tcp-proxy.ts';
import { shown } from './shown.ts';
import { eventsOf, oneRun, pinnedOf, stepsOf, wholeOf } from './reads.ts';
import type { Reading } from './reads.ts';

const large = [{ text: 'a'.repeat(70_000) }];
const readers: Record<string, (reading: Reading) => Promise<unknown>> = {
  'a run': (reading) => oneRun(reading, 'ws_1', 'run_1', true),
  'its steps': (reading) => stepsOf(reading, 'ws_1', 'run_1', { isFull: true }),
  'its log': (reading) => eventsOf(reading, 'ws_1', 'run_1', { isFull: true, mostOf: () => 1_000 }),
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
      await store.flusher.append(end('run_1', { facts: end('run_1', {}, large).facts.slice(-1) }));
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

test('who looks at a run reads no fact but its end, and of that no large value unless it is asked for: a run of a thousand facts was read and folded whole', async () => {
  await using base = await createTestDatabase();
  await using proxy = await openTcpProxy(base.url);
  const database = await openDatabase({ url: proxy.url, access: 'roles', app: 1, engine: 2 });
  try {
    await using store = openTestStore(database);
    const small = Array.from({ length: 40 }, () => ({ text: 'a'.repeat(1_000) }));
    for (const [run, gives] of [
      ['run_small', small],
      ['run_large', large],
    ] as const) {
      await store.flusher.append(start(run, { facts: [startedFact(run, small)] }));
      await store.flusher.append(end(run, {}, gives));
    }
    await store.flusher.append(start('run_going', { facts: [startedFact('run_going', small)] }));
    let blobsRead = 0;
    const blobs: BlobStore = {
      ...store.blobs,
      readBytes: (...place) => {
        blobsRead++;
        return store.blobs.readBytes(...place);
      },
    };
    const look = async (run: string, isFull = false) => {
      const [from, fetched] = [proxy.bytesRead(), blobsRead];
      const view = await oneRun({ database, blobs }, 'ws_1', run, isFull);
      return { view, bytes: proxy.bytesRead() - from, fetched: blobsRead - fetched };
    };
    // A connection's first statements are described, which costs bytes too.
    await look('run_small', true);
    const going = await look('run_going');
    expect(going.view).toMatchObject({ id: 'run_going', status: 'running' });
    expect(going.view).not.toHaveProperty('output');
    expect(going.bytes).toBeLessThan(5_000);
    const whole = await look('run_small');
    expect(whole.view.output).toEqual(small);
    // Its output, and not its input, its steps and its end besides.
    expect(whole.bytes).toBeLessThan(50_000);
    const named = await look('run_large');
    expect(named).toMatchObject({ fetched: 0, view: { output: { $blob: expect.any(String), count: 1 } } });
    expect(named.bytes).toBeLessThan(5_000);
    const full = await look('run_large', true);
    expect(full).toMatchObject({ fetched: 1, view: { output: large } });
    expect(named.view.output).toEqual(await shown(large));
  } finally {
    await Promise.all([database.app, database.engine].map(({ sql }) => sql.end({ timeout: 1 })));
  }
});
