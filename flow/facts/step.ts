import type { FaultRecord, LogLine, NodeRecord } from './fact.ts';

export type StepStatus =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'finished'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'in-doubt';

/** One attempt of one node at one path, as the inspector and the API show it. Times in epoch milliseconds. */
export interface Step {
  /** The node's key and path; later attempts add `#2`, `#3`. */
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly path: string;
  readonly attempt: number;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly input: Readonly<Record<string, readonly unknown[]>>;
  readonly output: Readonly<Record<string, readonly unknown[]>>;
  readonly error?: FaultRecord;
  readonly logs: readonly LogLine[];
  readonly usage?: unknown;
  /** The most attempts that one of its items took, where more than one: items are tried again one by one, within one attempt of the step. */
  readonly tries?: number;
  /** How many of its items failed and went on, by `error` or unchanged, where any did; `error` is then the first of their faults. */
  readonly failed?: number;
  /**
   * Items in and out, a turn each, for a loop that ran whole in one stage and the nodes inside it. Such a step stands for all of those turns;
   * those whose data is kept have a step each besides.
   */
  readonly turns?: NodeRecord['turns'];
  readonly faults?: readonly FaultRecord[];
  /** By output port: which items of the first input each item came from, where that is not one to one (E25). */
  readonly from?: Readonly<Record<string, Lineage>>;
}

/** For each item the index of its parent, or the indexes of its parents. */
export type Lineage = readonly (number | readonly number[])[];

export const stepId = (key: string, path: string, attempt = 1): string =>
  `${key}${path}${attempt > 1 ? `#${attempt}` : ''}`;
