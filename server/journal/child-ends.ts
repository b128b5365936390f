import type { Sql } from 'postgres';
import * as z from 'zod';
import type { BlobStore } from './blobs.ts';
import { eachAnew, journalWeight, wholeFacts } from './journal.ts';
import type { ChildEnd, WeighedEnd } from './ledger.ts';

const Ends = z.array(
  z.object({
    run: z.string(),
    status: z.enum(['finished', 'failed', 'cancelled']),
    error: z.looseObject({ message: z.string() }).nullable(),
    bytes: z.number(),
  }),
);

/**
 * How the runs ended, and what the output of each weighs, which is in its last fact. All or nothing: of a parent that waits for a hundred nothing is
 * weighed for each of them.
 */
export async function weighEnds(sql: Sql, runs: readonly string[]): Promise<ReadonlyMap<string, WeighedEnd>> {
  const ids = [...runs];
  const rows = await sql`
    select r.id as run, r.status, r.error, case when r.status = 'finished' then coalesce((
      select ${journalWeight(sql)} from run_events f where f.run = r.id and f.seq = r.seq), 0) else 0 end::float8 as bytes
    from runs r where r.id = any(${ids}::text[])
      and (select count(*) from runs o where o.id = any(${ids}::text[]) and o.finished_at is not null) = cardinality(${ids}::text[])`;
  return new Map(
    Ends.parse([...rows]).map(({ run, status, bytes, error }) => [
      run,
      { run, status, bytes, ...(error ? { error: error.message } : {}) },
    ]),
  );
}

const Last = z.array(
  z.object({
    run: z.string(),
    workspace: z.string(),
    seq: z.number(),
    at: z.number(),
    type: z.string(),
    data: z.string(),
  }),
);

/** What runs that finished gave, one after the other: those of a call may be as large as a run may be. */
export async function readOutputs(
  sql: Sql,
  blobs: BlobStore,
  runs: readonly string[],
): Promise<ReadonlyMap<string, ChildEnd['output']>> {
  const outputs = new Map<string, ChildEnd['output']>();
  if (runs.length === 0) return outputs;
  const rows = await sql`
    select f.run, f.workspace_id as workspace, f.seq, (extract(epoch from f.at) * 1000)::float8 as at, f.type, f.data::text as data
    from runs r join run_events f on f.run = r.id and f.seq = r.seq where r.id = any(${[...runs]}::text[])`;
  for (const { run, workspace, ...row } of Last.parse([...rows])) {
    const [last] = await wholeFacts([row], eachAnew(blobs, workspace));
    if (last?.type === 'run.finished') outputs.set(run, last.data.output);
  }
  return outputs;
}
