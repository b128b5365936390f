import { hasGoodRetry } from '../../flow/contract/run.ts';
import type { Run } from '../../flow/contract/run.ts';

/** Of runs that are over, those to retry: what a retry did already, or is about to, would happen twice. With what to say of the others. */
export function toRetry<One extends Pick<Run, 'id' | 'retriedAs'>>(
  over: readonly One[],
): { runs: One[]; says: string } {
  const chosen = new Set(over.map(({ id }) => id));
  // Of a run and its retry, both failed and both chosen, one does the work.
  const runs = over.filter((run) => !hasGoodRetry(run) && !(run.retriedAs && chosen.has(run.retriedAs.id)));
  const done = over.length - runs.length;
  if (done === 0) return { runs, says: '' };
  const says = `${done} of ${over.length} ${done === 1 ? 'was' : 'were'} retried already`;
  return { runs, says: runs.length === 0 ? says : `${says} and ${done === 1 ? 'is' : 'are'} not retried again` };
}

/** Where a run that failed goes on, as its own Retry does: at the node that failed. Undefined for one that runs again from the start. */
export const goesOnFrom = ({ status, error }: Pick<Run, 'status' | 'error'>): string | undefined =>
  status === 'failed' ? (error?.node ?? undefined) : undefined;

/** What is done and what happens twice when runs are retried. */
export function retryWords(runs: readonly Pick<Run, 'status' | 'error'>[]): string {
  const whole = runs.filter((run) => goesOnFrom(run) === undefined);
  const well = whole.filter(({ status }) => status === 'finished').length;
  const done = well === 0 ? '' : ` (${well} finished)`;
  const again = 'from the start: what its steps sent already is sent again.';
  if (whole.length === 0) return 'Each goes on from the node that failed, and keeps what came before.';
  if (whole.length === runs.length)
    return `Each runs again ${again}${well === 0 ? '' : ` ${well} of ${runs.length} finished.`}`;
  return `Those that failed go on from the node that failed, and keep what came before. ${whole.length} of ${runs.length}${done} run again ${again.replace('its', 'their')}`;
}
