import type { Plan } from '../../flow/compile/plan.ts';
import type { FactOf, StoredFact } from '../../flow/facts/fact.ts';
import type { Fault } from '../../flow/facts/faults.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { CancelledRun, RunsOf } from './cancel-many.ts';
import type { Append, AppendResult } from './flusher.ts';

/** A claim on a stage as the database has it; `seq` is that of the run's last fact. */
export interface Claim {
  readonly run: string;
  readonly stage: string;
  readonly path: string;
  readonly epoch: number;
  readonly seq: number;
}

/** A run as it is stored, folded. */
export interface StoredRun {
  readonly workspace: string;
  readonly plan: Plan;
  readonly state: RunState;
  /** Of its facts and large values. */
  readonly bytes: number;
  /** Of its large values one is proven missing: it can be told of and ended, and nothing of it may be carried out. */
  readonly lost?: Fault;
}

/** How a child run ended, as the call that waits for it is answered. */
export interface ChildEnd {
  readonly run: string;
  readonly status: 'finished' | 'failed' | 'cancelled';
  readonly output: readonly unknown[];
  readonly error?: string;
}

/** The same without its output, but with what that weighs as JSON, in bytes. */
export interface WeighedEnd extends Omit<ChildEnd, 'output'> {
  readonly bytes: number;
}

/** What the engine asks of the journal and the claims. Everything is durable when its promise resolves. */
export interface Ledger {
  append(append: Append): Promise<AppendResult>;
  /** The run's plan and all of its facts, folded. Throws `NoSuchRun` when there is none, and the fault `store.away` while its large values cannot be read. */
  read(run: string): Promise<StoredRun>;
  /** Keeps a folded state so that a long run need not be folded from its first fact (E20). The state is read before this returns. */
  saveSnapshot(workspace: string, run: string, state: RunState): Promise<void>;
  readFacts(run: string, after?: number): Promise<readonly StoredFact[]>;
  /** Whether a run has more than so many facts, by its row. */
  hasMore(run: string, seq: number): Promise<boolean>;
  /** Claims a ready stage for this process; `isEarly` takes it before its time has come (a clock that was moved). */
  claim(
    place: { run: string; stage: string; path: string },
    options?: { isEarly?: boolean },
  ): Promise<{ epoch: number; seq: number } | undefined>;
  /** Renews every lease of this process in one statement, and says which claims are still its own. */
  renew(): Promise<readonly Omit<Claim, 'seq'>[]>;
  /** Gives every claim of this process back, without counting an attempt. */
  handBack(): Promise<void>;
  /** Ends the leases of these claims at once: recovery then takes them up as crashed. */
  expire(claims: readonly Omit<Claim, 'seq'>[]): Promise<void>;
  /** Looks at an expired claim again only after a while, longer each time: its run could not be read. */
  postpone(claim: Omit<Claim, 'seq'>): Promise<void>;
  /** Makes a claim of this process ready again, for whoever has room; nothing of it was carried out. */
  giveBack(claim: Omit<Claim, 'seq'>): Promise<void>;
  /** Ready stages of a workspace that may be taken now, those of the realtime lane first. */
  findReady(workspace: string, limit: number): Promise<readonly { run: string; stage: string; path: string }[]>;
  /** Claims whose lease has run out by the database's clock, those that were never postponed first. */
  findExpired(limit: number): Promise<readonly (Claim & { owner: string })[]>;
  /** Ready stages whose time came a while ago and whose wake-up seems lost; none of these workspaces. */
  findOverdue(
    limit: number,
    except?: readonly string[],
  ): Promise<readonly { run: string; stage: string; path: string }[]>;
  /** Cancels those of the runs that are not over, in as few statements as may be, and gives them. */
  cancelMany(of: RunsOf, fact: FactOf<'run.cancelled'>): Promise<readonly CancelledRun[]>;
  /** Whether what a run starts is to live: false when it was cancelled, or its time is up. */
  mayHaveChildren(run: string): Promise<boolean>;
  /** How these runs ended and what their outputs weigh; empty unless all of them are over. */
  weighEnds(runs: readonly string[]): Promise<ReadonlyMap<string, WeighedEnd>>;
  /** What those of the runs gave that finished. */
  readOutputs(runs: readonly string[]): Promise<ReadonlyMap<string, ChildEnd['output']>>;
  /** Parents that wait though all children of theirs seem to be over, in the order of their ids, from behind one. */
  findUndelivered(limit: number, after?: string): Promise<readonly string[]>;
}
