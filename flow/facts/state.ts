import type { FactOf, FaultRecord, NodeRecord, Reply, Fact, StoredFact, Waiting } from './fact.ts';
import type { Progress } from './progress.ts';

/** What is known of one item of a node that is carried out item by item. */
export interface ItemState {
  readonly state: 'intended' | 'answered' | 'failed' | 'retrying' | 'in-doubt' | 'again';
  /** The attempt this speaks of, from 1. */
  readonly attempt: number;
  readonly out?: Readonly<Record<string, readonly unknown[]>>;
  readonly fault?: FaultRecord;
  readonly retryAt?: number;
  /** Of one in doubt: since when; whether the service could not tell. */
  readonly since?: number;
  readonly checked?: true;
}

/** What is known of one host call of a node (E12). */
export interface CallState {
  readonly state: 'intended' | 'answered' | 'suspended' | 'in-doubt';
  readonly op: string;
  readonly hash: string;
  readonly effect?: 'pure' | 'idempotent' | 'effect';
  readonly value?: unknown;
  readonly fault?: FaultRecord;
  readonly waiting?: Waiting;
}

export type Ending = 'finished' | 'skipped' | 'failed' | 'stopped';

/** A stage at a path. It is live until it has an ending; what it waits for follows from its items, calls and retry. */
export interface InstanceState {
  readonly stage: string;
  readonly path: string;
  readonly ending?: Ending;
  readonly endedAt?: number;
  /** Failed attempts so far of the stage as a whole. */
  readonly failures: number;
  readonly crashes: number;
  readonly retryAt?: number;
  readonly quarantined?: boolean;
  /** Why a value that it works on is not there any more, when that is what keeps it from running. */
  readonly lost?: string;
  readonly missing?: {
    readonly node: string;
    readonly type: string;
    readonly version: number;
    readonly content?: string;
  };
  readonly items: ReadonlyMap<number, ItemState>;
  readonly calls: ReadonlyMap<string, CallState>;
  /** The node whose items or calls these are. */
  readonly node?: string;
  /** Hashes of the tokens by which its node may be called (E13). */
  readonly tokens?: readonly string[];
  /** What the one call by such a token brought. */
  readonly called?: { readonly value: unknown };
  readonly progress?: Progress;
}

/** What a node delivered at a path, and at which fact. */
export interface NodeOutput {
  readonly record: NodeRecord;
  readonly seq: number;
  readonly at: number;
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';

/** All that the facts of a run say, folded. Maps are keyed by `stage@path` and `node@path`. */
export interface RunState {
  readonly seq: number;
  readonly started: FactOf<'run.started'>['data'] | undefined;
  readonly startedAt: number;
  /** When the last fact was appended: the only time that `decide` knows. */
  readonly at: number;
  readonly instances: ReadonlyMap<string, InstanceState>;
  readonly outputs: ReadonlyMap<string, NodeOutput>;
  /** The latest turn whose head has delivered, by `loop@path`. */
  readonly turns: ReadonlyMap<string, number>;
  readonly reply: Reply | undefined;
  /** The first fault that fails the run, by seq; set before the run has ended. */
  readonly failing: FaultRecord | undefined;
  readonly ended: { readonly status: 'finished' | 'failed' | 'cancelled'; readonly at: number } | undefined;
  readonly output: readonly unknown[] | undefined;
  readonly cancelReason: string | undefined;
}

export const emptyState: RunState = {
  seq: 0,
  started: undefined,
  startedAt: 0,
  at: 0,
  instances: new Map(),
  outputs: new Map(),
  turns: new Map(),
  reply: undefined,
  failing: undefined,
  ended: undefined,
  output: undefined,
  cancelReason: undefined,
};

/** The items and calls of an instance that has none, as most have: one for all of them, so never changed (`folding.ts`). */
export const noItems: ReadonlyMap<number, ItemState> = new Map();
export const noCalls: ReadonlyMap<string, CallState> = new Map();

export const itemsFrom = (entries: ReadonlyMap<number, ItemState>): ReadonlyMap<number, ItemState> =>
  entries.size === 0 ? noItems : new Map(entries);
export const callsFrom = (entries: ReadonlyMap<string, CallState>): ReadonlyMap<string, CallState> =>
  entries.size === 0 ? noCalls : new Map(entries);

export const instanceKey = (stage: string, path: string): string => `${stage}@${path}`;
export const outputKey = (node: string, path: string): string => `${node}@${path}`;

/** A state of one's own, to fold into. */
export const copyOf = (state: RunState): RunState => ({
  ...state,
  instances: new Map(
    [...state.instances].map(([key, was]) => [
      key,
      { ...was, items: itemsFrom(was.items), calls: callsFrom(was.calls) },
    ]),
  ),
  outputs: new Map(state.outputs),
  turns: new Map(state.turns),
});

/** Facts with the numbers that they get when appended after `seq`. */
export const numbered = (seq: number, facts: readonly Fact[]): StoredFact[] =>
  facts.map((fact, index) => ({ ...fact, seq: seq + 1 + index }));
