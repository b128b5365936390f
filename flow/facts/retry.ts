import type { PlanNode } from '../compile/plan.ts';
import { longestDuration } from '../document/duration.ts';
import type { FaultRecord } from './fact.ts';
import { faults } from './faults.ts';

/** What went wrong, and how long the far side asked to wait. */
export interface Failure {
  readonly fault: FaultRecord;
  readonly retryAfterMs?: number | undefined;
  /** Which attempt failed, from 1. */
  readonly attempt: number;
}

/**
 * The longest wait that a far side may ask for, in milliseconds. Who asks for more (an allowance that is used up until tomorrow) would refuse a try
 * that comes sooner, and keep a run open for hours that nobody knows of: then the step has failed.
 */
export const longestRetryAfter = 3_600_000;

/**
 * How long to wait before trying again, in milliseconds; undefined when it is not to be tried again (E10). `random` is in
 * [0, 1). For class effect the caller has already set aside what may have happened: those are in doubt, not failed.
 */
export function retryDelay(
  node: PlanNode,
  { fault, retryAfterMs, attempt }: Failure,
  random: number,
): number | undefined {
  // A sandbox that stopped says nothing about the code yet: once more, whatever the settings (SAFETY F8).
  if (fault.code === 'code.crashed' && attempt === 1) return 0;
  const { retry } = node;
  if (!retry || attempt > retry.times || !isRetried(retry.on, fault.code)) return undefined;
  const grown =
    retry.backoff === 'exponential' ? retry.waitMs * 2 ** (attempt - 1) * (0.75 + random / 2) : retry.waitMs;
  const own = Math.min(Math.round(grown), longestDuration);
  if (retryAfterMs === undefined || retryAfterMs <= own) return own;
  return retryAfterMs <= longestRetryAfter ? retryAfterMs : undefined;
}

const isRetried = (on: readonly string[] | undefined, code: string) =>
  on ? on.includes(code) : !Object.hasOwn(faults, code) || faults[code as keyof typeof faults].again !== 'never';
