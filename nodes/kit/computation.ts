import type { Budget } from '../../flow/facts/budget.ts';
import type { StopSignal } from './powers.ts';

/**
 * A pure function over a text, which another process can carry out as well: what it is given and what it makes is JSON, and all that it says of a
 * failure is a fault. Its name is known to `nodes/computations.ts`.
 */
export interface Computation<
  Given extends { readonly text: string },
  Made extends { readonly items: readonly unknown[] },
> {
  readonly name: string;
  readonly work: (given: Given) => Made;
}

/** Any of them, as a list holds them: the one place where their own types are forgotten. */
export interface AnyComputation {
  readonly name: string;
  readonly work: (given: never) => { readonly items: readonly unknown[] };
}

/** Carries a computation out, here or elsewhere. */
export type Compute = <Given extends { readonly text: string }, Made extends { readonly items: readonly unknown[] }>(
  computation: Computation<Given, Made>,
  given: Given,
) => Promise<Made>;

/** Carries a computation out elsewhere, unless it is given up before; the time that it takes counts for the budget. */
export type ComputeElsewhere = <
  Given extends { readonly text: string },
  Made extends { readonly items: readonly unknown[] },
>(
  computation: Computation<Given, Made>,
  given: Given,
  signal: StopSignal,
  budget?: Budget,
) => Promise<Made>;

/** Texts up to here are worked on where they are: some 30 ms of the slowest parser, and less than it costs to send them. */
export const computedHereMost = 128 * 1024;
