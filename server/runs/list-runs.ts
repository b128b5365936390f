import { withWorkspaceSql } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';
import { closeCursor, countRuns, listRuns, openCursor } from '../journal/journal.ts';
import type { RunFilters } from '../journal/journal.ts';
import type { QueueCursor, Queued } from './queued.ts';
import { rowViews } from './reads.ts';
import type { Reading } from './reads.ts';
import type { Run } from '../../flow/contract/run.ts';

/** What listing runs needs. */
export interface Listing extends Reading {
  readonly queued: Queued;
}

const pageSize = 50;

/** Runs as lists show them, the latest first, those that wait for their turn among them. A cursor that is not ours is a 400. */
export async function listed(
  { database, queued }: Listing,
  filters: RunFilters,
  cursor?: string,
): Promise<{ items: Run[]; next: string | null }> {
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const { limit = pageSize } = filters;
  const { begun, next } = await withWorkspaceSql(database, filters.workspace, async (sql) => {
    const page = await listRuns(sql, filters, after);
    return { begun: await rowViews(sql, page.items), next: page.next };
  });
  const waiting = await queued.list({ ...filters, limit: limit + 1 }, after);
  if (waiting.length === 0) return { items: begun, next: next ?? null };
  const all = [...begun, ...waiting].toSorted(latestFirst);
  const page = all.slice(0, limit);
  const last = page.at(-1);
  const isMore = all.length > limit || next !== undefined;
  return { items: page, next: isMore && last ? closeCursor([Date.parse(last.startedAt), last.id]) : null };
}

const latestFirst = (one: Run, other: Run) =>
  Date.parse(other.startedAt) - Date.parse(one.startedAt) || (other.id > one.id ? 1 : -1);

function placeOf(cursor: string): QueueCursor {
  try {
    return openCursor(cursor);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, 'cursor-invalid', error.message);
    throw error;
  }
}

/** How many runs pass the filters, and how they part by status and trigger whatever status was asked for. */
export interface Counted {
  readonly total: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
  readonly statuses: Readonly<Record<string, number>>;
  readonly triggers: Readonly<Record<string, number>>;
}

/** So many runs are counted and no more: some 10 ms. */
const mostCounted = 10_000;

export async function counted({ database, queued }: Listing, filters: RunFilters): Promise<Counted> {
  const { status, ...others } = filters;
  const rows = await withWorkspaceSql(database, filters.workspace, (sql) => countRuns(sql, others, mostCounted));
  for (const [trigger, count] of Object.entries(await queued.count(others)))
    rows.push({ status: 'queued', trigger, count });
  const sum = (list: typeof rows) => list.reduce((so, { count }) => so + count, 0);
  const by = (name: 'status' | 'trigger', list: typeof rows) =>
    Object.fromEntries([...Map.groupBy(list, (row) => row[name])].map(([value, own]) => [value, sum(own)]));
  const asked = rows.filter((row) => status === undefined || row.status === status);
  return {
    total: sum(asked),
    isMore: sum(rows) >= mostCounted,
    statuses: by('status', rows),
    triggers: by('trigger', asked),
  };
}
