import type { ISql, Sql } from 'postgres';
import * as z from 'zod';
import { inRounds } from './rounds.ts';
import type { Shelf } from './shelf.ts';

/** So many of a workspace go at once: a round is short, and whoever writes meanwhile is not held up. */
const atOnce = 500;
/** Of small rows that nothing hangs on. */
const changesAtOnce = 5_000;
/** Requests to a shelf side by side. */
const dropsAtOnce = 16;

/** What was taken away. */
export interface Forgotten {
  readonly runs: number;
  readonly events: number;
  readonly blobs: number;
}

/**
 * Forgets runs that have been over for `keepMs`, with their facts, events and values; with 0 only what nothing needs any more: snapshots of runs
 * that are over, values that no run names, and what a workflow stored that was deleted. All that is due, so that it keeps up with what comes in. Nothing
 * goes that a run which is not over may need. Safe in any number of processes at once.
 */
export async function forgetOld(
  sql: Sql,
  keepMs: number,
  shelf?: Shelf,
  signal?: AbortSignal,
  most = atOnce,
): Promise<Forgotten> {
  const rounds = (round: () => PromiseLike<readonly unknown[]>) =>
    inRounds(most, async () => Counted.parse([...(await round())])[0].n, signal);
  await sql`delete from snapshots s using runs r where r.id = s.run and r.finished_at is not null`;
  const keep = `${keepMs} milliseconds`;
  const isKept = keepMs === 0;
  const runs = isKept ? 0 : await rounds(() => sql`select heddle_meta.forget_runs(${keep}::interval, ${most}) as n`);
  const events = isKept
    ? 0
    : await rounds(() => sql`select heddle_meta.forget_events(${keep}::interval, ${most}) as n`);
  if (!isKept) await inRounds(changesAtOnce, () => forgetStateChanges(sql, keep), signal);
  await rounds(() => sql`select heddle_meta.forget_state_values(${most}) as n`);
  await shelf?.tidy();
  return { runs, events, blobs: await forgetBlobs(sql, most, shelf, signal) };
}

/**
 * What was stored for runs that never began (a duplicate, a start that was refused: large values go first), and plans that nothing names any
 * more. Both are young when whoever is about to name them has not done so yet, so only those of days are looked at; a process brings a plan
 * along anew each hour. A plan that is published comes again with its next run.
 */
export async function forgetLoose(sql: Sql, keepMs: number): Promise<{ refs: number; plans: number }> {
  const keep = `${keepMs} milliseconds`;
  return sql.begin(async (tx) => {
    // Few rows of large tables: what is made for the flusher's statements, one look at an index a row, would be the slow way.
    await tx`set local enable_hashjoin = on`;
    await tx`set local enable_seqscan = on`;
    const refs = await tx`
      delete from blob_refs f where at < now() - interval '2 days' and not exists (select from runs r where r.id = f.run)
        and not exists (select from pending_events p where p.run = f.run)`;
    const plans = await tx`
      delete from plans p where at < now() - greatest(${keep}::interval, interval '2 days')
        and not exists (select from runs r where r.workspace_id = p.workspace_id and r.plan = p.fingerprint)`;
    return { refs: refs.count, plans: plans.count };
  });
}

const Counted = z.tuple([z.object({ n: z.number() })]);

/** What a change to a stored value answered is asked for again only by an attempt that is repeated: of a run that is not over. */
async function forgetStateChanges(sql: Sql, keep: string): Promise<number> {
  const gone = await sql`
    delete from state_changes where (workspace_id, key) in (
      select workspace_id, key from state_changes where at < least(now() - ${keep}::interval,
        (select min(started_at) from runs where status in ('queued', 'running', 'waiting')))
      order by at limit ${changesAtOnce} for update skip locked)`;
  return gone.count;
}

/** Values that no run names, in one pass over all of them: a search that began again in each round would find those that stay again and again. */
async function forgetBlobs(sql: Sql, most: number, shelf: Shelf | undefined, signal?: AbortSignal): Promise<number> {
  let after: BlobPlace = { workspace_id: '', hash: '' };
  let blobs = 0;
  const round = async () => {
    const { found, gone } = await forgetSome(sql, { after, most, shelf });
    after = found.at(-1) ?? after;
    blobs += gone;
    return found.length;
  };
  await inRounds(most, round, signal);
  return blobs;
}

/**
 * Whoever is about to name a value locks its row first (`refer`), so the next ones that nobody names are locked here before it is looked again; the
 * hour spares those that somebody is just writing. From a shelf they go while the rows are locked: whoever writes the same value waits, and then
 * writes all of it. Without the shelf on which they stand rows stay, to be found by a process that has it.
 */
const forgetSome = (
  sql: Sql,
  { after, most, shelf }: { readonly after: BlobPlace; readonly most: number; readonly shelf: Shelf | undefined },
) =>
  sql.begin(async (tx) => {
    const found = Places.parse([
      ...(await tx`
        select workspace_id, hash from blobs b
        where (workspace_id, hash) > (${after.workspace_id}, ${after.hash})
          and at < now() - interval '1 hour' and (chunks > 0 or ${shelf !== undefined})
          and not exists (select from blob_refs f where f.workspace_id = b.workspace_id and f.hash = b.hash)
        order by workspace_id, hash limit ${most} for update skip locked`),
    ]);
    const free = Free.parse([
      ...(await tx`
        select workspace_id as workspace, hash, chunks = 0 as "onShelf" from blobs b
        join ${places(tx, found)} using (workspace_id, hash)
        where not exists (select from blob_refs f where f.workspace_id = b.workspace_id and f.hash = b.hash)`),
    ]);
    if (shelf) await dropAll(shelf, free);
    const gone = free.map(({ workspace: workspace_id, hash }) => ({ workspace_id, hash }));
    await tx`delete from blob_chunks k using ${places(tx, gone)} where k.workspace_id = c.workspace_id and k.hash = c.hash`;
    await tx`delete from blobs b using ${places(tx, gone)} where b.workspace_id = c.workspace_id and b.hash = c.hash`;
    return { found, gone: gone.length };
  });

const BlobPlace = z.object({ workspace_id: z.string(), hash: z.string() });
type BlobPlace = z.infer<typeof BlobPlace>;
const Places = z.array(BlobPlace);
const Free = z.array(z.object({ workspace: z.string(), hash: z.string(), onShelf: z.boolean() }));

/** The table `c` of some blobs. */
const places = (tx: ISql, some: z.infer<typeof Places>) => tx`
  unnest(${some.map((one) => one.workspace_id)}::text[], ${some.map(({ hash }) => hash)}::text[]) as c (workspace_id, hash)`;

async function dropAll(shelf: Shelf, blobs: z.infer<typeof Free>): Promise<void> {
  const waiting = blobs.filter(({ onShelf }) => onShelf).values();
  const dropSome = async () => {
    for (const place of waiting) await shelf.drop(place);
  };
  await Promise.all(Array.from({ length: dropsAtOnce }, dropSome));
}
