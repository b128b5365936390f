import fc from 'fast-check';
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import type { Database } from '../db/connect.ts';
import { judge } from './verdict.ts';
import type { Pending } from './pending.ts';

let base: TestDatabase;
let database: Database;
beforeAll(async () => {
  base = await createTestDatabase();
  database = await base.open({ app: 1, engine: 2 });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await base[Symbol.asyncDispose]();
});

const began = Date.parse('2026-01-01T00:00:00Z');
const event = (run: string, workflow: string): Pending => ({
  id: `evt_${run}`,
  workspace: 'ws_main',
  workflow,
  key: 'hook',
  lot: '',
  kind: 'start',
  run,
  bytes: 0,
  descends: null,
  lots: null,
  due: null,
  at: began,
});
const ask = (tx: TransactionSql, workflow: string, run: string, now: number, limit: number, perMs: number) =>
  judge(tx, event(run, workflow), { throttle: { lot: 'throttle ', limit, perMs } }, now);

test('a throttle decides as one does that knows every start', async () => {
  let workflow = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1_000, max: 9_000 }),
      fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 25 }),
      async (limit, perMs, pauses) => {
        const name = `w${workflow++}`;
        const starts: number[] = [];
        let now = began;
        for (const [n, pause] of pauses.entries()) {
          now += pause;
          const within = starts.filter((at) => at > now - perMs);
          const verdict = await database.engine.sql.begin(async (tx) => ({
            made: await ask(tx, name, `run_${name}_${n}`, now, limit, perMs),
          }));
          if (within.length < limit) {
            expect(verdict.made.is).toBe('start');
            starts.push(now);
          } else expect(verdict.made).toMatchObject({ is: 'wait', pending: { due: within.at(-limit)! + perMs } });
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('of 20,000 starts in a period a hundred are looked at, not all of them with each event', async () => {
  const { sql } = database.engine;
  await sql`
    insert into turns (workspace_id, workflow, lot, kind, run, number, at)
    select 'ws_main', 'many', 'throttle ', 'throttle', 'run_many_' || n, n, to_timestamp(${began}::float8 / 1000) + n * interval '1 millisecond'
    from generate_series(1, 20000) n`;
  await sql`analyze turns`;
  const read = async (now: number, limit: number) =>
    sql.begin(async (tx) => {
      const verdict = await ask(tx, 'many', `run_next_${now}_${limit}`, now, limit, 3_600_000);
      const [row] = await tx`
        select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables where relname = 'turns'`;
      return { is: verdict.is, rows: Number(row?.['rows']) };
    });
  const full = await read(began + 30_000, 20_000);
  const free = await read(began + 30_000, 30_000);
  const later = await read(began + 3_600_000 + 10_000, 30_000);
  expect([full.is, free.is, later.is]).toEqual(['wait', 'start', 'start']);
  for (const { rows } of [full, free, later]) expect(rows).toBeLessThan(1_000);
});
