import type { ISql } from 'postgres';
import * as z from 'zod';
import { plan as planSchema, type Plan } from '../../flow/compile/plan.ts';
import type { Fault } from '../../flow/facts/faults.ts';
import { anyFact, type FactType, type StoredFact } from '../../flow/facts/fact.ts';
import { withinCalendar } from '../../flow/values/calendar.ts';
import type { BlobStore } from './blobs.ts';
import { Turns } from '../text/turns.ts';
import { bringBack, mayHoldMarker, parseLong, readText } from './large-values.ts';

/** A fact as it is in the table: what left for blobs is `{ $blob, size }`. `at` is epoch milliseconds. */
export interface JournalRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  /** JSON. */
  readonly data: string;
}

const Rows = z.array(z.object({ seq: z.number(), at: z.number(), type: z.string(), data: z.string() }));

const factColumns = (sql: ISql) => sql`seq, (extract(epoch from at) * 1000)::float8 as at, type, data::text as data`;

/** The facts of a run after a seq, as they are stored, all or the first of them; empty when there are none. */
export async function readJournal(sql: ISql, run: string, afterSeq = 0, most?: number): Promise<JournalRow[]> {
  const rows = await sql`
    select ${factColumns(sql)}
    from run_events where run = ${run} and seq > ${afterSeq} order by seq limit ${most ?? null}::bigint`;
  return Rows.parse([...rows]);
}

/** A stretch of the facts of a run, for whoever only sends them on. */
export interface JournalStretch {
  /** Those that go as they are stored, each as the JSON `[seq, at, type, data]`, with commas between; in order, as far as they lie beside each other. */
  readonly ready: string;
  /** The others: long ones, and those with something in them that is not sent as it stands. */
  readonly others: readonly JournalRow[];
  /** The seq of the last; the one that was asked after where there is none. */
  readonly last: number;
}

/**
 * The facts of a run after a seq, at most so many, put together by the database: a row each would cost this process more than all else of sending
 * them. A fact of over `longest` characters, or with one of the words in its JSON, is not sent as it is stored.
 */
export async function readStretch(
  sql: ISql,
  run: string,
  { after, most, longest, words }: { after: number; most: number; longest: number; words: readonly string[] },
): Promise<JournalStretch> {
  const [row] = await sql`
    with stretch as materialized (
      select ${factColumns(sql)}
      from run_events where run = ${run} and seq > ${after} order by seq limit ${most}),
    judged as (
      select *, length(data) <= ${longest} and not exists (select from unnest(${[...words]}::text[]) word where strpos(data, word) > 0) as is_ready
      from stretch)
    select coalesce(max(seq), ${after})::int as last,
      coalesce(string_agg('[' || seq || ',' || at || ',"' || type || '",' || data || ']', ',' order by seq) filter (where is_ready), '') as ready,
      coalesce(json_agg(json_build_object('seq', seq, 'at', at, 'type', type, 'data', data) order by seq) filter (where not is_ready), '[]')::text as others
    from judged`;
  const { others, ...rest } = Stretch.parse(row);
  return { ...rest, others: Rows.parse(await parseLong(others)) };
}

const Stretch = z.object({ last: z.int(), ready: z.string(), others: z.string() });

/** One fact of a run as it is stored, its first unless another is named; empty when there is none. */
export async function readFact(sql: ISql, run: string, seq = 1): Promise<JournalRow[]> {
  const rows = await sql`
    select ${factColumns(sql)}
    from run_events where run = ${run} and seq = ${seq}`;
  return Rows.parse([...rows]);
}

/** The last fact of a type as it is stored; empty when there is none. */
export async function readLast(sql: ISql, run: string, type: FactType): Promise<JournalRow[]> {
  const rows = await sql`
    select ${factColumns(sql)}
    from run_events where run = ${run} and type = ${type} order by seq desc limit 1`;
  return Rows.parse([...rows]);
}

/** The facts of some types, whole and in order; the database looks at all of the run's, this process at those alone. */
export async function readOfTypes(
  sql: ISql,
  blobs: BlobStore,
  { workspace, run }: { readonly workspace: string; readonly run: string },
  types: readonly FactType[],
): Promise<StoredFact[]> {
  const rows = await sql`
    select ${factColumns(sql)}
    from run_events where run = ${run} and type = any(${[...types]}::text[]) order by seq`;
  return wholeFacts(Rows.parse([...rows]), eachAnew(blobs, workspace));
}

/** How many bytes facts `f` have as JSON, with the sizes that markers of large values name. */
export const journalWeight = (sql: ISql) => sql`
  coalesce(sum(octet_length(f.data::text) + coalesce((
    select sum(m[1]::float8) from regexp_matches(f.data::text, '"\\$blob": *"[^"]*", *"size": *([0-9]{1,12})', 'g') m
    where strpos(f.data::text, '"$blob"') > 0), 0)), 0)::float8`;

/** What the journal of a run weighs. */
export async function weighJournal(sql: ISql, run: string): Promise<number> {
  const [row] = await sql`select ${journalWeight(sql)} as bytes from run_events f where run = ${run}`;
  return Weight.parse(row).bytes;
}

const Weight = z.object({ bytes: z.number() });

/**
 * The facts of a run after a seq, whole: large values are fetched, each fact is checked against the schema once, here. The workspace is read
 * from the run's row unless it is given. With `onLost` a value that is proven missing is told, and the facts are read all the same (`bringBack`).
 */
export async function readFacts(
  sql: ISql,
  blobs: BlobStore,
  run: string,
  afterSeq = 0,
  { workspace, onLost }: { workspace?: string; onLost?: (fault: Fault) => void } = {},
): Promise<StoredFact[]> {
  const rows = await readJournal(sql, run, afterSeq);
  const isWhole = rows.every(({ data }) => !mayHoldMarker(data));
  const owner = isWhole ? '' : (workspace ?? (await readRun(sql, run))?.workspace ?? '');
  return wholeFacts(rows, eachAnew(blobs, owner), onLost);
}

/**
 * Facts from their rows, in turns, their large values fetched side by side by the names of their blobs. Whoever read the rows in a transaction has left
 * it by now: a store may be slow.
 */
export async function wholeFacts(
  rows: readonly JournalRow[],
  readBlob: (hash: string) => Promise<unknown>,
  onLost?: (fault: Fault) => void,
): Promise<StoredFact[]> {
  const turns = new Turns();
  const fetched: Promise<unknown>[] = [];
  for (const { type, data } of rows) {
    const raw: unknown = JSON.parse(data);
    const whole = mayHoldMarker(data) ? bringBack(readBlob, { type, data: raw }, onLost) : Promise.resolve(raw);
    // What is lost is told when all is awaited.
    whole.catch(() => undefined);
    fetched.push(whole);
    await turns.taken();
  }
  const facts: StoredFact[] = [];
  for (const [index, data] of (await Promise.all(fetched)).entries()) {
    const { seq, at, type } = rows[index]!;
    facts.push({ ...anyFact.parse({ type, at, data }), seq });
    await turns.taken();
  }
  return facts;
}

/**
 * The same blob under several names of one run is read once and parsed for each: what carries a run out knows items by their identity, and two nodes
 * that made the same made two things.
 */
export function eachAnew(blobs: BlobStore, workspace: string): (hash: string) => Promise<unknown> {
  const reading = new Map<string, Promise<string>>();
  return async (hash) => {
    const known = reading.get(hash) ?? readText(blobs, workspace, hash);
    reading.set(hash, known);
    return parseLong(await known);
  };
}

const RunRow = z.object({
  id: z.string(),
  workspace: z.string(),
  workflow: z.string(),
  workflowName: z.string(),
  version: z.number().nullable(),
  status: z.enum(['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled']),
  mode: z.string(),
  trigger: z.string(),
  event: z.string().nullable(),
  start: z.string(),
  lane: z.string(),
  seq: z.number(),
  plan: z.string(),
  engine: z.number(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  retryOf: z.string().nullable(),
  root: z.string(),
  parent: z.object({ run: z.string(), path: z.string(), node: z.string(), item: z.number().nullable() }).nullable(),
  depth: z.number(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  needs: z.array(z.looseObject({ kind: z.string() })),
  hidden: z.boolean(),
  /** Of its facts and large values; null for a run that began before this was counted. */
  bytes: z.number().nullable(),
});
/** A run as lists show it. Times are epoch milliseconds. */
export type RunRow = z.infer<typeof RunRow>;

const runColumns = (sql: ISql) => sql`
  id, workspace_id as workspace, workflow, workflow_name as "workflowName", version, status, mode, trigger_kind as trigger, event, start, lane,
  seq, plan, engine, (extract(epoch from started_at) * 1000)::float8 as "startedAt",
  (extract(epoch from finished_at) * 1000)::float8 as "finishedAt", retry_of as "retryOf", root,
  case when parent_run is not null then
    json_build_object('run', parent_run, 'path', parent_path, 'node', parent_node, 'item', parent_item) end as parent,
  depth, error, needs, hidden, bytes::float8 as bytes`;

/** One run as lists show it. */
export async function readRun(sql: ISql, run: string): Promise<RunRow | undefined> {
  const [row] = await sql`select ${runColumns(sql)} from runs where id = ${run}`;
  return row && RunRow.parse(row);
}

/** Which runs to list. `since` is epoch milliseconds; `q` is part of what a list shows: of the workflow's name, of a run's id, of what went wrong. */
export interface RunFilters {
  readonly workspace: string;
  readonly workflow?: string;
  readonly status?: RunRow['status'];
  readonly since?: number;
  readonly q?: string;
  /** Children of this run, hidden or not; without it, hidden runs are left out. */
  readonly parent?: string;
  readonly limit?: number;
}

const Cursor = z.tuple([z.number(), z.string()]);

/** Runs after a place, the latest first. `next` is the cursor of the page after this one. */
export async function listRuns(
  sql: ISql,
  filters: RunFilters,
  after?: readonly [at: number, id: string],
): Promise<{ items: RunRow[]; next: string | undefined }> {
  const { limit = 50 } = filters;
  const rows = await sql`
    select ${runColumns(sql)} from runs where ${matching(sql, filters)}
    ${after ? sql`and (started_at, id) < (to_timestamp(${after[0]}::float8 / 1000), ${after[1]})` : sql``}
    order by started_at desc, id desc limit ${limit + 1}`;
  const items = z.array(RunRow).parse(rows.slice(0, limit));
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? closeCursor([last.startedAt, last.id]) : undefined };
}

/** How many runs there are of each status and trigger, of the first `most` that are found. */
export async function countRuns(sql: ISql, filters: RunFilters, most: number) {
  const rows = await sql`
    select status, trigger_kind as trigger, count(*)::int as count
    from (select status, trigger_kind from runs where ${matching(sql, filters)} limit ${most}) as found group by 1, 2`;
  return z.array(z.object({ status: z.string(), trigger: z.string(), count: z.number() })).parse([...rows]);
}

/** Some runs by their ids; those that nobody lists are left out. */
export async function findRuns(sql: ISql, ids: readonly string[]): Promise<RunRow[]> {
  const rows = await sql`select ${runColumns(sql)} from runs where id = any(${[...ids]}::text[]) and not hidden`;
  return z.array(RunRow).parse([...rows]);
}

function matching(sql: ISql, { workspace, workflow, status, since, q, parent }: RunFilters) {
  // The status stands in the text, so that the planner may use the index of the runs that are not finished.
  const byStatus = status === undefined ? sql`` : sql.unsafe(`and status = '${RunRow.shape.status.parse(status)}'`);
  return sql`
    workspace_id = ${workspace}
    ${workflow === undefined ? sql`` : sql`and workflow = ${workflow}`}
    ${byStatus}
    ${since === undefined ? sql`` : sql`and started_at >= to_timestamp(${since}::float8 / 1000)`}
    ${q === undefined ? sql`` : sql`and ${saying(sql, `%${literally(q)}%`)}`}
    ${parent === undefined ? sql`and not hidden` : sql`and parent_run = ${parent}`}`;
}

const saying = (sql: ISql, words: string) =>
  sql`(workflow_name ilike ${words} or id ilike ${words} or error->>'message' ilike ${words})`;

const literally = (text: string) => text.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`);

/** The cursor of what comes after a place. */
export const closeCursor = (place: z.infer<typeof Cursor>) => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor names; a RangeError when it is not one of ours. */
export function openCursor(cursor: string): z.infer<typeof Cursor> {
  try {
    const [at, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return [withinCalendar(at), id];
  } catch (cause) {
    throw new RangeError('This cursor is not one of ours.', { cause });
  }
}

/** Reads pinned plans; the latest `most` stay in memory, because a plan under a fingerprint never changes. */
export function planReader(
  sql: ISql,
  most = 200,
): (workspace: string, fingerprint: string) => Promise<Plan | undefined> {
  const known = new Map<string, Plan>();
  return async (workspace, fingerprint) => {
    const name = `${workspace}/${fingerprint}`;
    const held = known.get(name);
    if (held) return held;
    const [row] = await sql`
      select plan::text as plan from plans where workspace_id = ${workspace} and fingerprint = ${fingerprint}`;
    if (!row) return undefined;
    const read = planSchema.parse(await parseLong(String(row['plan'])));
    if (known.size >= most) for (const oldest of [...known.keys()].slice(0, most >> 2)) known.delete(oldest);
    known.set(name, read);
    return read;
  };
}
