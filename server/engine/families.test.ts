import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { countFamily } from '../journal/claims.ts';
import { Families } from './families.ts';
import type { CountFamily } from './families.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database[Symbol.asyncDispose]());

/** A database that counts in memory. */
function counting(): { count: CountFamily; asked: () => number } {
  const known = new Map<string, number>();
  let asked = 0;
  return {
    asked: () => asked,
    count: async (root, more, { atLeast, most }) => {
      asked++;
      const next = Math.max(known.get(root) ?? 0, atLeast) + more;
      if (next > most) return false;
      known.set(root, next);
      return true;
    },
  };
}

test('one process never starts more than the budget, and the database is not asked for the first five hundred', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3_000 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }),
      async (most, calls) => {
        const { count, asked } = counting();
        const families = new Families(count, most);
        let started = 0;
        for (const more of calls) {
          const before = started;
          const may = await families.take('root', more);
          if (may) started += more;
          expect(may).toBe(before + more <= most);
          if (started <= Math.min(500, most)) expect(asked()).toBe(0);
        }
        expect(started).toBeLessThanOrEqual(most);
      },
    ),
  );
});

test('several processes start no more together than the budget and what each may start uncounted', async () => {
  const { count } = counting();
  const all = Array.from({ length: 3 }, () => new Families(count, 5_000));
  let started = 0;
  for (let round = 0; round < 2_000; round++) for (const one of all) if (await one.take('root', 4)) started += 4;
  expect(started).toBeLessThanOrEqual(5_000 + 2 * 500);
  expect(started).toBeGreaterThan(4_000);
});

test('the database counts in one step: of many at once as many are let in as there is room for', async () => {
  const opened = await database.open({ app: 1, engine: 6 });
  const { sql } = opened.engine;
  await sql`
    insert into runs (id, workspace_id, workflow, workflow_name, status, mode, trigger_kind, start, lane, seq, plan, engine, started_at, root)
    values ('run_family', 'ws_main', 'w', 'W', 'running', 'live', 'manual', 's', 'interactive', 1, 'p', 2, now(), 'run_family')`;
  const tries = Array.from({ length: 40 }, () => countFamily(sql, 'run_family', 5, { atLeast: 10, most: 100 }));
  const letIn = (await Promise.all(tries)).filter(Boolean);
  expect(letIn).toHaveLength(18);
  expect(await countFamily(sql, 'run_nobody', 5, { atLeast: 0, most: 100 })).toBe(true);
  await Promise.all([opened.app.sql.end(), sql.end()]);
});
