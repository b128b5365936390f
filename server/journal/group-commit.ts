import type { Sql } from 'postgres';
import { Fault } from '../../flow/facts/faults.ts';
import { rowsOf, type AppendRows } from './append-rows.ts';
import { AppendRefused, type Append, type AppendResult, type Flusher, type FlusherOptions } from './flusher.ts';
import { holdsMany, largeFrom, moveLarge } from './large-values.ts';
import { NoAnswer, flush } from './flush.ts';
import { isUnavailable, mayGoAgain } from './postgres-errors.ts';
import { Known } from './known.ts';

interface Waiting {
  readonly rows: AppendRows;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A flush is cut at so many bytes, so that one large append holds up few others. */
const bytesMost = 4_000_000;
/** What may wait, in bytes: beyond it a database that is away would cost the process its life. */
const waitingMost = 256_000_000;
/** Deadlocks and the like are tried again this often before the batch is split. */
const triesMost = 4;
const unavailable: AppendResult = { ok: false, why: 'unavailable' };

/**
 * The queue of a flusher: one flush in flight, the next one gathering. A second in flight brings nothing: S1 at 50 connections 3,666 a second
 * against 3,621, on two cores.
 */
export class GroupCommit implements Flusher {
  private readonly engine: Sql;
  private readonly options: Required<FlusherOptions>;
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private pumping: Promise<void> | undefined;
  private isClosed = false;
  /** Plans that the database surely has: their text is not sent again within an hour, and none that is in use is older than that (retention). */
  private readonly plans = new Known(1_000, 3_600_000);

  constructor(engine: Sql, options: FlusherOptions) {
    this.engine = engine;
    this.options = { batch: 100, waiting: 20_000, patienceMs: 15_000, onAway: () => {}, ...options };
  }

  async append(append: Append): Promise<AppendResult> {
    if (this.isClosed || this.waiting.length >= this.options.waiting || this.waitingBytes > waitingMost)
      return unavailable;
    const rows = await this.rowsOrAway(append);
    if (!rows) return unavailable;
    append.onWeighed?.(rows.journal);
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.waitingBytes += rows.bytes;
      this.pumping ??= this.pump();
    });
  }

  /** Small appends, nearly all, become rows at once; those with large values wait until their blobs are stored (E19). */
  private rowsOf(append: Append): AppendRows | Promise<AppendRows> {
    if (holdsMany(append)) return this.withBlobs(append);
    const rows = rowsOf(append, { facts: append.facts, event: append.start?.event?.data }, this.plans);
    return rows.largest > largeFrom ? this.withBlobs(append) : rows;
  }

  /** Undefined while the store of large values is away: the append waits for it as it does for the database. */
  private async rowsOrAway(append: Append): Promise<AppendRows | undefined> {
    try {
      return await this.rowsOf(append);
    } catch (error) {
      if (!isUnavailable(error) && !(error instanceof Fault && error.code === 'store.away')) throw error;
      this.options.onAway(error);
      return undefined;
    }
  }

  private async withBlobs(append: Append): Promise<AppendRows> {
    return rowsOf(append, await moveLarge(this.options.blobs, append), this.plans);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.pumping;
  }

  /** Appends of the same turn of the event loop go together: hence the first wait, which costs microseconds. */
  private async pump(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.commit(this.take());
    this.pumping = undefined;
  }

  private take(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const names = new Set<string>();
    let bytes = 0;
    for (const one of this.waiting) {
      const { run, dedupe } = one.rows;
      const isTaken = names.has(run) || (dedupe !== undefined && names.has(dedupe));
      const isFull = taken.length >= this.options.batch || (taken.length > 0 && bytes + one.rows.bytes > bytesMost);
      // Names count for those left behind too: a run's second append must not overtake its first.
      names.add(run);
      if (dedupe !== undefined) names.add(dedupe);
      if (isTaken || isFull) left.push(one);
      else {
        taken.push(one);
        bytes += one.rows.bytes;
      }
    }
    this.waiting = left;
    this.waitingBytes -= bytes;
    // The lock order (E1): rows of `runs` are taken in the order of their ids by every process.
    return taken.toSorted((a, b) => (a.rows.run < b.rows.run ? -1 : 1));
  }

  private takeAll(): Waiting[] {
    const taken = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    return taken;
  }

  /** Commits a batch, or finds the append that cannot be stored by halving: that one is refused, the others are committed. */
  private async commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.flush(batch);
      for (const { rows, resolve } of batch) {
        const result = results.get(rows.run) ?? unavailable;
        if (result.ok && rows.plan !== undefined) this.plans.add(rows.plan);
        if (!result.ok && result.why === 'duplicate' && result.run !== rows.run) this.options.blobs.letGo(rows.run);
        resolve(result);
      }
    } catch (error) {
      const [only] = batch;
      if (isUnavailable(error)) {
        this.options.onAway(error);
        for (const { resolve } of batch) resolve(unavailable);
        // Nobody who came after it is made to wait that long again: they hear it together, and callers get their 503.
        if (error instanceof NoAnswer) for (const { resolve } of this.takeAll()) resolve(unavailable);
      } else if (batch.length === 1 && only) only.reject(new AppendRefused(only.rows.run, error));
      else {
        const half = batch.length >> 1;
        await this.commit(batch.slice(0, half));
        await this.commit(batch.slice(half));
      }
    }
  }

  private async flush(batch: readonly Waiting[]): Promise<ReadonlyMap<string, AppendResult>> {
    const rows = batch.map((one) => one.rows);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await flush(this.engine, rows, this.options);
      } catch (error) {
        if (attempt === triesMost || !mayGoAgain(error)) throw error;
      }
    }
  }
}
