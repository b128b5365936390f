import type { Sql } from 'postgres';
import * as z from 'zod';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { BlobStore } from './blobs.ts';
import { readOfTypes } from './journal.ts';

/** How a run stands, as its rows tell. */
export interface Standing {
  readonly seq: number;
  readonly isOver: boolean;
  /** Whether there is an answer among the facts that were asked about. */
  readonly hasReplied: boolean;
  /** It waits for a person, or for moments only: nothing happens by itself before this one (epoch milliseconds). Left out while anything may. */
  readonly parkedUntil?: number;
}

/** What a run came to so far: its answer, its end, its output. */
export type Outcome = Pick<RunState, 'reply' | 'ended' | 'output'>;

/** What those who wait for runs ask of the journal: little, however large the runs are. */
export interface Standings {
  /** How some runs stand; answers are looked for behind a seq of each. A run that is not there is left out. */
  of(runs: readonly { readonly run: string; readonly after: number }[]): Promise<ReadonlyMap<string, Standing>>;
  /** Reads the facts that tell of it, and no others. */
  outcomeOf(workspace: string, run: string): Promise<Outcome>;
}

const Rows = z.array(
  z.object({
    run: z.string(),
    seq: z.number(),
    over: z.boolean(),
    replied: z.boolean(),
    parked: z.boolean(),
    next: z.number().nullable(),
  }),
);

const telling = ['run.replied', 'run.finished', 'run.failed', 'run.cancelled'] as const;

export const openStandings = (sql: Sql, blobs: BlobStore): Standings => ({
  of: async (runs) => {
    const rows = await readStandings(sql, runs);
    return new Map(
      rows.map(({ run, seq, over: isOver, replied: hasReplied, parked, next }) => [
        run,
        { seq, isOver, hasReplied, ...(parked ? { parkedUntil: next ?? Number.POSITIVE_INFINITY } : {}) },
      ]),
    );
  },
  outcomeOf: async (workspace, run) => fold(emptyState, await readOfTypes(sql, blobs, { workspace, run }, telling)),
});

/** All by their indexes; a stage that somebody holds may go on at any moment, whatever the run's row says by then. */
async function readStandings(sql: Sql, runs: Parameters<Standings['of']>[0]) {
  const rows = await sql`
    select r.id as run, r.seq, r.finished_at is not null as over,
      exists (select from run_events e where e.run = r.id and e.seq > asked.after and e.type = 'run.replied') as replied,
      r.status = 'waiting' and (jsonb_array_length(r.needs) > 0 or coalesce(live.timed, false)) as parked,
      (extract(epoch from live.next) * 1000)::float8 as next
    from json_to_recordset(${JSON.stringify(runs)}::text::json) as asked(run text, after int)
    join runs r on r.id = asked.run,
    lateral (
      select bool_and(s.state = 'leased' or s.next_at is not null) as timed,
        min(case when s.state = 'leased' then now() else s.next_at end) as next
      from stages s where s.run = r.id) live`;
  return Rows.parse([...rows]);
}
