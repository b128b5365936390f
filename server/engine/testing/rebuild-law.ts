import { expect } from 'vitest';
import type { PostgresLedger } from '../../journal/postgres-ledger.ts';
import { rebuild } from '../../journal/rebuild.ts';

/** The rebuild law: made anew from the facts, the mirrors say what they said, but for epochs and leases. */
export async function rebuildsAsItIs({ sql, blobs }: PostgresLedger): Promise<void> {
  const mirrors = async () => ({
    // What a run weighs counts a large value where it stands; made anew, where it was.
    runs: await sql`select to_jsonb(r) - 'bytes' as row from runs r order by id`,
    // A lease is no fact: what somebody held is ready.
    stages: await sql`
      select workspace_id, run, stage, path, lane, crashes, code, case state when 'leased' then 'ready' else state end as state,
        extract(epoch from next_at)::float8 as due
      from stages order by run, stage, path`,
    tokens: await sql`select * from tokens order by hash`,
    effects: await sql`
      select workspace_id, run, stage, path, node, item, call, class, key, at from effects order by run, stage, path, node, item, call`,
  });
  const before = await mirrors();
  await rebuild({ sql, blobs });
  const after = await mirrors();
  // When a ready stage may be taken is a fact only while it lies ahead, both times: one moment, asked last, says for both what does.
  const [clock] = await sql`select extract(epoch from now())::float8 + 1 as soon`;
  const ahead = ({ stages, ...rest }: typeof before) => ({
    ...rest,
    stages: stages.map((row) => ({ ...row, due: row['due'] > clock?.['soon'] ? row['due'] : null })),
  });
  expect(ahead(after)).toEqual(ahead(before));
}
