import type { Batch } from './call.ts';

/** Asked between two pieces of work: whether others should have their turn now. Without a budget there is no clock, and nobody waits. */
export const isRestDue = ({ pause, budget }: Batch): boolean =>
  budget !== undefined && budget.isDue() && pause !== undefined;

/** Lets others have their turn; what they do meanwhile is not this batch's. */
export async function rest({ pause, budget }: Batch): Promise<void> {
  await pause?.();
  budget?.rested();
}
