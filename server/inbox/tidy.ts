import type { Sql } from 'postgres';
import { inRounds } from '../journal/rounds.ts';
import { forgetProofs } from '../triggers/proofs.ts';

/** So many rows of a table go at once: whoever writes to it meanwhile is not held up. */
const atOnce = 5_000;

/**
 * Forgets what no longer counts, all of it: dedupe keys, resting paths, what proved callers and test calls that have run out, fires of a quarter ago, counts
 * of runs that are long over. Call it now and then; safe in any number of processes at once.
 */
export async function tidyTriggers(sql: Sql, signal?: AbortSignal, most = atOnce): Promise<void> {
  const rounds = (round: () => PromiseLike<{ readonly count: number }>) =>
    inRounds(most, async () => (await round()).count, signal);
  await rounds(
    () => sql`
      delete from dedupe_keys where (workspace_id, trigger, key) in (
        select workspace_id, trigger, key from dedupe_keys where until < now() limit ${most} for update skip locked)`,
  );
  await sql`delete from released_paths where until < now()`;
  await forgetProofs(sql);
  await sql`delete from test_calls where until < now() - interval '1 hour'`;
  await rounds(
    () => sql`
      delete from fires where (workflow, key, fire_at) in (
        select workflow, key, fire_at from fires where at < now() - interval '90 days' limit ${most} for update skip locked)`,
  );
  // A throttle's longest period is the author's to choose; a month is more than any that makes sense.
  await rounds(
    () => sql`
      delete from turns where (run, kind) in (
        select t.run, t.kind from turns t left join runs r on r.id = t.run
        where (t.kind = 'throttle' and t.at < now() - interval '31 days')
          or (t.kind <> 'throttle' and r.finished_at is not null) limit ${most} for update of t skip locked)`,
  );
}
