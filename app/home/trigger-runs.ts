import type { RunBrief } from '../api/workflows.ts';
import { isByHand } from '../ui/run-state.ts';
import { count } from '../ui/when.ts';

/** Whether a trigger started it: a retry does the work of a run again, and a failure that was made good was a failure. */
export const isByTrigger = (run: Pick<RunBrief, 'trigger' | 'version' | 'retryOf'>): boolean =>
  !isByHand(run) && run.retryOf === undefined;

/** Which runs a figure is of, and which it leaves out. */
export function notCounted(runs: readonly Pick<RunBrief, 'trigger' | 'version' | 'retryOf'>[]): string {
  const retries = runs.filter(({ retryOf }) => retryOf !== undefined).length;
  const byHand = runs.filter((run) => run.retryOf === undefined && isByHand(run)).length;
  const left = [
    byHand > 0 ? `${count(byHand)} by hand` : '',
    retries > 0 ? `${count(retries)} ${retries === 1 ? 'retry' : 'retries'}` : '',
  ].filter(Boolean);
  if (left.length === 0) return 'Runs by triggers';
  return `Runs by triggers; ${left.join(' and ')} ${byHand + retries === 1 ? 'is' : 'are'} not counted`;
}

/** A busy workflow pushes the runs of others out of the latest; the list of workflows then knows more. */
export const runsKnown = (one: readonly RunBrief[] = [], other: readonly RunBrief[] = []): readonly RunBrief[] =>
  one.length >= other.length ? one : other;

/** The last run of a workflow, of runs with the latest first: while it is live, the last that its triggers started, not one of a draft. */
export const lastRunOf = (isLive: boolean, runs: readonly RunBrief[]): RunBrief | undefined =>
  isLive ? (runs.find((run) => !isByHand(run)) ?? runs.find(({ version }) => version !== null)) : runs[0];
