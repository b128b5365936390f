import type { StoredFact } from '../../flow/facts/fact.ts';
import type { Run } from '../../flow/contract/run.ts';
import { isErred } from './status-words.ts';
import type { RunStep } from '../api/run-shapes.ts';

type Told = Pick<Run, 'status' | 'needs' | 'error'>;

/** What one came to see: what waits for a person, what failed or was cut off, what works now, what went on with errors, else the last. */
export function newsOf(run: Told, steps: readonly RunStep[]): RunStep | undefined {
  const [need] = run.needs;
  const asked = need && steps.findLast(({ key, path }) => `${key}${path}` === need.step);
  const failed = steps.findLast(
    ({ key, status }) => status === 'failed' && (!run.error?.node || run.error.node === key),
  );
  const live = steps.findLast(({ status }) => status === 'running' || status === 'in-doubt' || status === 'waiting');
  return (
    asked ??
    (run.status === 'failed' ? failed : undefined) ??
    (run.status === 'cancelled' ? steps.findLast(({ status }) => status === 'cancelled') : undefined) ??
    live ??
    steps.findLast(isErred) ??
    steps.findLast(({ status }) => status === 'finished') ??
    steps.at(-1)
  );
}

/** Who cancelled a run and why, in a sentence; undefined when it was not cancelled. Ids are not shown: who is not known by name is left out. */
export function whyCancelled(
  facts: readonly StoredFact[],
  nameOf: (id: string) => string | undefined = () => undefined,
): string | undefined {
  const fact = facts.findLast((one) => one.type === 'run.cancelled');
  if (!fact) return undefined;
  const { reason, by } = fact.data;
  const name = by === undefined ? undefined : by.startsWith('key_') ? 'an API key' : nameOf(by);
  const who = name === undefined ? 'Cancelled' : `Cancelled by ${name}`;
  // What is written where nobody gave a reason says nothing.
  if (reason === 'cancelled') return `${who}.`;
  return `${who}: ${reason.trim()}${/[.!?…]$/.test(reason.trim()) ? '' : '.'}`;
}
