import type { Run } from '../../flow/contract/run.ts';
import type { RunFilters } from '../journal/journal.ts';

/** Where a page of a list begins: after the run of this time (epoch milliseconds) and id. */
export type QueueCursor = readonly [at: number, id: string];

/** Runs that were promised and wait for their turn (E29): no fact of them is there yet, and to whoever asks they are runs all the same. */
export interface Queued {
  find(workspace: string, run: string): Promise<Run | undefined>;
  /** The latest first, `limit` at most. */
  list(filters: RunFilters, after: QueueCursor | undefined): Promise<readonly Run[]>;
  count(filters: RunFilters): Promise<Readonly<Record<string, number>>>;
  /** Ends it before it began; false when it waits no longer. */
  drop(workspace: string, run: string, why: { reason: string; by: string }): Promise<boolean>;
}
