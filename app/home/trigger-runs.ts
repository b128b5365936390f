import type { RunBrief } from '../api/workflows.ts';
import { isByHand, isTestCall, retryWords } from '../ui/run-state.ts';
import { count } from '../ui/when.ts';

/** Whether a trigger started it: a retry does the work of a run again, and a failure that was made good was a failure. */
export const isByTrigger = (run: Pick<RunBrief, 'trigger' | 'version' | 'retryOf'>): boolean =>
  !isByHand(run) && run.retryOf === undefined;

/** Which runs a figure is of, and which it leaves out. */
export function notCounted(runs: readonly Pick<RunBrief, 'trigger' | 'version' | 'retryOf'>[]): string {
  const retries = runs.filter(({ retryOf }) => retryOf !== undefined).length;
  const tried = runs.filter((run) => run.retryOf === undefined && isByHand(run));
  const calls = tried.filter(isTestCall).length;
  const left = [
    tried.length > calls ? `${count(tried.length - calls)} by hand` : '',
    calls > 0 ? `${count(calls)} ${calls === 1 ? 'test call' : 'test calls'}` : '',
    retries > 0 ? `${count(retries)} ${retries === 1 ? 'retry' : 'retries'}` : '',
  ].filter(Boolean);
  if (left.length === 0) return 'Runs by triggers';
  return `Runs by triggers; ${listed(left)} ${tried.length + retries === 1 ? 'is' : 'are'} not counted`;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** A busy workflow pushes the runs of others out of the latest; the list of workflows then knows more. */
export const runsKnown = (one: readonly RunBrief[] = [], other: readonly RunBrief[] = []): readonly RunBrief[] =>
  one.length >= other.length ? one : other;

/** What a run was that no trigger started, where it stands beside those that were: it says less of how the workflow does. */
export function kindOf(run: Pick<RunBrief, 'trigger' | 'version' | 'retryOf'>): string {
  if (run.retryOf !== undefined) return retryWords(run.retryOf).toLowerCase();
  if (isTestCall(run)) return 'test call';
  if (run.version === null) return 'draft';
  return isByHand(run) ? 'by hand' : '';
}
