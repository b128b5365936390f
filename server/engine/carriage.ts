import type { Plan, PlanNode, Stage } from '../../flow/compile/plan.ts';
import type { Power } from '../../flow/document/powers.ts';
import type { NodeRecord, Fact } from '../../flow/facts/fact.ts';
import { viewOf } from '../../flow/facts/items.ts';
import type { View } from '../../flow/facts/items.ts';
import { outputKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { ComputeElsewhere } from '../../nodes/kit/computation.ts';
import type { Powers } from '../../nodes/kit/powers.ts';
import type { NodeOutcome, Prepared } from '../../nodes/kit/perform.ts';
import type { CleanText } from '../text/reading.ts';
import type { AnswerPlace } from './answer-rules.ts';
import type { Call, Ready } from './carry-node.ts';
import type { Link } from './links.ts';
import type { ParamsPool } from './params-away.ts';

/** What is asked of a power: for which node at which path, and (in `each`) for which item. */
export interface PowerRequest {
  readonly node: PlanNode;
  readonly path: string;
  readonly item: number | undefined;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  /** The stage's clock (E18) and the seed of everything random in this node. */
  readonly now: number;
  readonly seed: string;
  /** What the node's code may see of other nodes. */
  readonly view: View;
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  /** Told when an answer from outside has come: what the thread did meanwhile was others' work. */
  readonly answered: () => void;
  /** Called straight before the first byte of anything that leaves: throws when the claim is no longer ours (E5). */
  readonly lastLook: () => void;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string, data?: unknown) => void;
  /** What `$step.resumeUrl` is for this node; undefined when it means no link. */
  readonly resumeUrl: string | undefined;
}

/** Lends a power to a node; what a power answers has been through the redactor. */
export type Lend = <Name extends Power>(name: Name, request: PowerRequest) => Powers[Name];

/** Throws the fault `power.denied` unless the node was granted the power (E31); `what` is the workflow that it calls. */
export type Leave = (power: Power, node: string, what?: string) => Promise<void>;

/** All that carrying out one stage needs. The actor that holds the claim makes it. */
export interface Carriage {
  readonly run: string;
  readonly plan: Plan;
  readonly stage: Stage;
  readonly path: string;
  /** The run's state with everything that this process has appended. */
  readonly state: () => RunState;
  /** Appends facts in the middle of a stage and resolves when they are durable; rejects when the claim was lost. */
  readonly append: (facts: readonly Fact[]) => Promise<void>;
  /** The node made ready; undefined when nobody has its type, version or content (E17). What is pinned by content is there once `whenPrepared` is. */
  readonly prepared: (node: PlanNode) => Prepared | undefined;
  /** Before nodes are asked for: nothing to wait for where their definitions are at hand, as those of this build are. */
  readonly whenPrepared: (nodes: readonly string[]) => Promise<void> | undefined;
  readonly lend: Lend;
  /** What text of an answer that the journal kept is passed through; as it is when left out. */
  readonly cleanText?: CleanText | undefined;
  /** The link of a node of this run that waits to be called. */
  readonly linkOf: (node: string, path: string) => Link;
  /** Where the run's answer will stand. */
  readonly answers: AnswerPlace;
  /** Asked for the powers that the engine itself carries out: waits, reviews, calls of workflows. */
  readonly leave: Leave;
  readonly signal: AbortSignal;
  /** Carries a node out in another process, with a budget of its own; left out, it is done here whatever it takes. Rejects as the node would throw. */
  readonly compute?: ((call: Call, ready: Ready) => Promise<NodeOutcome>) | undefined;
  /** Works out elsewhere params that take too long for here, of nodes that stay; left out, that is a fault. */
  readonly params?: ParamsPool | undefined;
  /** Throws when the lease has run out by the monotonic clock, or the run is failing or over. */
  readonly lastLook: () => void;
  /**
   * Before something is begun that leaves: nothing to wait for while the lease holds; after a database that was away for long, the next
   * renewal. Rejects when the claim is no longer ours.
   */
  readonly whenHeld: () => Promise<void> | undefined;
  readonly clock: () => number;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  /** Before a node begins: the turn to wait for where this one is full; left out, it begins at once. */
  readonly whenRoomy?: () => Promise<void> | undefined;
  /** Carries out a computation in another process; where there is none, nodes do it here. */
  readonly computation?: ComputeElsewhere | undefined;
  /** Does several things at a time; what is over, or waits, takes nothing of the process. */
  readonly sideBySide: (all: readonly (() => Promise<void>)[]) => Promise<void>;
}

/** A view that also sees what the stage under way has delivered so far. */
export class StageView implements View {
  readonly plan: Plan;
  readonly start: string;
  readonly records = new Map<string, { record: NodeRecord; seq: number; at: number }>();
  readonly backs: NonNullable<View['backs']>;
  private readonly folded: View;
  private readonly seq: number;

  constructor(plan: Plan, state: RunState) {
    this.plan = plan;
    this.folded = viewOf(plan, state);
    this.start = this.folded.start;
    this.backs = this.folded.backs ?? new Map();
    this.seq = state.seq + 1;
  }

  find(node: string, path: string) {
    return this.records.get(outputKey(node, path)) ?? this.folded.find(node, path);
  }

  isSkipped(stage: string, path: string): boolean {
    return this.folded.isSkipped(stage, path);
  }

  add(record: NodeRecord, at: number): void {
    this.records.set(outputKey(record.key, record.path), { record, seq: this.seq, at });
  }
}
