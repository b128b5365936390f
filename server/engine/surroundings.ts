import type { ComputeElsewhere } from '../../nodes/kit/computation.ts';
import type { Lane } from '../../flow/document/workflow.ts';
import type { Fact, StoredFact } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { StoredRun } from '../journal/ledger.ts';
import type { Actor } from './actor.ts';
import type { StartChildren } from './calls.ts';
import type { Carriage } from './carriage.ts';
import type { Call, Ready } from './carry-node.ts';
import type { NodeOutcome } from '../../nodes/kit/perform.ts';
import type { Append, AppendResult } from '../journal/flusher.ts';
import type { Holding } from './holding.ts';
import type { ParamsPool } from './params-away.ts';
import type { Pass } from './pass.ts';
import type { RunLimits } from './run-limits.ts';

/** What a stage wants room for: what it does, and what its run weighs. */
export interface Wanted {
  readonly lane: Lane;
  /** It runs a person's code. */
  readonly code: boolean;
  /** It may wait for what comes from outside, and so needs a ticket. */
  readonly mayLeave: boolean;
  readonly bytes: number;
}

/** What an actor needs of the process around it. */
export interface Surroundings {
  append(append: Append): Promise<AppendResult>;
  /** The run's facts as they are stored now. */
  reload(): Promise<Pick<StoredRun, 'state' | 'lost'>>;
  /** The run's facts after a seq. */
  readSince(seq: number): Promise<readonly StoredFact[]>;
  /** Whether stages are carried out in place here at all. */
  mayCarryAhead(): boolean;
  /** Room to carry a stage out at once, in place, when there is some for this workspace; closing the pass gives it back. */
  enter(wanted: Wanted): Pass | undefined;
  /** Monotonic time until which a claim made now may start effects. */
  fence(): number;
  /** Renews the leases of this process now, once for all who ask at the same time. */
  renew(): Promise<void>;
  /** A claim that is being made or was just made: it is renewed from now on, and not taken for one that nobody carries out. */
  hold(holding: Holding): void;
  letGo(holding: Holding): void;
  /** Nothing of the run is under way here. */
  idle(actor: Actor): void;
  /** There is no such run: it is forgotten at once. */
  gone(actor: Actor): void;
  carriage(
    signal: AbortSignal,
  ): Pick<Carriage, 'prepared' | 'whenPrepared' | 'lend' | 'leave' | 'cleanText' | 'linkOf' | 'answers'>;
  /** Carries out a node in another process; left out where there is none. */
  readonly compute?: ((call: Call, ready: Ready) => Promise<NodeOutcome>) | undefined;
  /** Works out params in another process; left out where there is none. */
  readonly params?: ParamsPool['fill'] | undefined;
  /** Carries out computations in other processes; left out where there are none. */
  readonly computation?: ComputeElsewhere | undefined;
  startChildren: StartChildren;
  clock(): number;
  readonly limits: RunLimits;
  /** Keeps the state as a cache; it is read before this returns. */
  snapshot(state: RunState): void;
  /** Told after each commit. */
  changed(actor: Actor, facts: readonly Fact[]): void;
  broken(error: unknown, doing: string): void;
}
