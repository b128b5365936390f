import type { Sql } from 'postgres';
import * as z from 'zod';

/** So many of a workspace go at once: a round is short, and whoever writes meanwhile is not held up. */
const atOnce = 500;
const roundsMost = 100;

/** What was taken away. */
export interface Forgotten {
  readonly runs: number;
  readonly events: number;
  readonly blobs: number;
}

/**
 * Forgets runs that have been over for `keepMs`, with their facts, events and values; with 0 only what nothing needs any more: snapshots of runs
 * that are over, values that no run names. Nothing goes that a run which is not over may need. Safe in any number of processes at once.
 */
export async function forgetOld(sql: Sql, keepMs: number): Promise<Forgotten> {
  await sql`delete from snapshots s using runs r where r.id = s.run and r.finished_at is not null`;
  const keep = `${keepMs} milliseconds`;
  const isKept = keepMs === 0;
  const runs = isKept
    ? 0
    : await inRounds(() => sql`select heddle_meta.forget_runs(${keep}::interval, ${atOnce}) as n`);
  const events = isKept
    ? 0
    : await inRounds(() => sql`select heddle_meta.forget_events(${keep}::interval, ${atOnce}) as n`);
  if (!isKept) await forgetStateChanges(sql, keep);
  return { runs, events, blobs: await inRounds(() => forgetBlobs(sql)) };
}

const Counted = z.tuple([z.object({ n: z.number() })]);

async function inRounds(round: () => Promise<readonly unknown[]>): Promise<number> {
  let total = 0;
  for (let rounds = 0; rounds < roundsMost; rounds++) {
    const [{ n }] = Counted.parse([...(await round())]);
    total += n;
    if (n < atOnce) break;
  }
  return total;
}

/** What a change to a stored value answered is asked for again only by an attempt that is repeated: of a run that is not over. */
const forgetStateChanges = (sql: Sql, keep: string) => sql`
  delete from state_changes where at < least(now() - ${keep}::interval,
    (select min(started_at) from runs where status in ('queued', 'running', 'waiting')))`;

/**
 * Values that no run names. Whoever is about to name one locks its row first (`refer`), so they are locked here before it is looked again; the
 * day spares those that somebody is just writing.
 */
const forgetBlobs = (sql: Sql) =>
  sql.begin(async (tx) => {
    const candidates = await tx`
      select workspace_id, hash from blobs b
      where at < now() - interval '1 day'
        and not exists (select from blob_refs f where f.workspace_id = b.workspace_id and f.hash = b.hash)
      limit ${atOnce} for update skip locked`;
    const [workspaces, hashes] = [
      candidates.map((row) => String(row['workspace_id'])),
      candidates.map((row) => String(row['hash'])),
    ];
    const gone = await tx`
      with free as materialized (
        select c.workspace_id, c.hash from unnest(${workspaces}::text[], ${hashes}::text[]) as c (workspace_id, hash)
        where not exists (select from blob_refs f where f.workspace_id = c.workspace_id and f.hash = c.hash)),
      chunks as (
        delete from blob_chunks k using free where k.workspace_id = free.workspace_id and k.hash = free.hash)
      delete from blobs b using free where b.workspace_id = free.workspace_id and b.hash = free.hash returning 1`;
    return [{ n: gone.length }];
  });
