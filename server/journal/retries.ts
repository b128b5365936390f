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

/** Of a family the latest so many are looked at: whoever retries one run more often than that does not do it for the first of them. */
const most = 1_000;

/** Which family each of some runs is of; the first run of one may be gone by retention. A family is sent once, however many of it are asked for. */
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
      select top, r.id, r.status, r.retry_of, r.started_at from retries join runs r on r.retry_of = retries.id),
    latest as (
      select *, row_number() over (partition by top order by started_at desc, id desc) as back from retries),
    families as (
      select top, json_agg(json_build_object('id', id, 'status', status, 'retryOf', retry_of) order by started_at, id) as retries
      from latest where back <= ${most} group by top),
    askers as (select top, json_agg(asked) as asked from tops group by top)
    select top, asked, coalesce(retries, '[]') as retries from askers left join families using (top)`;
  return new Map(
    z
      .array(z.object({ asked: z.array(z.string()), top: z.string(), retries: z.array(Row) }))
      .parse([...rows])
      .flatMap(({ asked, ...family }) => asked.map((id) => [id, family] as const)),
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
  const after = retries.slice(own + 1);
  const later = isDone ? descendants(id, after, retries) : after;
  const finished = isDone ? undefined : retries.findLast(({ status }) => status === 'finished');
  const found = later.findLast(({ status }) => status === 'finished') ?? finished ?? later.at(-1);
  return found ? [[id, { id: found.id, status: found.status }]] : [];
}

/** Those of some retries that retry a run, or what retries it: each is looked at once, however long their chain is. */
function descendants(from: string, some: readonly Retry[], all: readonly Retry[]): Retry[] {
  const parents = new Map(all.map(({ id, retryOf }) => [id, retryOf]));
  const known = new Map([[from, true]]);
  const descends = (id: string): boolean => {
    const way: string[] = [];
    let at: string | undefined = id;
    while (at !== undefined && !known.has(at)) {
      way.push(at);
      at = parents.get(at);
    }
    const answer = at !== undefined && known.get(at) === true;
    for (const one of way) known.set(one, answer);
    return answer;
  };
  return some.filter(({ id }) => descends(id));
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
