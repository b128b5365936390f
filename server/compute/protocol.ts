import * as z from 'zod';
import type { Judged } from '../../flow/check/judge.ts';
import type { PlanNode } from '../../flow/compile/plan.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import type { BudgetLimits, Used } from '../../flow/facts/budget.ts';
import type { LogLine, NodeRecord } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Batch } from '../../nodes/kit/call.ts';
import type { NodeOutcome } from '../../nodes/kit/perform.ts';
import type { CompareJob, Compared, JudgeJob, ReadBack, ReadJob } from './document-jobs.ts';
import type { Odd } from './odd-values.ts';
import type { Places } from './values.ts';

// What goes through the pipe between the server and a compute process: frames (`cells/frames.ts`). A job is one JSON text in pieces, then `go`; the
// answer is lists of values, as they are made ready, and then `done` with what they were made into.

/** To the child. `piece`: the body is a part of the job's text; `go`: that was all of it. */
export type ToChild = { readonly kind: 'piece' | 'go'; readonly nonce: string };

/** What an expression sees that is data; the output of other nodes is looked up, and random numbers are made there as here. */
export type ScopeData = Omit<Scope, 'node' | 'random' | 'missed' | 'budget' | 'json' | 'items' | 'itemIndex'>;

/** An output of another node: its values, or only how many there were and where they came from. */
export interface PortSlice {
  readonly values?: Places;
  readonly count: number;
  readonly from?: readonly (number | number[])[];
  readonly pick?: 'all' | readonly number[];
  readonly of?: string;
}

/** As much of a run as the expressions of one node can reach. */
export interface ViewSlice {
  readonly start: string;
  readonly nodes: Readonly<Record<string, PlanNode>>;
  readonly records: readonly (Pick<NodeRecord, 'key' | 'path'> & {
    readonly seq: number;
    readonly at: number;
    readonly out: Readonly<Record<string, PortSlice>>;
  })[];
  /** Stages that were skipped, as `stage@path`. */
  readonly skipped: readonly string[];
}

/** One node with its batch, carried out elsewhere. */
export interface NodeJob {
  readonly what: 'node';
  readonly node: PlanNode;
  readonly engine: number;
  readonly run: string;
  readonly root: string;
  readonly path: string;
  readonly scope: ScopeData;
  readonly view: ViewSlice;
  readonly batch: Pick<Batch, 'attempt' | 'first' | 'onError' | 'now' | 'zone' | 'turn'> & {
    readonly inputs: Readonly<Record<string, Places>>;
    readonly back?: readonly Places[];
  };
}

/** What the expressions in a node's params come to for items of its batch. */
export interface ParamsJob extends Omit<NodeJob, 'what' | 'batch'> {
  readonly what: 'params';
  /** How many items the batch has, and which of them are asked for, in order. */
  readonly count: number;
  readonly asked: readonly number[];
  /** The values of all items, where expressions reach those, or of the ones that are asked for. */
  readonly items: Places;
}

/** What they came to for one item: values by name, with what JSON cannot say of them; or what they threw. */
export type FilledData =
  | { readonly names: readonly string[]; readonly values: Places; readonly odd?: Readonly<Record<string, Odd>> }
  | { readonly fault: FaultData };

/** A computation by its name, over what it was given. */
export interface NamedJob {
  readonly what: 'named';
  readonly name: string;
  readonly given: unknown;
}

/** A job as it is sent: of a node or its params, with what its stage may still use and what its places point into. */
export type Job =
  | ((NodeJob | ParamsJob) & { readonly limits: BudgetLimits; readonly values: readonly unknown[] })
  | NamedJob
  | ReadJob
  | JudgeJob
  | CompareJob;

/** What a node came to, with places in place of lists: those of the job's own values and of those that came back. */
export type OutcomeData = Omit<NodeOutcome, 'out' | 'turn'> & {
  readonly out: Readonly<Record<string, PortSlice>>;
  readonly turn?: Turning<Places>;
};

/** What a loop's head wants, with its lists in whatever form. */
interface Turning<List> {
  readonly body?: List;
  readonly done?: List;
  readonly waitMs?: number;
}

/** The same with each of its lists put in another form. */
export const turning = <From, To>({ body, done, ...rest }: Turning<From>, put: (list: From) => To): Turning<To> => ({
  ...rest,
  ...(body && { body: put(body) }),
  ...(done && { done: put(done) }),
});

/** A failure as it would have been thrown here. */
export interface FaultData {
  readonly code: string;
  readonly message: string;
  readonly mend?: string;
  readonly done?: 'no' | 'unknown' | 'yes';
  readonly details?: unknown;
  readonly item?: number;
}

/** What was thrown there, as it would have been here. */
export const faultOf = ({ code, message, item: _item, ...more }: FaultData): Fault => new Fault(code, message, more);

/** How a job ended. */
export type How =
  | { readonly ok: true; readonly outcome: OutcomeData; readonly logs: readonly LogLine[] }
  | { readonly ok: true; readonly filled: readonly FilledData[]; readonly drawn: number }
  | { readonly ok: true; readonly items: Places; readonly rest: object }
  | { readonly ok: true; readonly read: ReadBack }
  | { readonly ok: true; readonly judged: Judged }
  | { readonly ok: true; readonly compared: Compared }
  | { readonly ok: false; readonly fault: FaultData; readonly logs: readonly LogLine[] };

/** The same with what it took of its stage's budget. */
export type Ended = How & { readonly used: Used };

/** From the child. `ready`: it has dropped its rights. `values`: the body is a JSON list. `done`: the body is an `Ended`. */
export const childHead = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), uid: z.number() }),
  z.object({ kind: z.literal('values'), nonce: z.string() }),
  z.object({ kind: z.literal('done'), nonce: z.string() }),
]);
export type ChildHead = z.infer<typeof childHead>;
