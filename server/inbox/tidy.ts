import type { Sql } from 'postgres';

/** So many rows of a table go at once: whoever writes to it meanwhile is not held up. */
const atOnce = 5_000;

/**
 * Forgets what no longer counts: dedupe keys, resting paths and test calls that have run out, fires of a quarter ago, counts of runs that are long over. Call
 * it now and then; safe in any number of processes at once.
 */
export async function tidyTriggers(sql: Sql): Promise<void> {
  await sql`
    delete from dedupe_keys where (workspace_id, trigger, key) in (
      select workspace_id, trigger, key from dedupe_keys where until < now() limit ${atOnce} for update skip locked)`;
  await sql`delete from released_paths where until < now()`;
  await sql`delete from test_calls where until < now() - interval '1 hour'`;
  await sql`
    delete from fires where (workflow, key, fire_at) in (
      select workflow, key, fire_at from fires where at < now() - interval '90 days' limit ${atOnce} for update skip locked)`;
  // A throttle's longest period is the author's to choose; a month is more than any that makes sense.
  await sql`
    delete from turns where (run, kind) in (
      select t.run, t.kind from turns t left join runs r on r.id = t.run
      where (t.kind = 'throttle' and t.at < now() - interval '31 days')
        or (t.kind <> 'throttle' and r.finished_at is not null) limit ${atOnce} for update of t skip locked)`;
}
