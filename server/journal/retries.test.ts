import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import type { Database } from '../db/connect.ts';
import { processorMs } from '../processor-time.ts';
import { findRetries } from './retries.ts';

let base: TestDatabase;
let database: Database;
beforeAll(async () => {
  base = await createTestDatabase();
  database = await base.open();
});
afterAll(() => base[Symbol.asyncDispose]());

const id = (family: string, index: number) => `run_${family}_${String(index).padStart(6, '0')}`;

/** A finished run with so many finished retries, each of the run before it or all of the first. */
async function retried(family: string, count: number, of: (index: number) => number): Promise<void> {
  const rows = Array.from({ length: count + 1 }, (_, index) => ({
    id: id(family, index),
    retry_of: index === 0 ? null : id(family, of(index)),
    at: index,
  }));
  await database.engine.sql`
    insert into runs (id, workspace_id, workflow, workflow_name, status, mode, trigger_kind, start, lane, seq, plan, engine, started_at,
      finished_at, root, retry_of)
    select id, 'ws_1', 'wf_1', 'Orders', 'finished', 'live', 'manual', 's', 'realtime', 2, 'plan_1', 1, to_timestamp(at), to_timestamp(at),
      id, retry_of
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as x (id text, retry_of text, at int)`;
}

test('a chain of a thousand retries took a second to say which of them was the last, with the cube of its length', async () => {
  await retried('chain', 1_000, (index) => index - 1);
  const began = processorMs();
  const found = await findRetries(database.engine.sql, [id('chain', 1), id('chain', 1_000)]);
  expect(processorMs() - began).toBeLessThan(400);
  expect([...found]).toEqual([[id('chain', 1), { id: id('chain', 1_000), status: 'finished' }]]);
});

test('of two thousand retries of one run fifty were asked for, and all were sent and read for each: they are sent once, the latest thousand', async () => {
  await retried('star', 2_000, () => 0);
  const asked = [0, ...Array.from({ length: 49 }, (_, index) => 1_951 + index)].map((index) => id('star', index));
  const began = processorMs();
  const found = await findRetries(database.engine.sql, asked);
  expect(processorMs() - began).toBeLessThan(400);
  // Each is done, and none retries another; the first was last done by the latest.
  expect([...found]).toEqual([[id('star', 0), { id: id('star', 2_000), status: 'finished' }]]);
});
