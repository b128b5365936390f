import type { ISql } from 'postgres';
import * as z from 'zod';
import { runStatus } from '../../flow/contract/run.ts';
import type { RetriedAs } from '../../flow/contract/run.ts';

/** A run with those that retry it, and those that retry these: all of them do the same work. The retries stand with the latest last. */
interface Family {
  readonly top: string;
  readonly retries: readonly Retry[];
}
type Retry = z.infer<typeof Row>;

/** Which family each of some runs is of; the first run of one may be gone by retention. */
async function familiesOf(sql: ISql, ids: readonly string[]): Promise<ReadonlyMap<string, Family>> {
  if (ids.length === 0) return new Map();
  const rows = await sql`
    with recursive up (asked, id, retry_of) as (
      select id, id, retry_of from runs where id = any(${[...ids]}::text[])
      union all
      select up.asked, r.id, r.retry_of from up join runs r on r.id = up.retry_of),
    tops as (
      select asked, coalesce(retry_of, id) as top from up where not exists (select from runs r where r.id = up.retry_of)),
    retries as (
      select top, r.id, r.status, r.retry_of, r.started_at
      from (select distinct top from tops) as family join runs r on r.retry_of = top
      union all
      select top, r.id, r.status, r.retry_of, r.started_at from retries join runs r on r.retry_of = retries.id)
    select asked, top, coalesce((
      select json_agg(json_build_object('id', id, 'status', status, 'retryOf', retry_of) order by started_at, id)
      from retries where retries.top = tops.top), '[]') as retries
    from tops`;
  return new Map(
    z
      .array(z.object({ asked: z.string(), top: z.string(), retries: z.array(Row) }))
      .parse([...rows])
      .map(({ asked, ...family }) => [asked, family]),
  );
}

const Row = z.object({ id: z.string(), status: runStatus, retryOf: z.string() });

/** What became of runs that are over and were retried, by their ids; a run whose work nobody began again is missing. */
export async function findRetries(sql: ISql, ids: readonly string[]): Promise<ReadonlyMap<string, RetriedAs>> {
  const families = await familiesOf(sql, ids);
  return new Map([...families].flatMap(([id, { retries }]) => best(id, retries)));
}

/**
 * The retry that finished, or else the latest that began after the run. One that is not a retry of this run, but of what it retries itself, did
 * its work too.
 */
function best(id: string, retries: readonly Retry[]): [[string, RetriedAs]] | [] {
  const own = retries.findIndex((retry) => retry.id === id);
  const isDone = retries[own]?.status === 'finished';
  const later = retries.slice(own + 1).filter((retry) => !isDone || descends(retry, id, retries));
  const finished = isDone ? undefined : retries.findLast(({ status }) => status === 'finished');
  const found = later.findLast(({ status }) => status === 'finished') ?? finished ?? later.at(-1);
  return found ? [[id, { id: found.id, status: found.status }]] : [];
}

function descends(retry: Retry, from: string, retries: readonly Retry[]): boolean {
  if (retry.retryOf === from) return true;
  const parent = retries.find(({ id }) => id === retry.retryOf);
  return parent !== undefined && descends(parent, from, retries);
}

/** These runs, and all that do the same work: news of a retry are news of what it retries. */
export async function withFamilies(sql: ISql, ids: readonly string[]): Promise<string[]> {
  const families = await familiesOf(sql, ids);
  return [
    ...new Set([
      ...ids,
      ...[...families.values()].flatMap(({ top, retries }) => [top, ...retries.map(({ id }) => id)]),
    ]),
  ];
}
