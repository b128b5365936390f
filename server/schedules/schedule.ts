import { createHash } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import * as z from 'zod';
import { nextOfAll } from '../../flow/values/next-fires.ts';
import type { Engine } from '../engine/engine.ts';
import { accept } from '../inbox/accept.ts';
import type { Accepted } from '../inbox/accept.ts';
import type { Admission } from '../inbox/admission.ts';
import { Turns } from '../text/turns.ts';
import { ScheduleParams } from '../triggers/describe.ts';
import type { Directory } from '../triggers/directory.ts';
import { overlapOf } from '../triggers/overlap.ts';

export interface ScheduleOptions {
  /** The engine's pool. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly directory: Directory;
  readonly admission: Admission;
  readonly onBroken: (error: unknown, doing: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether it is known what time it is: what is due is seen to when it is. */
  readonly isTimeKnown?: () => boolean;
}

/** A fire that is later than this, and was due when nobody looked, was missed. */
const graceMs = 5_000;
/** So many missed fires are made up for at most, the latest ones, whatever the schedule says. */
const makeUpMost = 100;
/** Schedules of all workspaces that are seen to before it is looked again who has one: what came due meanwhile waits for so many at most. */
const inOneLook = 20;
/** So often at a beat: 500 schedules. */
const looksMost = 25;
/** Of one schedule that is behind, so many at a time: others have their turn before its next. */
const firesInTurn = 5;

const Due = z.object({ workspace: z.string(), workflow: z.string(), key: z.string() });
type Due = z.infer<typeof Due>;

/**
 * Since when this process has looked what is due, without a gap. What came due after that and is not fired yet waits for its turn here, however late
 * it is: it was not missed.
 */
export class Watch {
  private since = Number.NEGATIVE_INFINITY;
  private left = Number.NEGATIVE_INFINITY;
  private isStopping = false;

  /** Begins a look; gives since when there was one. Epoch milliseconds. */
  begin(now: number): number {
    // A clock that went back says nothing of what was looked at.
    if (now - this.left > graceMs || now < this.since) this.since = now;
    return this.since;
  }

  /** The look is over: who looks for long was there all the time. */
  end(now: number): void {
    this.left = now;
  }

  /** What is due from now on is left to others. */
  stop(): void {
    this.isStopping = true;
  }

  get isOver(): boolean {
    return this.isStopping;
  }
}

/**
 * Fires every schedule that is due. Safe in any number of processes at once: a schedule is locked while its fires are seen to, each fire is a
 * row that can be inserted once, and the id of its run follows from it. Workspaces take turns: however many are due in one, another's comes next.
 */
export async function fireDue(options: ScheduleOptions, watch = new Watch()): Promise<number> {
  const { now, onBroken, isTimeKnown } = options;
  if (isTimeKnown?.() === false) return 0;
  const until = now();
  const since = watch.begin(until);
  /** Those that somebody else has, or that could not be fired: they are due again at the next beat. */
  const left: Due[] = [];
  let seen = 0;
  for (let look = 0; look < looksMost && !watch.isOver; look++) {
    const due = await findDue(options, until, left);
    if (due.length === 0) break;
    for (const one of due) {
      if (watch.isOver) break;
      const isSeenTo = await fireOne(options, one, since).catch((error: unknown) => {
        onBroken(error, `firing ${one.workflow}/${one.key}`);
        return false;
      });
      if (!isSeenTo) left.push(one);
    }
    seen += due.length;
  }
  watch.end(now());
  return seen;
}

/** What is due, one of each workspace before the second of any, in each the oldest first. */
async function findDue({ sql }: ScheduleOptions, until: number, except: readonly Due[]): Promise<Due[]> {
  const rows = await sql`
    select workspace_id as workspace, workflow, key from triggers
    where next_fire is not null and next_fire <= to_timestamp(${until}::float8 / 1000) and not exists (
      select 1 from unnest(${except.map(({ workflow }) => workflow)}::text[], ${except.map(({ key }) => key)}::text[]) as x (workflow, key)
      where x.workflow = triggers.workflow and x.key = triggers.key)
    order by row_number() over (partition by workspace_id order by next_fire), next_fire limit ${inOneLook}`;
  return z.array(Due).parse([...rows]);
}

/** False when somebody else has it. */
async function fireOne(options: ScheduleOptions, due: Due, since: number): Promise<boolean> {
  const { sql, now } = options;
  return sql.begin(async (tx) => {
    const [row] = await tx`
      select params, (extract(epoch from next_fire) * 1000)::float8 as next from triggers
      where workflow = ${due.workflow} and key = ${due.key} and next_fire <= to_timestamp(${now()}::float8 / 1000)
      for update skip locked`;
    if (!row) return false;
    const params = ScheduleParams.parse(row['params']);
    const at = now();
    const fires = firesToMake(params, { first: Number(row['next']), since, now: at });
    for (const fire of fires.slice(0, firesInTurn)) await makeFire(options, tx, due, params, fire);
    const next = fires[firesInTurn] ?? nextOfAll(params.rules, params.zone, at)[0];
    await tx`
      update triggers set next_fire = to_timestamp(${next ?? null}::float8 / 1000) where workflow = ${due.workflow} and key = ${due.key}`;
    return true;
  });
}

/**
 * Which of the moments from `first` until now are fired: those just due, or due `since` somebody looked, and of those that were missed what the
 * schedule says. Epoch milliseconds, in order.
 */
export function firesToMake(
  { rules, zone, missed }: Pick<ScheduleParams, 'rules' | 'zone' | 'missed'>,
  { first, since, now }: { readonly first: number; readonly since: number; readonly now: number },
): number[] {
  if (first > now) return [];
  const fires = latestFires({ rules, zone }, first, now);
  const due = fires.filter((at) => at >= since - graceMs);
  const late = fires.slice(0, fires.length - due.length);
  if (missed === 'all') return [...late.slice(-makeUpMost), ...due.slice(-makeUpMost)];
  // One run is for all that were missed: what is due now is that one.
  return missed === 'once' && due.length === 0 ? late.slice(-1) : due.slice(-makeUpMost);
}

/** Minutes back from now, four times as many each time, up to two years: no look finds many more fires than are made up for. */
const spans = Array.from({ length: 10 }, (_, index) => 4 ** (index + 1));

/** The moments from `first` until now, the latest ones when there are very many: a rule of every second has 86,400 a day. */
function latestFires({ rules, zone }: Pick<ScheduleParams, 'rules' | 'zone'>, first: number, now: number): number[] {
  for (const minutes of spans) {
    const from = Math.max(first, now - minutes * 60_000);
    const fires = nextOfAll(rules, zone, from - 1, { until: now, count: 100_000 });
    if (from === first) return fires.includes(first) ? fires : [first, ...fires];
    if (fires.length > makeUpMost + graceMs / 1000) return fires;
  }
  return [first];
}

async function makeFire(
  options: ScheduleOptions,
  tx: TransactionSql,
  { workspace, workflow, key }: Due,
  { zone }: ScheduleParams,
  fire: number,
): Promise<void> {
  const at = new Date(fire).toISOString();
  const inserted = await tx`
    insert into fires (workspace_id, workflow, key, fire_at, outcome) values (${workspace}, ${workflow}, ${key}, ${at}::timestamptz, 'started')
    on conflict do nothing returning 1`;
  if (inserted.length === 0) return;
  const accepted = await begin(options, { workspace, workflow, key }, zone, at);
  const run = accepted.is === 'started' ? accepted.actor.run : accepted.is === 'skipped' ? null : accepted.run;
  const outcome = accepted.is === 'skipped' ? 'skipped' : 'started';
  await tx`
    update fires set run = ${run}, outcome = ${outcome} where workflow = ${workflow} and key = ${key} and fire_at = ${at}::timestamptz`;
}

/** Starts the run of a fire. The transaction that holds the fire is not its own: should it be lost, the same run is found the next time. */
async function begin(
  { engine, directory, admission, now }: ScheduleOptions,
  { workspace, workflow, key }: Due,
  zone: string,
  at: string,
): Promise<Accepted> {
  const trigger = directory.trigger(workspace, { workflow, key });
  const published = trigger && (await directory.version(trigger));
  if (!trigger || !published) return { is: 'skipped', why: 'it is not published any more' };
  const overlap = overlapOf(trigger);
  const what = {
    workspace,
    published,
    key,
    kind: 'schedule',
    items: [{ scheduledFor: at, firedAt: new Date(now()).toISOString(), timezone: zone }],
    lane: 'background' as const,
    source: `schedule ${key}`,
    subject: at,
    dedupeKey: `fire ${at}`,
    run: fireRun(workflow, key, at),
  };
  return overlap ? admission.admit(what, overlap) : accept(engine, admission, what);
}

const fireRun = (...place: readonly string[]) =>
  `run_${createHash('sha256')
    .update(JSON.stringify(['fire', ...place]))
    .digest('base64url')
    .slice(0, 26)}`;

/**
 * Brings forward what a clock that was wrong put too far into the future; a fire that was made already is not made again. Call it now and then.
 * The schedules of all workspaces are gone through in turns.
 */
export async function mendSchedules({ sql, now }: Pick<ScheduleOptions, 'sql' | 'now'>): Promise<void> {
  const rows = z.array(Due.extend({ next: z.number(), params: z.unknown() })).parse([
    ...(await sql`
        select workspace_id as workspace, workflow, key, params, (extract(epoch from next_fire) * 1000)::float8 as next
        from triggers where kind = 'schedule' and next_fire is not null`),
  ]);
  const turns = new Turns();
  for (const { workflow, key, next, params } of rows) {
    await turns.taken();
    const { rules, zone } = ScheduleParams.parse(params);
    const [wanted] = nextOfAll(rules, zone, now());
    if (wanted !== undefined && wanted < next)
      await sql`
        update triggers set next_fire = to_timestamp(${wanted}::float8 / 1000)
        where workflow = ${workflow} and key = ${key} and next_fire = to_timestamp(${next}::float8 / 1000)`;
  }
}
