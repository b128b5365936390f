import type { TransactionSql } from 'postgres';
import * as z from 'zod';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import { workflow as workflowSchema } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { withWorkspaceSql } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import type { MakeRoom } from '../http/readers.ts';
import { notFound } from '../http/refusal.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { readFact, readJournal, readLast, readRun, wholeFacts } from '../journal/journal.ts';
import { findRetries } from '../journal/retries.ts';
import { parseLong, readJson } from '../journal/large-values.ts';
import type { RunRow } from '../journal/journal.ts';
import type { RetriedAs, Run } from '../../flow/contract/run.ts';
import { Turns } from '../text/turns.ts';
import { membersShown, partsShown, shown } from './shown.ts';
import { weightOfRows, weightOfRun } from './weights.ts';
import { errorView } from '../../flow/facts/views.ts';
import { eventView, stepViews } from './views.ts';
import type { StepView } from './views.ts';
import { trace } from '../../flow/facts/trace.ts';
import type { Lineage } from '../../flow/facts/step.ts';

/** What reading runs needs: the requests' pool, the store of large values, and room for what is read where somebody is sent it. */
export interface Reading {
  readonly database: Pick<Database, 'app'>;
  readonly blobs: BlobStore;
  readonly makeRoom?: MakeRoom;
}

/** One run; 404 for another workspace's. Of its facts the last is read, and only when it gave something. */
export async function oneRun(reading: Reading, workspace: string, id: string, isFull: boolean): Promise<Run> {
  const { view, end } = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    const row = await ownRun(sql, id);
    const view = rowView(row, await retriedAsOf(sql, row));
    return { view, end: row.status === 'finished' ? await readLast(sql, id, 'run.finished') : [] };
  });
  const [stored] = end;
  if (!stored) return view;
  // Unless all is asked for, what left for the store is shown by its name and size, as it stands in the fact.
  if (isFull) await reading.makeRoom?.(weightOfRows(end));
  const data: unknown = isFull
    ? (await wholeFacts(end, readBlob(reading, workspace)))[0]?.data
    : JSON.parse(stored.data);
  const { output } = Finished.parse(data);
  return { ...view, output: isFull ? output : await shown(output) };
}

const Finished = z.object({ output: z.unknown() });

/** About so many bytes of lists go with the steps of a run. */
const mostInline = 2_000_000;

/** The steps of a run; values over `inline` bytes by name and size, unless `isFull`. */
export async function stepsOf(
  reading: Reading,
  workspace: string,
  id: string,
  { isFull = false, inline, turn }: { isFull?: boolean; inline?: number | undefined; turn?: string | undefined } = {},
) {
  const { plan, facts } = await wholeOf(reading, workspace, id);
  const all = stepViews(plan, facts);
  const steps = turn === undefined ? all : ofTurn(all, turn);
  if (isFull) return steps;
  // A loop of a thousand turns has thousands of steps: the more there are, the less of each is sent unasked.
  const from = inline === undefined ? undefined : Math.min(inline, Math.max(256, mostInline / steps.length));
  const turns = new Turns();
  const made = [];
  for (const step of steps)
    made.push({
      ...step,
      input: await membersShown(step.input, from, turns),
      output: await membersShown(step.output, from, turns),
      ...(step.from ? { from: await membersShown(step.from, from, turns) } : {}),
    });
  return made;
}

/** Of a loop that ran whole in one stage only one turn's steps: the one that was asked for, or the last of each node. */
function ofTurn(steps: readonly StepView[], turn: string): StepView[] {
  const summed = new Set(steps.flatMap(({ key, turns = [] }) => turns.map(({ at }) => `${key} ${at}`)));
  const isSingle = (step: StepView) => step.turns === undefined && summed.has(`${step.key} ${step.path}`);
  const last = new Map(steps.filter(isSingle).map((step) => [step.key, step]));
  return steps.filter(
    (step) =>
      !isSingle(step) || (turn === 'last' ? last.get(step.key) === step : `${turn}/`.startsWith(`${step.path}/`)),
  );
}

/** The items of one port of a step, whole, and which items of the first input they came from where that is known and not one to one. */
export async function itemsOf(
  reading: Reading,
  workspace: string,
  id: string,
  { step, side, port }: { step: string; side: 'input' | 'output'; port: string },
): Promise<{ items: readonly unknown[]; from?: Lineage }> {
  const { plan, facts } = await wholeOf(reading, workspace, id);
  const found = trace(plan, facts).find((one) => one.id === step);
  const ports = found?.[side];
  const items = ports && Object.hasOwn(ports, port) ? ports[port] : undefined;
  if (!items) throw notFound('step');
  const from = side === 'output' ? found?.from?.[port] : undefined;
  return { items, ...(from ? { from } : {}) };
}

/**
 * The first facts of a run after a seq, as many as are read at once, and what the next are after; large values as the journal keeps them, unless
 * `isFull`.
 */
export async function eventsOf(
  reading: Reading,
  workspace: string,
  id: string,
  { after = 0, isFull = false, mostOf }: { after?: number; isFull?: boolean; mostOf: (row: RunRow) => number },
) {
  await makeRoomFor(reading, workspace, id, mostOf);
  const { rows, upTo } = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    const row = await ownRun(sql, id);
    return { rows: await readJournal(sql, id, after, mostOf(row)), upTo: row.seq };
  });
  const last = rows.at(-1)?.seq;
  const next = last !== undefined && last < upTo ? last : undefined;
  if (isFull) return { facts: (await wholeFacts(rows, readBlob(reading, workspace))).map(eventView), next };
  const turns = new Turns();
  const facts = [];
  for (const { seq, at, type, data } of rows) {
    facts.push({ seq, at: new Date(at).toISOString(), type, data: partsShown(JSON.parse(data)) });
    await turns.taken();
  }
  return { facts, next };
}

/** The row of a run of the workspace that the transaction acts in; 404 otherwise. */
export async function ownRun(sql: TransactionSql, id: string): Promise<RunRow> {
  const row = await readRun(sql, id);
  if (!row) throw notFound('run');
  return row;
}

/** What a run that is over was retried as. */
export const retriedAsOf = async (sql: TransactionSql, { id, finishedAt }: RunRow): Promise<RetriedAs | undefined> =>
  finishedAt === null ? undefined : (await findRetries(sql, [id])).get(id);

/** Rows with what they were retried as, as lists show them. */
export async function rowViews(sql: TransactionSql, rows: readonly RunRow[]): Promise<Run[]> {
  const over = rows.filter(({ finishedAt }) => finishedAt !== null).map(({ id }) => id);
  const retries = await findRetries(sql, over);
  return rows.map((row) => rowView(row, retries.get(row.id)));
}

/** A run with its plan, its document and all of its facts. No connection is held while their large values are fetched. */
export async function wholeOf(reading: Reading, workspace: string, id: string) {
  await makeRoomFor(reading, workspace, id);
  const { rows, ...found } = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    const row = await ownRun(sql, id);
    const [rows, pinned, retriedAs] = await Promise.all([
      readJournal(sql, id),
      readPinned(sql, workspace, row.plan),
      retriedAsOf(sql, row),
    ]);
    if (!pinned) throw new Error(`the plan of ${id} is not there`);
    return { row, rows, retriedAs, ...pinned };
  });
  const facts = await wholeFacts(rows, readBlob(reading, workspace));
  return { ...found, facts, document: drawn(facts[0]) ?? found.document };
}

/** Waits for room for so many facts of a run, all of them when left out: before any is read, and with no connection in hand. */
async function makeRoomFor(
  { database, makeRoom }: Reading,
  workspace: string,
  id: string,
  mostOf?: (row: RunRow) => number,
): Promise<void> {
  if (!makeRoom) return;
  const row = await withWorkspaceSql(database, workspace, (sql) => ownRun(sql, id));
  await makeRoom(weightOfRun(row, mostOf?.(row)));
}

/** The row of a run with the document that it is pinned to; 404 for another workspace's. */
export async function pinnedOf(reading: Reading, workspace: string, id: string) {
  const { row, document, first } = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    const row = await ownRun(sql, id);
    const pinned = await readPinned(sql, workspace, row.plan);
    if (!pinned) throw new Error(`the plan of ${id} is not there`);
    return { row, document: pinned.document, first: await readFact(sql, id) };
  });
  await reading.makeRoom?.(weightOfRows(first));
  const [fact] = await wholeFacts(first, readBlob(reading, workspace));
  return { row, document: drawn(fact) ?? document };
}

/** The draft that a run carries out, as it was drawn then; undefined for a version's run, and for one of an older build. */
function drawn(first: StoredFact | undefined): Workflow | undefined {
  const document = first?.type === 'run.started' ? first.data.document : undefined;
  return document === undefined ? undefined : workflowSchema.parse(document);
}

/** The plan that runs are pinned to, with the document that it came from. */
async function readPinned(sql: TransactionSql, workspace: string, fingerprint: string) {
  const [row] = await sql`
    select plan::text as plan, document::text as document from plans
    where workspace_id = ${workspace} and fingerprint = ${fingerprint}`;
  if (!row) return undefined;
  const [plan, document] = [await parseLong(String(row['plan'])), await parseLong(String(row['document']))];
  return { plan: planSchema.parse(plan), document: workflowSchema.parse(document) };
}

/** The plan under a fingerprint; undefined where the workspace has none. */
export async function pinnedPlan(sql: TransactionSql, workspace: string, fingerprint: string) {
  const [row] = await sql`
    select plan::text as plan from plans where workspace_id = ${workspace} and fingerprint = ${fingerprint}`;
  return row && planSchema.parse(await parseLong(String(row['plan'])));
}

/** Reads what left the rows of a workspace's facts; the same blob is read once, and is the same value wherever it is named. */
export function readBlob({ blobs }: Pick<Reading, 'blobs'>, workspace: string): (hash: string) => Promise<unknown> {
  const reading = new Map<string, Promise<unknown>>();
  return (hash) => {
    const known = reading.get(hash) ?? readJson(blobs, workspace, hash);
    reading.set(hash, known);
    return known;
  };
}

/** How a workflow's runs have gone lately, for the list of workflows. */
export interface RunSummary {
  readonly lastRuns: readonly {
    id: string;
    status: RunRow['status'];
    trigger: string;
    version: number | null;
    startedAt: string;
    durationMs: number | null;
    retryOf?: string;
  }[];
  /** Runs that wait for a person. */
  readonly needs: number;
}

const lastCount = 10;

/** Summaries by workflow; one without runs is missing. */
export async function summaries(
  { database }: Pick<Reading, 'database'>,
  workspace: string,
  workflows: readonly string[],
): Promise<ReadonlyMap<string, RunSummary>> {
  const rows = await withWorkspaceSql(
    database,
    workspace,
    (sql) => sql`
      select w.id as workflow, last.runs, coalesce(waiting.needs, 0)::int as needs
      from unnest(${[...workflows]}::text[]) as w(id)
      left join lateral (
        select json_agg(json_build_object('id', id, 'status', status, 'trigger', trigger_kind, 'version', version, 'retryOf', retry_of, 'startedAt', (extract(epoch from started_at) * 1000)::float8,
          'finishedAt', (extract(epoch from finished_at) * 1000)::float8)) as runs
        from (
          select id, status, trigger_kind, version, retry_of, started_at, finished_at from runs r
          where r.workspace_id = ${workspace} and r.workflow = w.id and not hidden
          order by started_at desc, id desc limit ${lastCount}) as latest) as last on true
      left join lateral (
        select count(*) as needs from runs r
        where r.workspace_id = ${workspace} and r.workflow = w.id and r.status in ('waiting', 'running') and r.needs <> '[]') as waiting
        on true`,
  );
  return new Map(
    Summaries.parse([...rows]).map(({ workflow, runs, needs }) => [
      workflow,
      {
        needs,
        lastRuns: (runs ?? []).map(({ id, status, trigger, version, retryOf, startedAt, finishedAt }) => ({
          id,
          status,
          trigger,
          version,
          startedAt: new Date(startedAt).toISOString(),
          durationMs: finishedAt === null ? null : finishedAt - startedAt,
          ...(retryOf === null ? {} : { retryOf }),
        })),
      },
    ]),
  );
}

const Summaries = z.array(
  z.object({
    workflow: z.string(),
    needs: z.number(),
    runs: z
      .array(
        z.object({
          id: z.string(),
          status: z.enum(['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled']),
          trigger: z.string(),
          version: z.number().nullable(),
          retryOf: z.string().nullable(),
          startedAt: z.number(),
          finishedAt: z.number().nullable(),
        }),
      )
      .nullable(),
  }),
);

/** A run's row as the contract shows it. */
export function rowView(row: RunRow, retriedAs?: RetriedAs): Run {
  const { id, workflow, workflowName, version, status, trigger, start, startedAt, finishedAt, needs, parent } = row;
  return {
    id,
    workflow,
    workflowName,
    version,
    status,
    trigger,
    start,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
    durationMs: finishedAt === null ? null : finishedAt - startedAt,
    ...(row.error ? { error: errorView(row.error) } : {}),
    needs,
    ...(row.retryOf ? { retryOf: row.retryOf } : {}),
    ...(retriedAs ? { retriedAs } : {}),
    ...(parent ? { parent: { run: parent.run, node: parent.node, path: parent.path } } : {}),
  };
}
