import type { Sql } from 'postgres';
import * as z from 'zod';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { Fault } from '../../flow/facts/faults.ts';
import { snapshotEvery } from '../../flow/facts/snapshot.ts';
import { foldInto } from '../../flow/facts/fold.ts';
import { copyOf, emptyState } from '../../flow/facts/state.ts';
import { openBlobs } from './blobs.ts';
import type { BlobStore } from './blobs.ts';
import { cancelMany, mayHaveChildren } from './cancel-many.ts';
import { readOutputs, weighEnds } from './child-ends.ts';
import {
  beat,
  buryDead,
  claim,
  declareDead,
  expire,
  findExpired,
  findOverdue,
  findReady,
  giveBack,
  handBack,
  postpone,
  renew,
  retire,
  silentAt,
} from './claims.ts';
import type { Worker } from './claims.ts';
import { within } from './flush.ts';
import { openFlusher } from './flusher.ts';
import { planReader, readFacts, readRun, weighJournal } from './journal.ts';
import type { Ledger, StoredRun } from './ledger.ts';
import type { Shelf } from './shelf.ts';
import { readSnapshot, saveSnapshot } from './snapshots.ts';
import { NoSuchRun } from './refused.ts';

/** The ledger on Postgres, with what the process around the engine asks of it besides. */
export interface PostgresLedger extends Ledger {
  readonly blobs: BlobStore;
  readonly sql: Sql;
  readFacts(run: string, after?: number): Promise<StoredFact[]>;
  beat(worker: Worker): Promise<void>;
  retire(boot: string): Promise<void>;
  /**
   * Ends the leases of processes of this place that have not beaten for so long and that `isGone` says are no more: a restart need not wait for
   * their leases.
   */
  missDead(
    place: string,
    silentMs: number,
    isGone: (process: { pid: number; began: string }) => boolean,
  ): Promise<void>;
  /** Forgets processes that have not beaten for so long, and frees their jobs. */
  buryDead(deadAfterMs: number): Promise<void>;
  health(): Promise<{ runs: number; live: number; ready: number; leased: number; workers: number }>;
  close(): Promise<void>;
}

/** What a process tells the ledger of itself. */
export interface LedgerOptions {
  readonly boot: string;
  readonly leaseMs: number;
  /** Where large values stand when not in Postgres. */
  readonly shelf?: Shelf | undefined;
  readonly onAway?: (error: unknown) => void;
}

/** Opens the ledger on the engine's pool. */
export function openLedger(sql: Sql, { boot, leaseMs, shelf, onAway }: LedgerOptions): PostgresLedger {
  const blobs = openBlobs(sql, shelf);
  const flusher = openFlusher(sql, { boot, leaseMs, blobs, ...(onAway ? { onAway } : {}) });
  const readPlan = planReader(sql);
  return {
    sql,
    blobs,
    append: (append) => flusher.append(append),
    readFacts: (run, after) => readFacts(sql, blobs, run, after),
    hasMore: async (run, seq) => {
      const rows = await sql`select 1 from runs where id = ${run} and seq > ${seq}`;
      return rows.length > 0;
    },
    read: (run) => readStored({ sql, blobs, readPlan }, run),
    saveSnapshot: (workspace, run, state) => saveSnapshot(sql, blobs, { workspace, run, state }),
    claim: (place, options = {}) => claim(sql, place, { owner: boot, leaseMs, ...options }),
    // Without an answer the lease runs out: there is no use in waiting longer, and asking again may find a connection that works.
    renew: () => within(leaseMs, renew(sql, boot, leaseMs), () => {}),
    handBack: async () => void (await handBack(sql, boot)),
    expire: (claims) => expire(sql, claims),
    postpone: (claim) => postpone(sql, claim, boot),
    findExpired: (limit) => findExpired(sql, limit),
    giveBack: (claim) => giveBack(sql, boot, claim),
    findReady: (workspace, limit) => findReady(sql, workspace, limit),
    findOverdue: (limit, except = []) => findOverdue(sql, limit, { except }),
    cancelMany: (of, fact) => cancelMany(sql, of, fact),
    mayHaveChildren: (run) => mayHaveChildren(sql, run),
    weighEnds: (runs) => weighEnds(sql, runs),
    readOutputs: (runs) => readOutputs(sql, blobs, runs),
    findUndelivered: (limit, after) => findUndelivered(sql, limit, after),
    beat: (worker) => within(leaseMs, beat(sql, worker), () => {}),
    retire: (dead) => retire(sql, dead),
    missDead: async (place, silentMs, isGone) => {
      const dead = (await silentAt(sql, place, silentMs)).filter(isGone).map((worker) => worker.boot);
      if (dead.length > 0) await declareDead(sql, dead);
    },
    buryDead: async (deadAfterMs) => void (await buryDead(sql, deadAfterMs)),
    health: () => health(sql),
    close: () => flusher.close(),
  };
}

async function readStored(
  { sql, blobs, readPlan }: { sql: Sql; blobs: BlobStore; readPlan: ReturnType<typeof planReader> },
  run: string,
): Promise<StoredRun> {
  const row = await readRun(sql, run);
  const plan = row && (await readPlan(row.workspace, row.plan));
  if (!row || !plan) throw new NoSuchRun(run);
  const { workspace } = row;
  // Only a long run has a snapshot: short ones need not be asked for one.
  const kept = row.seq > snapshotEvery ? await readSnapshot(sql, blobs, workspace, run) : undefined;
  let lost: Fault | undefined;
  const onLost = (fault: Fault) => void (lost ??= fault);
  const facts = await readFacts(sql, blobs, run, kept?.seq ?? 0, { workspace, onLost });
  const state = foldInto(kept ?? copyOf(emptyState), facts);
  // Runs that began before bytes were counted are weighed.
  const bytes = row.bytes ?? (await weighJournal(sql, run));
  return { workspace, plan, state, bytes, ...(lost ? { lost } : {}) };
}

/**
 * Parents whose calls wait for runs, with children that are all over: what the process that ended the last child should have delivered. A parent
 * that has gone on to wait for something else is none of them, or it would be read again at each sweep, for ever.
 */
async function findUndelivered(sql: Sql, limit: number, after = ''): Promise<string[]> {
  const rows = await sql`
    select p.id from runs p
    where p.awaits_runs and p.id > ${after} and p.status = 'waiting'
      and exists (select 1 from runs c where c.parent_run = p.id)
      and not exists (select 1 from runs c where c.parent_run = p.id and c.finished_at is null)
    order by p.id limit ${limit}`;
  return z
    .array(z.object({ id: z.string() }))
    .parse([...rows])
    .map(({ id }) => id);
}

async function health(sql: Sql) {
  const [row] = await sql`
    select (select count(*)::int from runs) as runs, (select count(*)::int from runs where finished_at is null) as live,
      (select count(*)::int from stages where state = 'ready') as ready, (select count(*)::int from stages where state = 'leased') as leased,
      (select count(*)::int from workers) as workers`;
  return z
    .object({ runs: z.number(), live: z.number(), ready: z.number(), leased: z.number(), workers: z.number() })
    .parse(row);
}
