import type { Budget as WorkBudget } from '../facts/budget.ts';

/** Thrown when a table has too many combinations to look at. */
export class TooLarge extends Error {}

/** Work that is left for looking at tables: a step is a region, or a row met in one. 500,000 take half a second at worst. */
export interface Budget {
  steps: number;
  /** What all the check may use, of which this is a part. */
  readonly whole?: WorkBudget;
}

/** What the tables of one document may cost. */
export const fullBudget = (whole?: WorkBudget): Budget => ({ steps: 500_000, ...(whole && { whole }) });

/** A step here is so many of the whole. */
const stepsAStep = 20;

/** To look at one region, or at one set of them, costs this part of a step. */
export const looksInAStep = 8;

/** Takes steps from a budget. Throws `TooLarge` when it has not so many. */
export function spend(budget: Budget, steps: number): void {
  if ((budget.steps -= steps) < 0) throw new TooLarge();
  budget.whole?.spend(steps * stepsAStep);
}
