import type { PendingQuery, Row as SqlRow, TransactionSql } from 'postgres';
import * as z from 'zod';
import type { Fact } from '../../flow/facts/fact.ts';
import { withWorkspaceSql } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import type { Engine } from '../engine/engine.ts';
import type { StartRequest } from '../engine/start.ts';
import type { RunFilters } from '../journal/journal.ts';
import type { QueueCursor, Queued } from '../runs/queued.ts';
import type { Run } from '../../flow/contract/run.ts';
import { Refused } from '../journal/refused.ts';
import { requestOf } from './accept.ts';
import type { Directory, PublishedVersion } from '../triggers/directory.ts';
import { awayOf } from './kept-items.ts';
import { lockWorkflow, readKept } from './pending.ts';

export interface QueuedOptions {
  readonly database: Pick<Database, 'app'>;
  readonly engine: Engine;
  readonly directory: Directory;
}

/** Runs that wait for their turn, and the way to end all of a workflow's. */
export interface QueuedRuns extends Queued {
  /** For a workflow that is published no longer; `version` is the one that was. */
  endAll(workspace: string, workflow: string, version: number, why: { reason: string; by: string }): Promise<void>;
}

const Rows = z.array(
  z.object({
    id: z.string(),
    run: z.string(),
    workflow: z.string(),
    name: z.string(),
    version: z.number().nullable(),
    key: z.string(),
    at: z.number(),
  }),
);
type Row = z.infer<typeof Rows>[number];

export function openQueued(options: QueuedOptions): QueuedRuns {
  const { database, directory } = options;
  const read = async (workspace: string, which: (sql: TransactionSql) => Which) =>
    withWorkspaceSql(database, workspace, async (sql) => Rows.parse([...(await select(sql, which(sql)))]));
  const view = (workspace: string, row: Row) => viewOf(row, kindOf(directory, workspace, row));
  return {
    find: async (workspace, run) => {
      const [row] = await read(workspace, (sql) => ({ where: sql`p.run = ${run}` }));
      return row && view(workspace, row);
    },
    list: async (filters, after) => {
      const { workspace, limit = 50 } = filters;
      if (!mayMatch(filters)) return [];
      const rows = await read(workspace, (sql) => ({ where: matching(sql, filters, after), limit }));
      return rows.map((row) => view(workspace, row));
    },
    count: async (filters) => {
      if (!mayMatch(filters)) return {};
      const groups = await withWorkspaceSql(database, filters.workspace, async (sql) =>
        Counted.parse([...(await countBy(sql, matching(sql, filters)))]),
      );
      const kinds = Map.groupBy(groups, (group) => kindOf(directory, filters.workspace, group));
      return Object.fromEntries(
        [...kinds].map(([kind, own]) => [kind, own.reduce((sum, { count }) => sum + count, 0)]),
      );
    },
    drop: async (workspace, run, why) => {
      const [row] = await read(workspace, (sql) => ({ where: sql`p.run = ${run} and p.kind <> 'start'` }));
      if (row === undefined || row.version === null) return false;
      return (await end(options, { workspace, rows: [row], version: row.version }, why)).length > 0;
    },
    endAll: async (workspace, workflow, version, why) => {
      const rows = await read(workspace, (sql) => ({ where: sql`p.workflow = ${workflow}`, limit: 100_000 }));
      await end(options, { workspace, rows, version }, why);
    },
  };
}

interface Which {
  readonly where: PendingQuery<SqlRow[]>;
  readonly limit?: number;
}

const Counted = z.array(z.object({ workflow: z.string(), key: z.string(), count: z.number() }));

/** How many wait, of the first 10,000 that are found, by what they wait for. */
const countBy = (sql: TransactionSql, where: PendingQuery<SqlRow[]>) => sql`
  select workflow, key, count(*)::int as count from (
    select p.workflow, p.key from pending_events p join workflows w on w.id = p.workflow
    where ${where} and not exists (select 1 from runs r where r.id = p.run) limit 10000) as found group by 1, 2`;

/** What came with it is not read: a hundred thousand that wait may hold a megabyte each. */
const select = (sql: TransactionSql, { where, limit = 1 }: Which) => sql`
  select p.id, p.run, p.workflow, w.name, w.published as version, p.key, (extract(epoch from p.at) * 1000)::float8 as at
  from pending_events p join workflows w on w.id = p.workflow
  where ${where} and not exists (select 1 from runs r where r.id = p.run)
  order by p.at desc, p.run desc limit ${limit}`;

/** Children are never queued, and a filter by another status leaves nothing. */
const mayMatch = ({ status, parent }: RunFilters) =>
  parent === undefined && (status === undefined || status === 'queued');

function matching(sql: TransactionSql, { workflow, since, q }: RunFilters, after?: QueueCursor) {
  const like = q?.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`);
  return sql`true
    ${workflow === undefined ? sql`` : sql`and p.workflow = ${workflow}`}
    ${since === undefined ? sql`` : sql`and p.at >= to_timestamp(${since}::float8 / 1000)`}
    ${like === undefined ? sql`` : sql`and (w.name ilike ${`%${like}%`} or p.run like ${`${like}%`})`}
    ${after ? sql`and (p.at, p.run) < (to_timestamp(${after[0]}::float8 / 1000), ${after[1]})` : sql``}`;
}

const kindOf = (directory: Directory, workspace: string, of: Pick<Row, 'workflow' | 'key'>): string =>
  directory.trigger(workspace, of)?.kind ?? '';

const viewOf = ({ run, workflow, name, version, key, at }: Row, kind: string): Run => ({
  id: run,
  workflow,
  workflowName: name,
  version,
  status: 'queued',
  trigger: kind,
  start: key,
  startedAt: new Date(at).toISOString(),
  finishedAt: null,
  durationMs: null,
  needs: [],
});

/** So many are written at a time: their appends go out together. */
const abreast = 64;

/**
 * Writes the runs that were promised, each begun and cancelled in one append, and then forgets that they waited: whoever was given an id finds it.
 * What came with them is named where it is kept, and not read. Gives the ids of those that had not begun by themselves meanwhile.
 */
async function end(
  options: QueuedOptions,
  { workspace, rows, version }: { workspace: string; rows: readonly Row[]; version: number },
  why: { reason: string; by: string },
): Promise<string[]> {
  const [first] = rows;
  if (!first) return [];
  const published = await options.directory.version({ workspace, workflow: first.workflow, version });
  const over = published ? await endEach(options, { workspace, rows, published }, why) : rows.map(({ id }) => id);
  await withWorkspaceSql(options.database, workspace, async (sql) => {
    // Who decides about them at this moment would put them back.
    await lockWorkflow(sql, first.workflow);
    await sql`delete from pending_events where id = any(${over}::text[])`;
  });
  return over;
}

/** Gives the ids of those that had not begun by themselves meanwhile. */
async function endEach(
  options: QueuedOptions,
  { workspace, rows, published }: { workspace: string; rows: readonly Row[]; published: PublishedVersion },
  why: { reason: string; by: string },
): Promise<string[]> {
  const ended: string[] = [];
  const endIt = async (row: Row) => {
    if (await endOne(options, workspace, row, published, why)) ended.push(row.id);
  };
  for (let from = 0; from < rows.length; from += abreast)
    await Promise.all(rows.slice(from, from + abreast).map(endIt));
  return ended;
}

/** False when it began by itself meanwhile. */
async function endOne(
  { database, engine, directory }: QueuedOptions,
  workspace: string,
  row: Row,
  published: PublishedVersion,
  why: { reason: string; by: string },
): Promise<boolean> {
  const cancelled: Fact = { type: 'run.cancelled', at: engine.options.clock(), data: why };
  const kept = (await withWorkspaceSql(database, workspace, (sql) => readKept(sql, row.id)))?.items;
  try {
    const request = promised(workspace, row, kept ?? [], published, kindOf(directory, workspace, row));
    await engine.start({ ...request, kept: [cancelled] });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.result.why === 'seq') return false;
    throw error;
  }
}

const Items = z.array(z.unknown());

function promised(
  workspace: string,
  { id, run, key }: Row,
  kept: unknown,
  published: PublishedVersion,
  kind: string,
): StartRequest {
  const away = awayOf(kept);
  const request = requestOf({
    workspace,
    published,
    key,
    kind: kind === '' ? (published.plan.nodes[key]?.type.replace(/^start\./, '') ?? '') : kind,
    items: away ? [] : Items.parse(kept),
    lane: 'background',
    source: '',
    run,
  });
  return { ...request, ...(away ? { inputAt: away } : {}), trigger: { ...request.trigger, event: id } };
}
