import type { FactOf } from '../../flow/facts/fact.ts';
import type { CancelledRun, RunsOf } from '../journal/cancel-many.ts';
import type { Engine } from './engine.ts';

/** Why runs are cancelled, and by whom. */
export interface Why {
  readonly reason: string;
  readonly by?: string;
}

/**
 * Cancels the runs that some called, and what those called: a statement for each thousand of a level of the tree. What one of them starts meanwhile
 * is found with the next level, or by who starts it, who looks afterwards whether its parent may still have it. Gives all that it cancelled.
 */
export async function cancelBelow(engine: Engine, runs: readonly string[], reason: string): Promise<string[]> {
  const all: string[] = [];
  for (let parents = runs; parents.length > 0;) {
    parents = (await cancelMany(engine, { parents }, { reason })).map(({ run }) => run);
    all.push(...parents);
  }
  return all;
}

/** Cancels those of the runs that are not over, and gives them. */
export async function cancelMany(engine: Engine, of: RunsOf, why: Why): Promise<readonly CancelledRun[]> {
  const fact = cancelledBy(engine, why);
  const cancelled = await engine.options.ledger.cancelMany(of, fact);
  for (const { run, seq } of cancelled) engine.known(run)?.endedBy(fact, seq);
  return cancelled;
}

/** The fact that ends a run so. */
export const cancelledBy = ({ options }: Engine, { reason, by }: Why): FactOf<'run.cancelled'> => ({
  type: 'run.cancelled',
  at: options.clock(),
  data: { reason, ...(by === undefined ? {} : { by }) },
});
