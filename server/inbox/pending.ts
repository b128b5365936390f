import type { ISql, TransactionSql } from 'postgres';
import * as z from 'zod';
import { isoOf } from '../../flow/values/calendar.ts';
import type { InboxEvent } from '../journal/flusher.ts';
import { parseLong } from '../journal/large-values.ts';
import { descent } from '../../flow/facts/fact.ts';
import type { Descent } from '../../flow/facts/fact.ts';
import { jsonOf } from '../text/known-json.ts';
import type { Lots } from '../triggers/limits.ts';
import { awayOf } from './kept-items.ts';

/** What a stored event waits for: others to gather with, a later moment, a turn, only for its run to be there, or for its end. */
export type PendingKind = 'debounce' | 'batch' | 'throttle' | 'queue' | 'start' | 'ending';

/** An event that was accepted and whose run is not there yet, without what came with it. */
export interface Pending {
  readonly id: string;
  readonly workspace: string;
  readonly workflow: string;
  readonly key: string;
  readonly lot: string;
  readonly kind: PendingKind;
  readonly run: string;
  /** How much came with it, as far as it is stored. */
  readonly bytes: number;
  /** The run that it descends from by calls over HTTP. */
  readonly descends: Descent | null;
  /** The lots in which it counts; null of one that came before these were kept. */
  readonly lots: Lots | null;
  /** Epoch milliseconds. */
  readonly due: number | null;
  readonly at: number;
}

const Rows = z.array(
  z.object({
    id: z.string(),
    workspace: z.string(),
    workflow: z.string(),
    key: z.string(),
    lot: z.string(),
    kind: z.enum(['debounce', 'batch', 'throttle', 'queue', 'start', 'ending']),
    run: z.string(),
    bytes: z.number(),
    descends: descent.nullable(),
    lots: z.record(z.string(), z.string()).nullable(),
    due: z.number().nullable(),
    at: z.number(),
  }),
);

type Tx = TransactionSql;

const columns = (tx: Tx) => tx`
  id, workspace_id as workspace, workflow, key, lot, kind, run, bytes, descends, lots,
  (extract(epoch from due) * 1000)::float8 as due, (extract(epoch from at) * 1000)::float8 as at`;

/** One at a time decides about a workflow's events, whichever process it is in. */
export const lockWorkflow = (tx: Tx, workflow: string) =>
  tx`select pg_advisory_xact_lock(hashtextextended(${`heddle triggers ${workflow}`}, 0))`;

/** So much is looked at in one go. */
export const movedAtOnce = 500;

/** What waits to start of a workflow and could be moved on: what is due, and what waits for a turn of a lot that is not full; the oldest first. */
export async function readMovable(tx: Tx, workflow: string, now: number, full: readonly string[]): Promise<Pending[]> {
  return Rows.parse([
    ...(await tx`
      select ${columns(tx)} from pending_events
      where workflow = ${workflow} and (kind = 'queue' and lot <> all(${[...full]}::text[]) or due <= to_timestamp(${now}::float8 / 1000))
      order by at, id limit ${movedAtOnce}`),
  ]);
}

/** The event that gathers others of its lot. */
export async function readGathering(tx: Tx, workflow: string, kind: PendingKind, lot: string) {
  const [row] = Rows.parse([
    ...(await tx`
      select ${columns(tx)} from pending_events where workflow = ${workflow} and kind = ${kind} and lot = ${lot} order by at limit 1`),
  ]);
  return row;
}

/** Stores an event that waits, with what came with it; gives how much that is. */
export async function putPending(tx: Tx, pending: Pending, items: unknown): Promise<number> {
  const { id, workspace, workflow, key, lot, kind, run, descends, lots, due, at } = pending;
  const text = await jsonOf(items);
  const bytes = awayOf(items)?.size ?? Buffer.byteLength(text);
  await tx`
    insert into pending_events (id, workspace_id, workflow, key, lot, kind, run, items, bytes, descends, lots, due, at)
    values (${id}, ${workspace}, ${workflow}, ${key}, ${lot}, ${kind}, ${run}, ${text}::text::json, ${bytes}, ${jsonText(descends)}::text::json,
      ${jsonText(lots)}::text::json, ${dueAt(due)}::timestamptz, to_timestamp(${at}::float8 / 1000))
    on conflict (id) do update set lot = excluded.lot, kind = excluded.kind, items = excluded.items, bytes = excluded.bytes,
      lots = excluded.lots, due = excluded.due`;
  return bytes;
}

/** Stores what an event that is stored waits for now. */
export const movePending = (tx: Tx, { id, lot, kind, lots, due }: Pending) =>
  tx`
    update pending_events set lot = ${lot}, kind = ${kind}, lots = ${jsonText(lots)}::text::json, due = ${dueAt(due)}::timestamptz
    where id = ${id}`;

const jsonText = (value: Lots | Descent | null) => (value === null ? null : JSON.stringify(value));
const dueAt = (due: number | null) => (due === null ? null : isoOf(due));

/** What came with an event, as it is kept, and how long that is as JSON. */
export interface Kept {
  readonly items: unknown;
  readonly length: number;
}

/** What came with an event that waits; undefined when it waits no longer. A long one is parsed in turns. */
export async function readKept(sql: ISql, id: string): Promise<Kept | undefined> {
  const [row] = KeptRows.parse([...(await sql`select items::text as items from pending_events where id = ${id}`)]);
  return row && { items: await parseLong(row.items), length: row.items.length };
}

const KeptRows = z.array(z.object({ items: z.string() }));

export const dropPending = (tx: Tx, id: string) => tx`delete from pending_events where id = ${id}`;

/**
 * Puts an event into the inbox ahead of its run, and takes its dedupe key for 24 h or longer. The run that has the key already, when there is one: then
 * nothing is stored.
 */
export async function putEvent(
  tx: Tx,
  workspace: string,
  event: InboxEvent,
  run: string,
  now: number,
): Promise<string | undefined> {
  const { id, source, type, subject = null, data, trigger = null, dedupeKey, dedupeUntil } = event;
  const at = new Date(now).toISOString();
  if (dedupeKey !== undefined) {
    const [row] = await tx`
      insert into dedupe_keys (workspace_id, trigger, key, run, until)
      values (${workspace}, ${trigger ?? ''}, ${dedupeKey}, ${run},
        greatest(now() + interval '24 hours', ${dueAt(dedupeUntil ?? null)}::timestamptz + interval '1 minute'))
      on conflict (workspace_id, trigger, key) do update set
        run = case when dedupe_keys.until <= now() then excluded.run else dedupe_keys.run end,
        until = case when dedupe_keys.until <= now() then excluded.until else dedupe_keys.until end
      returning run`;
    const holder = z.object({ run: z.string() }).parse(row).run;
    if (holder !== run) return holder;
  }
  await tx`
    insert into events (id, workspace_id, source, type, subject, time, data, trigger, dedupe_key, run)
    values (${id}, ${workspace}, ${source}, ${type}, ${subject}, ${at}::timestamptz, ${await jsonOf(data)}::text::json, ${trigger},
      ${dedupeKey ?? null}, ${run})`;
  return undefined;
}

/** What a run is counted for: a workflow's concurrency, a schedule's overlap. */
export type TurnKind = 'turn' | 'overlap';

/** How many turns of a lot are on record, up to `most`; those of runs that are over among them until somebody asks for the holders. */
export async function countTurns(tx: Tx, workflow: string, kind: TurnKind, lot: string, most: number): Promise<number> {
  const [row] = await tx`
    select count(*)::int as count from (
      select 1 from turns where workflow = ${workflow} and kind = ${kind} and lot = ${lot} limit ${most}) as found`;
  return z.object({ count: z.number() }).parse(row).count;
}

/** The runs that hold a turn of a lot, the oldest first. A turn whose run never came is forgotten after a minute. */
export async function holders(tx: Tx, workflow: string, kind: TurnKind, lot: string): Promise<string[]> {
  await tx`
    delete from turns t where t.workflow = ${workflow} and t.kind = ${kind} and t.lot = ${lot} and (
      exists (select 1 from runs r where r.id = t.run and r.finished_at is not null)
      or (t.at < now() - interval '1 minute' and not exists (select 1 from runs r where r.id = t.run)
        and not exists (select 1 from pending_events p where p.run = t.run)))`;
  const rows =
    await tx`select run from turns where workflow = ${workflow} and kind = ${kind} and lot = ${lot} order by at, run`;
  return z
    .array(z.object({ run: z.string() }))
    .parse([...rows])
    .map(({ run }) => run);
}

/** When the run started that a throttle counted so many runs ago, the latest being the first; undefined when it counted fewer. Epoch milliseconds. */
export async function startOf(tx: Tx, workflow: string, lot: string, ago: number): Promise<number | undefined> {
  const [row] = await tx`
    select (extract(epoch from at) * 1000)::float8 as at from turns
    where workflow = ${workflow} and kind = 'throttle' and lot = ${lot} and number > 0
      and number = ${latestNumber(tx, workflow, lot)} - ${ago}::bigint + 1`;
  return row && z.object({ at: z.number() }).parse(row).at;
}

/** More than come with one that starts, so that what is over goes sooner than it grows. */
const forgottenAtOnce = 100;

/** Counts the start of a run in a throttle's lot, and forgets some that are too old to count. */
export async function countStart(
  tx: Tx,
  { workspace, workflow, run }: Pick<Pending, 'workspace' | 'workflow' | 'run'>,
  { lot, perMs }: { readonly lot: string; readonly perMs: number },
  now: number,
): Promise<void> {
  await tx`
    insert into turns (workspace_id, workflow, lot, kind, run, number, at)
    values (${workspace}, ${workflow}, ${lot}, 'throttle', ${run}, coalesce(${latestNumber(tx, workflow, lot)}, 0) + 1, ${isoOf(now)}::timestamptz)
    on conflict do nothing`;
  await tx`
    delete from turns where (run, kind) in (
      select run, kind from turns
      where workflow = ${workflow} and kind = 'throttle' and lot = ${lot} and at <= ${isoOf(now - perMs)}::timestamptz
      order by at limit ${forgottenAtOnce})`;
}

const latestNumber = (tx: Tx, workflow: string, lot: string) =>
  tx`(select number from turns where workflow = ${workflow} and kind = 'throttle' and lot = ${lot} order by number desc limit 1)`;

/** Counts a run in a lot. */
export async function putTurn(
  tx: Tx,
  { workspace, workflow, run }: Pick<Pending, 'workspace' | 'workflow' | 'run'>,
  kind: TurnKind,
  lot: string,
  now: number,
): Promise<void> {
  await tx`
    insert into turns (workspace_id, workflow, lot, kind, run, at)
    values (${workspace}, ${workflow}, ${lot}, ${kind}, ${run}, ${new Date(now).toISOString()}::timestamptz) on conflict do nothing`;
}

/** Takes a turn back from a run that is replaced. */
export const dropTurn = (tx: Tx, run: string, kind: TurnKind) =>
  tx`delete from turns where run = ${run} and kind = ${kind}`;

/** Takes the turns back of runs that are over: where a workflow may have very many at once, counting those that are would take ever longer. */
export const giveTurnsBack = async (tx: Tx, runs: readonly string[]): Promise<void> =>
  void (runs.length > 0 && (await tx`delete from turns where run = any(${[...runs]}::text[]) and kind <> 'throttle'`));

/** Workflows with events that could be moved on, of all workspaces. */
export async function movableWorkflows(sql: ISql, now: number): Promise<{ workspace: string; workflow: string }[]> {
  const rows = await sql`
    select distinct workspace_id as workspace, workflow from pending_events
    where kind = 'queue' or due <= to_timestamp(${now}::float8 / 1000)`;
  return z.array(z.object({ workspace: z.string(), workflow: z.string() })).parse([...rows]);
}
