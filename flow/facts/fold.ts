import type { StoredFact } from './fact.ts';
import type { Folding } from './folding.ts';
import { kindOf } from './kinds.ts';
import { copyOf } from './state.ts';
import type { RunState } from './state.ts';

/**
 * Folds facts into a state, in order of seq; facts already folded are passed over. Incremental: folding a prefix and then
 * the rest gives the same as folding all. Pure: the state given is never changed.
 */
export const fold = (state: RunState, facts: readonly StoredFact[]): RunState => foldInto(copyOf(state), facts);

/** As `fold`, but changes the state given, which must be the caller's own: what an actor does with each of 10,000 answers. */
export function foldInto(state: RunState, facts: readonly StoredFact[]): RunState {
  for (const fact of facts) foldFact(state, fact);
  return state;
}

/** As `foldInto`, of one. */
export function foldFact(state: RunState, fact: StoredFact): void {
  const draft = state as Folding;
  if (fact.seq <= draft.seq) return;
  draft.seq = fact.seq;
  draft.at = Math.max(draft.at, fact.at);
  kindOf(fact).fold(draft, fact as never);
}
