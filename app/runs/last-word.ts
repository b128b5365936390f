import type { Run } from '../../flow/contract/run.ts';

/** What a list of runs says of how a run stands beside its state: what went wrong, who is waited for, why it was cancelled. */
export function lastWord({ status, error, needs }: Pick<Run, 'status' | 'error' | 'needs'>): string {
  // What is written where nobody gave a reason says no more than the state does.
  if (status === 'cancelled') return error && error.message !== 'cancelled' ? `Reason: ${error.message}` : '';
  if (error) return error.message;
  if (needs.length > 0)
    return needs.some(({ kind }) => kind === 'in-doubt') ? 'A call may have happened' : questionOf(needs);
  return status === 'waiting' ? 'Waits for a time or an event' : '';
}

/** What is asked, when it is one thing. */
function questionOf(needs: Run['needs']): string {
  const title = needs[0]?.['title'];
  return needs.length === 1 && typeof title === 'string' ? title : `Waits for ${needs.length} answers`;
}
