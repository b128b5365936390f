import type { Sql } from 'postgres';
import * as z from 'zod';
import { currentEngine } from '../../flow/compile/plan.ts';
import { lane } from '../../flow/document/workflow.ts';

/** A claim as the database has it; `seq` is that of the run's last fact. */
const Claim = z.object({ run: z.string(), stage: z.string(), path: z.string(), epoch: z.number() });
export type HeldClaim = z.infer<typeof Claim>;

const stagePlace = z.object({ run: z.string(), stage: z.string(), path: z.string() });
export type StagePlace = z.infer<typeof stagePlace>;

const Taken = z.object({ epoch: z.number(), seq: z.number() });
const Expired = z.array(Claim.extend({ seq: z.number(), owner: z.string() }));

/**
 * Takes a ready stage for a process (E5: ready rows only; an expired lease is recovery's). Undefined when there is nothing to take: the wake-up
 * was stale, or another process was first; or the run follows rules that this build does not know yet (E17). `isEarly` takes it before its time has come, for clocks that are moved.
 */
export async function claim(
  sql: Sql,
  { run, stage, path }: StagePlace,
  { owner, leaseMs, isEarly = false }: { owner: string; leaseMs: number; isEarly?: boolean },
): Promise<z.infer<typeof Taken> | undefined> {
  // The state in a case, or a young table's plan goes through the partial index of all ready rows.
  const [row] = await sql`
    update stages s set state = 'leased', epoch = epoch + 1, lease_owner = ${owner}, next_at = null,
      lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
    where run = ${run} and stage = ${stage} and path = ${path}
      and case when state <> 'ready' then false else ${isEarly}::bool or next_at <= now() end
      and (select r.engine from runs r where r.id = s.run) <= ${currentEngine}
    returning epoch, (select seq from runs r where r.id = s.run) as seq`;
  return row && Taken.parse(row);
}

/**
 * Renews every lease of a process in one statement and says which claims it still holds, expired ones that nobody took included. Rows that a
 * flush has under its hands are passed over, and count as held: they are being given back, and waiting for them is a deadlock.
 */
export async function renew(sql: Sql, owner: string, leaseMs: number): Promise<HeldClaim[]> {
  const rows = await sql`
    with free as materialized (
      select run, stage, path from stages where state = 'leased' and lease_owner = ${owner} for update skip locked),
    renewed as (
      update stages s set lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
      from free f where s.run = f.run and s.stage = f.stage and s.path = f.path)
    select run, stage, path, epoch from stages where state = 'leased' and lease_owner = ${owner}`;
  return z.array(Claim).parse([...rows]);
}

/** Makes everything that a process holds ready at once and wakes the lanes for it: a deploy costs no lease (SAFETY 1.3). */
export async function handBack(sql: Sql, owner: string): Promise<number> {
  for (let handed = 0; ;) {
    const [row] = await sql`
      with free as materialized (
        select run, stage, path from stages where state = 'leased' and lease_owner = ${owner} for update skip locked),
      back as (
        update stages s set state = 'ready', epoch = epoch + 1, lease_owner = null, lease_until = null, next_at = now()
        from free f where s.run = f.run and s.stage = f.stage and s.path = f.path
        returning s.run, s.stage, s.path, s.lane, s.workspace_id),
      woken as (
        select count(*)::int as handed from graphile_worker.add_jobs(array(
          select row('stage.' || lane, json_build_object('run', run, 'stage', stage, 'path', path, 'workspace', workspace_id), null, now(), 1000, null, null, null)
            ::graphile_worker.job_spec from back)))
      select handed, (select count(*)::int from stages where state = 'leased' and lease_owner = ${owner}) - (select count(*)::int from back) as busy
      from woken`;
    const { handed: more, busy } = z.object({ handed: z.number(), busy: z.number() }).parse(row);
    handed += more;
    // What a flush of ours has under its hands at this moment is looked at again; waiting for it in the statement is a deadlock.
    if (busy === 0) return handed;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Claims whose lease has run out by the database's clock: those that were never postponed first, the oldest first. */
export async function findExpired(sql: Sql, limit: number): Promise<z.infer<typeof Expired>> {
  const rows = await sql`
    select s.run, s.stage, s.path, s.epoch, coalesce(s.lease_owner, '') as owner, r.seq
    from stages s join runs r on r.id = s.run
    where s.state = 'leased' and s.lease_until < now() and r.engine <= ${currentEngine}
    order by s.tries, s.lease_until limit ${limit}`;
  return Expired.parse([...rows]);
}

/**
 * An expired claim whose run could not be read is looked at again in 10 s, then 20, 40 and so on up to 5 min; whoever held it may still come
 * back to it, unless that is us: we hold what we cannot read. Those that are new are looked at before it.
 */
export async function postpone(sql: Sql, { run, stage, path, epoch }: HeldClaim, boot: string): Promise<void> {
  await sql`
    update stages set tries = tries + 1, lease_until = now() + least(300, 10 * 2 ^ least(tries, 8)) * interval '1 second',
      lease_owner = case when lease_owner = ${boot} then '' else lease_owner end
    where run = ${run} and stage = ${stage} and path = ${path} and epoch = ${epoch} and state = 'leased' and lease_until < now()`;
}

/** Makes a claim ready again of which nothing was carried out: its process has no room for it. Nobody is woken. */
export async function giveBack(sql: Sql, owner: string, { run, stage, path, epoch }: HeldClaim): Promise<void> {
  await sql`
    update stages set state = 'ready', epoch = epoch + 1, lease_owner = null, lease_until = null, next_at = now()
    where run = ${run} and stage = ${stage} and path = ${path} and epoch = ${epoch} and state = 'leased' and lease_owner = ${owner}`;
}

/** Ready stages of a workspace that may be taken now: realtime first, then the oldest. By index, whatever waits. */
export async function findReady(sql: Sql, workspace: string, limit: number): Promise<StagePlace[]> {
  const rows = await sql`
    select due.* from unnest(${[...lane.options]}::text[]) with ordinality as of(lane, place), lateral (
      select s.run, s.stage, s.path from stages s
      where s.state = 'ready' and s.lane = of.lane and s.workspace_id = ${workspace} and s.next_at <= now()
        and (select r.engine from runs r where r.id = s.run) <= ${currentEngine}
      order by s.next_at limit ${limit}) due
    order by of.place limit ${limit}`;
  return z.array(stagePlace).parse([...rows]);
}

/**
 * Ready stages whose time came more than `lateMs` ago, a few of each lane: their wake-up may be lost (SAFETY 1.2.5c). Those of workspaces that
 * have no room here are left out, or they would hide all others.
 */
export async function findOverdue(
  sql: Sql,
  limit: number,
  { except = [], lateMs = 5_000 }: { except?: readonly string[]; lateMs?: number } = {},
): Promise<StagePlace[]> {
  const rows = await sql`
    select late.* from unnest(${[...lane.options]}::text[]) as of(lane), lateral (
      select run, stage, path from stages s
      where s.state = 'ready' and s.lane = of.lane and s.next_at < now() - ${lateMs}::float8 * interval '1 millisecond'
        and s.workspace_id <> all(${[...except]}::text[])
      order by s.next_at limit ${limit}) late
    limit ${limit}`;
  return z.array(stagePlace).parse([...rows]);
}

const OfWorkspace = z.array(stagePlace.extend({ workspace: z.string() }));

/** For some workspaces with ready stages in a lane, except these: the oldest that may be taken. By index, whatever waits. */
export async function findOthers(
  sql: Sql,
  lane: string,
  except: readonly string[],
  most = 20,
): Promise<z.infer<typeof OfWorkspace>> {
  const next = (after: string) => `
    select min(s.workspace_id) from stages s where s.state = 'ready' and s.lane = $1 ${after}`;
  const rows = await sql.unsafe(
    `with recursive waiting as (
      select (${next('')}) as id
      union all
      select (${next('and s.workspace_id > w.id')}) from waiting w where w.id is not null)
    select due.run, due.stage, due.path, w.id as workspace
    from waiting w, lateral (
      select s.run, s.stage, s.path from stages s
      where s.state = 'ready' and s.lane = $1 and s.workspace_id = w.id and s.next_at <= now()
        and (select r.engine from runs r where r.id = s.run) <= ${currentEngine}
      order by s.next_at limit 1) due
    where w.id is not null and w.id <> all($2::text[])
    limit $3`,
    [lane, [...except], most],
  );
  return OfWorkspace.parse([...rows]);
}

/** Puts a wake-up at the end of its lane. */
export async function wakeAgain(sql: Sql, lane: string, wake: StagePlace): Promise<void> {
  await sql`
    select graphile_worker.add_job(${`stage.${lane}`}, ${JSON.stringify(wake)}::text::json, max_attempts => 1000)`;
}

/** A process that works, as the others see it. */
export interface Worker {
  readonly boot: string;
  /** graphile-worker's pool ids: by these its locks are found when it has died (SAFETY G2). */
  readonly pools: readonly string[];
  readonly pid: number;
  readonly host: string;
  /** Where the pid means something, and when the process began: with these and the pid no two processes are the same. */
  readonly place: string;
  readonly began: string;
  readonly version: string;
  readonly roles: readonly string[];
  readonly draining?: boolean;
}

/** Says that a process is alive. */
export async function beat(
  sql: Sql,
  { boot, pools, pid, host, place, began, version, roles, draining = false }: Worker,
): Promise<void> {
  await sql`
    insert into workers (boot_id, pool_ids, pid, host, place, began, version, roles, heartbeat_at, draining)
    values (${boot}, ${[...pools]}::text[], ${pid}, ${host}, ${place}, ${began}, ${version}, ${[...roles]}::text[], now(), ${draining})
    on conflict (boot_id) do update set pool_ids = excluded.pool_ids, heartbeat_at = now(), draining = excluded.draining`;
}

/** A process has stopped in order. */
export async function retire(sql: Sql, boot: string): Promise<void> {
  await sql`delete from workers where boot_id = ${boot}`;
}

/**
 * Forgets processes that have not beaten for so long and frees the queue's jobs that they had locked, which graphile-worker alone would do after
 * four hours (SAFETY G1). Gives their boot ids; their stages are recovery's, by their leases.
 */
export async function buryDead(sql: Sql, deadAfterMs: number): Promise<string[]> {
  const rows = await sql`
    with dead as (
      delete from workers where heartbeat_at < now() - ${deadAfterMs}::float8 * interval '1 millisecond' returning boot_id, pool_ids),
    freed as (select graphile_worker.force_unlock_workers(array(select unnest(pool_ids) from dead)))
    select boot_id as boot from dead left join freed on true`;
  return z
    .array(z.object({ boot: z.string() }))
    .parse([...rows])
    .map(({ boot }) => boot);
}

/** Ends the leases of these claims at once, if they are still as they were: recovery then takes them up (E5). */
export async function expire(sql: Sql, claims: readonly HeldClaim[]): Promise<void> {
  const inOrder = claims.toSorted((a, b) => (a.run < b.run ? -1 : 1));
  for (const { run, stage, path, epoch } of inOrder)
    await sql`
      update stages set lease_until = now()
      where run = ${run} and stage = ${stage} and path = ${path} and epoch = ${epoch} and state = 'leased'`;
}

const Beating = z.array(z.object({ boot: z.string(), pid: z.number(), began: z.string() }));

/** Processes of a place that have missed a beat: nothing was heard of them for so long. */
export async function silentAt(sql: Sql, place: string, silentMs: number): Promise<z.infer<typeof Beating>> {
  const rows = await sql`
    select boot_id as boot, pid, began from workers
    where place = ${place} and heartbeat_at < now() - ${silentMs}::float8 * interval '1 millisecond'`;
  return Beating.parse([...rows]);
}

/** Ends every lease of processes that are known to be dead and counts their last beat as long ago. What recovery has put off stays put off. */
export async function declareDead(sql: Sql, boots: readonly string[]): Promise<void> {
  await sql`
    with gone as (update workers set heartbeat_at = 'epoch' where boot_id = any(${[...boots]}::text[]) returning boot_id),
    free as materialized (
      select run, stage, path from stages
      where state = 'leased' and lease_until > now() and tries = 0 and lease_owner in (select boot_id from gone) for update skip locked)
    update stages s set lease_until = now() from free f where s.run = f.run and s.stage = f.stage and s.path = f.path`;
}
