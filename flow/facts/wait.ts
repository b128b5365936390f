import type { Waiting } from './fact.ts';

/** A stretch of time in which a step did nothing but wait, in epoch milliseconds; without an end it still does. */
export interface Wait {
  readonly from: number;
  readonly to: number | undefined;
  /** When it is over at the latest, of one that may end before. */
  readonly due?: number;
  readonly why: 'person' | 'time' | 'run' | 'retry' | 'doubt' | 'outside';
  /** What went wrong, where it is tried again. */
  readonly says?: string;
}

/**
 * What a fact says of the waiting of its step: a wait begins, by a name of its own in the step; the one of that name ends; or an item was heard of, which
 * is tried again at `retryAt` when there is one.
 */
export type WaitNews =
  | { readonly begins: string; readonly wait: Wait }
  | { readonly ends: string }
  | { readonly item: number; readonly retryAt: number | undefined; readonly says?: string };

/** The wait of a step whose call waits from a time on. */
export const waitOf = (waiting: Waiting, at: number): Wait => ({
  from: at,
  to: undefined,
  ...('due' in waiting && waiting.due !== undefined ? { due: waiting.due } : {}),
  why: whyOf[waiting.kind],
});

const whyOf: Readonly<Record<Waiting['kind'], Wait['why']>> = {
  review: 'person',
  timer: 'time',
  run: 'run',
  token: 'outside',
};
