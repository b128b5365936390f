import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { countFamily } from '../journal/family.ts';
import type { CountFamily, FamilyCount } from '../journal/family.ts';
import { Families, usualFamily } from './families.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database[Symbol.asyncDispose]());

/** A database that counts in memory. */
function counting(): { count: CountFamily; asked: () => number } {
  const known = new Map<string, FamilyCount>();
  let asked = 0;
  return {
    asked: () => asked,
    count: async (root, more, { atLeast, most }) => {
      asked++;
      const before = known.get(root) ?? { runs: 0, items: 0 };
      const next = {
        runs: Math.max(before.runs, atLeast.runs) + more.runs,
        items: Math.max(before.items, atLeast.items) + more.items,
      };
      if (next.runs > most.runs) return 'runs';
      if (next.items > most.items) return 'items';
      known.set(root, next);
      return undefined;
    },
  };
}

test('one process never starts more than the budget, and the database is not asked for the first five hundred runs of fifty thousand items', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 300_000 }),
      fc.array(fc.record({ runs: fc.integer({ min: 1, max: 400 }), items: fc.integer({ min: 0, max: 40_000 }) }), {
        maxLength: 60,
      }),
      async (runs, items, calls) => {
        const { count, asked } = counting();
        const families = new Families(count, { ...usualFamily, runs, items });
        let started = { runs: 0, items: 0 };
        for (const more of calls) {
          const next = { runs: started.runs + more.runs, items: started.items + more.items };
          const over = next.runs > runs ? 'runs' : next.items > items ? 'items' : undefined;
          expect(await families.take('root', more)).toBe(over);
          if (!over) started = next;
          if (started.runs <= 500 && started.items <= 50_000 && !over) expect(asked()).toBe(0);
        }
      },
    ),
  );
});

test('several processes start no more together than the budget and what each may start uncounted', async () => {
  for (const [most, more] of [
    [{ runs: 5_000 }, { runs: 4, items: 4 }],
    [{ items: 500_000 }, { runs: 1, items: 400 }],
  ] as const) {
    const { count } = counting();
    const all = Array.from({ length: 3 }, () => new Families(count, { ...usualFamily, ...most }));
    let started = 0;
    for (let round = 0; round < 2_000; round++) for (const one of all) if (!(await one.take('root', more))) started++;
    const [runs, items] = [started * more.runs, started * more.items];
    if ('runs' in most) expect(runs).toBeLessThanOrEqual(most.runs + 2 * 500);
    if ('runs' in most) expect(runs).toBeGreaterThan(4_000);
    if ('items' in most) expect(items).toBeLessThanOrEqual(most.items + 2 * 50_000);
    if ('items' in most) expect(items).toBeGreaterThan(400_000);
  }
});

test('the database counts in one step: of many at once as many are let in as there is room for', async () => {
  const opened = await database.open({ app: 1, engine: 6 });
  const { sql } = opened.engine;
  const insert = (run: string) => sql`
    insert into runs (id, workspace_id, workflow, workflow_name, status, mode, trigger_kind, start, lane, seq, plan, engine, started_at, root)
    values (${run}, 'ws_main', 'w', 'W', 'running', 'live', 'manual', 's', 'interactive', 1, 'p', 2, now(), ${run})`;
  await Promise.all([insert('run_many'), insert('run_heavy')]);
  const forty = (run: string, most: FamilyCount) =>
    Promise.all(
      Array.from({ length: 40 }, () =>
        countFamily(sql, run, { runs: 5, items: 50 }, { atLeast: { runs: 10, items: 100 }, most }),
      ),
    );
  const many = await forty('run_many', { runs: 100, items: 1e9 });
  expect(many.filter((over) => over === undefined)).toHaveLength(18);
  expect(new Set(many)).toEqual(new Set([undefined, 'runs']));
  const heavy = await forty('run_heavy', { runs: 1e6, items: 1_000 });
  expect(heavy.filter((over) => over === undefined)).toHaveLength(18);
  expect(new Set(heavy)).toEqual(new Set([undefined, 'items']));
  const nobody = { atLeast: { runs: 0, items: 0 }, most: { runs: 1, items: 1 } };
  expect(await countFamily(sql, 'run_nobody', { runs: 5, items: 5 }, nobody)).toBeUndefined();
  await Promise.all([opened.app.sql.end(), sql.end()]);
});
