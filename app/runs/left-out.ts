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

/** What happens twice when runs are retried from the start. */
export function retriedWhole(runs: readonly Pick<Run, 'status'>[]): string {
  const well = runs.filter(({ status }) => status === 'finished').length;
  const done = well === 0 ? '' : `${well} of ${runs.length} finished. `;
  return `${done}Each runs again from the start: what its steps sent already is sent again.`;
}
