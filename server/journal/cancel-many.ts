import type { Sql } from 'postgres';
import * as z from 'zod';
import type { FactOf } from '../../flow/facts/fact.ts';

/** Runs that some called, or the runs of a workflow. */
export type RunsOf =
  | { readonly parents: readonly string[] }
  | { readonly workspace: string; readonly workflow: string };

/** A run that was cancelled, the number of the fact that says so, and who called it. */
export interface CancelledRun {
  readonly run: string;
  readonly seq: number;
  readonly parent: string | null;
}

/** So many end with one statement: appends of others wait for its locks. */
const most = 1_000;

/**
 * Ends those of the runs that are not over, each by the same fact, with everything that mirrors it, and reads none of them: what a run holds says
 * nothing about how it is cancelled. Rows of `runs` are taken in the order of their ids, as by every flush (E1).
 */
export async function cancelMany(sql: Sql, of: RunsOf, { at, data }: FactOf<'run.cancelled'>): Promise<CancelledRun[]> {
  const ended: CancelledRun[] = [];
  const error = JSON.stringify({ code: 'cancelled', message: data.reason });
  const text = JSON.stringify(data);
  for (;;) {
    const rows = await sql`
      with live as materialized (
        select id from runs
        where finished_at is null and ${'parents' in of ? sql`parent_run = any(${[...of.parents]}::text[])` : sql`workspace_id = ${of.workspace} and workflow = ${of.workflow} and status <> 'finished'`}
        order by id limit ${most} for update),
      ended as (
        update runs r set seq = r.seq + 1, status = 'cancelled', needs = '[]', awaits_runs = false, error = ${error}::text::json,
          finished_at = to_timestamp(${at}::float8 / 1000), bytes = r.bytes + octet_length(${text}::text)
        from live where r.id = live.id returning r.workspace_id, r.id, r.seq, r.parent_run),
      added as (
        insert into run_events (workspace_id, run, seq, type, at, data)
        select workspace_id, id, seq, 'run.cancelled', to_timestamp(${at}::float8 / 1000), ${text}::text::json from ended),
      left_stages as (delete from stages s using live where s.run = live.id),
      left_intents as (delete from effects e using live where e.run = live.id)
      select id as run, seq, parent_run as parent from ended`;
    const some = Rows.parse([...rows]);
    ended.push(...some);
    if (some.length < most) return ended;
  }
}

const Rows = z.array(z.object({ run: z.string(), seq: z.int(), parent: z.string().nullable() }));

/** Whether what a run starts is to live: false when it was cancelled, or its time is up. */
export async function mayHaveChildren(sql: Sql, run: string): Promise<boolean> {
  const rows = await sql`
    select 1 from runs where id = ${run} and (status = 'cancelled' or status = 'failed' and error ->> 'code' = 'run.timeout')`;
  return rows.length === 0;
}
