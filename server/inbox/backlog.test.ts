import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openTestStore, start } from '../engine/testing/store.ts';
import { openBacklog } from './backlog.ts';

test('a workspace is refused new work when too much of it is ready, and much sooner when callers wait for it', async () => {
  await using base = await createTestDatabase();
  const database = await base.open();
  await using store = openTestStore(database);
  const { sql } = database.engine;
  const backlog = openBacklog(sql, { ready: 4, realtime: 2 });
  const ready = (lane: 'realtime' | 'background', from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({ stage: `s${from + n}`, path: '', to: 'ready' as const, lane }));
  const isFull = async () => (await backlog.look(), backlog.isFull('ws_1'));
  await store.flusher.append(start('run_1', { stages: [...ready('background', 0, 4), ...ready('realtime', 10, 0)] }));
  expect(await isFull()).toBe(false);
  await store.flusher.append(start('run_2', { stages: ready('background', 0, 1) }));
  expect([await isFull(), backlog.isFull('ws_2')]).toEqual([true, false]);
  await sql`delete from stages`;
  await store.flusher.append(start('run_3', { stages: ready('realtime', 0, 3) }));
  expect(await isFull()).toBe(true);
  // What waits for a later time is no backlog.
  await sql`update stages set next_at = now() + interval '1 hour'`;
  expect(await isFull()).toBe(false);
});
