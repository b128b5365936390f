import type { Sql } from 'postgres';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Need } from '../../flow/facts/decide.ts';
import type { Lane, Workflow } from '../../flow/document/workflow.ts';
import type { FaultRecord, Fact } from '../../flow/facts/fact.ts';
import type { RunStatus } from '../../flow/facts/state.ts';
import type { BlobStore } from './blobs.ts';
import { GroupCommit } from './group-commit.ts';

/** One instance of a stage in a run. */
export interface InstanceRef {
  readonly stage: string;
  readonly path: string;
}

/**
 * A claim that must hold for the append to count: leased, with this epoch, by this process; or, with `expired`, leased by whomever and past
 * its lease by the database's clock (recovery).
 */
export interface Fence extends InstanceRef {
  readonly epoch: number;
  readonly expired?: boolean;
}

/** What `runs` shows of a run, whole each time, derived from its facts. `finishedAt` is epoch milliseconds. */
export interface RunPatch {
  readonly status: RunStatus;
  readonly needs: readonly Need[];
  /** Whether it waits for runs that it started. */
  readonly awaitsRuns: boolean;
  readonly error: FaultRecord | null;
  readonly finishedAt: number | null;
}

/** An accepted trigger, as a CloudEvent. `dedupeKey` counts with `trigger`, for 24 h (E28), and until a moment if that is later (epoch milliseconds). */
export interface InboxEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** Epoch milliseconds; when left out, that of the run's first fact. */
  readonly time?: number;
  readonly data: unknown;
  readonly trigger?: string;
  readonly dedupeKey?: string;
  readonly dedupeUntil?: number;
}

/** What a start brings besides its facts. All else that `runs` shows is read from the `run.started` fact. */
export interface AppendStart {
  readonly event?: InboxEvent;
  readonly plan: { readonly fingerprint: string; readonly plan: Plan; readonly document: Workflow };
  /** Left out of lists; a child run is hidden without saying so (E14). */
  readonly hidden?: boolean;
}

/**
 * How an instance stands after the append. `leased` is a claim by this process; `gone` takes the row and the instance's open intents away. A
 * row that another process holds is left alone, unless the append is fenced on it or it goes.
 */
export interface StageChange extends InstanceRef {
  readonly to: 'ready' | 'leased' | 'waiting' | 'gone';
  readonly lane: Lane;
  /** Epoch milliseconds: when a ready stage may be taken (now, when missing), when a waiting one is due (never, when missing). */
  readonly nextAt?: number | null;
  /** The epoch of a new row, 0 when missing (1 when leased); a row that is there moves one up whatever is said. */
  readonly epoch?: number;
  readonly crashes?: number;
  readonly code?: boolean;
}

/** Names one intent: `item` -1 when it has none, `call` empty when it has none. */
export interface IntentRef extends InstanceRef {
  readonly node: string;
  readonly item: number;
  readonly call: string;
}

/** About to leave the process: committed before the first byte (E8). `at` is epoch milliseconds. */
export interface Intent extends IntentRef {
  readonly epoch: number;
  readonly class: string;
  readonly key: string;
  readonly at: number;
}

/** A resume token by its hash (E13). */
export interface OpenToken extends InstanceRef {
  readonly hash: string;
  readonly node: string;
}

/** A job for a lane; nothing but a wake-up. */
export interface WakeUp extends InstanceRef {
  readonly task: string;
  readonly runAt: number;
  readonly run: string;
  readonly lane: Lane;
}

/** Facts for one run and everything that mirrors them: all of it is committed, or none. */
export interface Append {
  readonly workspace: string;
  readonly run: string;
  /** The seq of the run's last fact as the writer knows it; 0 starts the run. */
  readonly expect: number;
  /** Numbered from `expect` + 1. May be none: then only the mirrors change. */
  readonly facts: readonly Fact[];
  readonly fence?: readonly Fence[];
  readonly row: RunPatch;
  /** There exactly when `expect` is 0; the first fact is then `run.started`. */
  readonly start?: AppendStart;
  readonly stages: readonly StageChange[];
  readonly effects?: { readonly open: readonly Intent[]; readonly close: readonly IntentRef[] };
  readonly tokens?: readonly OpenToken[];
  readonly wake?: readonly WakeUp[];
  /** Told how many bytes its facts and large values have, before they are stored. */
  readonly onWeighed?: (bytes: number) => void;
}

/**
 * What became of an append. All refusals but `unavailable` mean that no row of it is there: `seq` another append was first (or the run to start
 * exists), `fenced` a claim no longer holds, `gone` there is no such run, `duplicate` the dedupe key belongs to `run`. `unavailable`: the
 * database did not answer, and whether it committed cannot be known: read the run before trying again.
 */
export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  | {
      readonly ok: false;
      readonly why: 'seq' | 'fenced' | 'gone' | 'duplicate' | 'unavailable';
      readonly run?: string;
    };

/** Postgres refused an append that was alone in its flush: something in it cannot be stored. The others of its batch went through. */
export class AppendRefused extends Error {
  readonly run: string;

  constructor(run: string, cause: unknown) {
    super(`the journal refuses what ${run} would append: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'AppendRefused';
    this.run = run;
  }
}

export interface FlusherOptions {
  /** This process: the owner of the leases that it takes and the only one that its fences accept. */
  readonly boot: string;
  readonly leaseMs: number;
  /** Where values too large for a row go first (E19). */
  readonly blobs: BlobStore;
  /** Appends in one flush at most, 100: at 200 clients 50, 100 and 200 give 3,900, 4,330 and 4,270 runs a second (bench/flusher.ts). */
  readonly batch?: number;
  /** Appends that may wait at most; one more is `unavailable` at once. */
  readonly waiting?: number;
  /** Milliseconds after which a flush that has not answered counts as unavailable. */
  readonly patienceMs?: number;
  /** Told why a flush counts as unavailable: the appends are told only that. */
  readonly onAway?: (error: unknown) => void;
}

/** The one door to the journal of a process: groups the appends of many runs into one commit (E2). */
export interface Flusher {
  /**
   * Durable when it resolves with `ok`. What is handed in is turned into rows before the call returns and may change afterwards. Rejects with
   * `AppendRefused` when Postgres cannot store it.
   */
  append(append: Append): Promise<AppendResult>;
  /** Lets what waits go through and takes no more. */
  close(): Promise<void>;
}

/**
 * Opens the flusher of this process on the engine's pool. While a flush is in flight the next one gathers; there is no timer. Two appends of one
 * run, or for one dedupe key, never share a flush: the later one goes with the next, and finds what the earlier one did.
 */
export function openFlusher(engine: Sql, options: FlusherOptions): Flusher {
  return new GroupCommit(engine, options);
}
