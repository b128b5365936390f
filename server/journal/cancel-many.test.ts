import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { cancelMany, mayHaveChildren } from './cancel-many.ts';

const count = 10_000;

test(
  'ten thousand children of one run end with a statement a thousand, in the order of their ids, each once',
  { timeout: 60_000 },
  async () => {
    await using base = await createTestDatabase();
    const opened = await base.open({ app: 1, engine: 2 });
    const { sql } = opened.engine;
    try {
      await sql`
      insert into runs (id, workspace_id, workflow, workflow_name, status, mode, trigger_kind, start, lane, seq, plan, engine, started_at, root, parent_run, bytes)
      select 'run_' || n, 'ws_main', 'w', 'W', case when n % 10 = 0 then 'finished' else 'waiting' end, 'live', 'called', 's', 'background', 3, 'p', 2, now(),
        'run_' || n, 'run_top', 100
      from generate_series(1, ${count}::int) n`;
      await sql`update runs set finished_at = now() where status = 'finished'`;
      await sql`
      insert into stages (workspace_id, run, stage, path, state, lane)
      select workspace_id, id, 's1', '', 'waiting', 'background' from runs where finished_at is null`;
      const fact = { type: 'run.cancelled', at: Date.now(), data: { reason: 'enough' } } as const;
      // Two at once: neither waits for the other for ever, and each run is cancelled by one of them.
      const both = await Promise.all([0, 1].map(() => cancelMany(sql, { parents: ['run_top'] }, fact)));
      const ended = both.flat().map(({ run }) => run);
      expect(ended).toHaveLength(count * 0.9);
      expect(new Set(ended).size).toBe(count * 0.9);
      const rows = await sql`
      select status, seq, error ->> 'code' as code, count(*)::int as n, count(finished_at)::int as over from runs group by 1, 2, 3 order by 1`;
      expect(rows).toEqual([
        { status: 'cancelled', seq: 4, code: 'cancelled', n: count * 0.9, over: count * 0.9 },
        { status: 'finished', seq: 3, code: null, n: count / 10, over: count / 10 },
      ]);
      expect(await sql`select type, seq, count(*)::int as n from run_events group by 1, 2`).toEqual([
        { type: 'run.cancelled', seq: 4, n: count * 0.9 },
      ]);
      expect(await sql`select 1 from stages`).toEqual([]);
      expect(await mayHaveChildren(sql, 'run_1')).toBe(false);
      expect(await mayHaveChildren(sql, 'run_10')).toBe(true);
    } finally {
      await Promise.all([opened.app.sql.end(), sql.end()]);
    }
  },
);
