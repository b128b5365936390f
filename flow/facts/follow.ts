import type { Plan } from '../compile/plan.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import type { Fact } from './fact.ts';
import { foldInto } from './fold.ts';
import { numbered } from './state.ts';
import type { RunState } from './state.ts';

/** Folds facts and what follows from them, until nothing more does. The state must be the caller's own. */
export function follow(
  plan: Plan,
  state: RunState,
  given: readonly Fact[],
): { readonly facts: Fact[]; readonly decision: Decision } {
  const facts: Fact[] = [];
  for (let more = given; ;) {
    for (const fact of more) facts.push(fact);
    foldInto(state, numbered(state.seq, more));
    const decision = decide(plan, state);
    if (decision.facts.length === 0) return { facts, decision };
    more = decision.facts;
  }
}
