import type { Plan } from '../compile/plan.ts';
import type { Fact, StoredFact } from './fact.ts';
import { decide } from './decide.ts';
import type { Need } from './decide.ts';
import { nodeOf } from './items.ts';
import { doubtsOf } from './recover.ts';
import { fold } from './fold.ts';
import { factKinds, kindOf } from './kinds.ts';
import type { Kept } from './kinds.ts';
import { emptyState, instanceKey, numbered } from './state.ts';
import type { RunState } from './state.ts';

/** What a retry starts from, or the doubts that must be answered first. */
export type Retried =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly doubts: readonly Need[] };

/**
 * The facts that a retry from a node keeps (E24): those of every stage that is not the node's own or downstream of it.
 * Effects that were done in a stage that did not end are kept too, so that nothing goes out twice under the same key.
 */
export function keptFacts(plan: Plan, facts: readonly StoredFact[], from: string): Retried {
  const doubts = openDoubts(plan, facts);
  if (doubts.length > 0) return { ok: false, doubts };
  const redone = downstream(plan, from);
  const state = fold(emptyState, facts);
  const didEnd = (stage: string, path: string) => state.instances.get(instanceKey(stage, path))?.ending === 'finished';
  const kept = facts.filter((fact) => {
    const keep = keptAs(fact);
    if (keep === 'never' || !('stage' in fact.data)) return keep !== 'never';
    const { stage, path } = fact.data;
    if (!redone.has(stage)) return keep !== 'with-link' || didEnd(stage, path);
    return keep === 'with-effect' && !didEnd(stage, path) && !isUnanswered(state, fact);
  });
  return { ok: true, facts: kept.map((fact) => withoutSkips(fact, redone)).filter((fact) => fact !== undefined) };
}

/** Doubts that nobody has answered. */
export function openDoubts(plan: Plan, facts: readonly StoredFact[]): Need[] {
  const open = facts.filter((fact) => !factKinds[fact.type].isEnd);
  const left = fold(emptyState, numbered(0, open));
  // Of a run that was cancelled while something was under way, nobody will say any more what came of it.
  const why = 'The run ended after this was sent and before an answer was recorded.';
  const unknown = [...left.instances.values()]
    .filter(({ ending }) => ending === undefined)
    .flatMap(({ stage, path }) => doubtsOf(plan, left, { stage, path, at: left.at, why }));
  const state = fold(left, numbered(left.seq, unknown));
  return decide(plan, state).needs.filter((need) => need.kind === 'in-doubt');
}

/** Stages that a node's stage feeds, itself included. */
function downstream(plan: Plan, from: string): Set<string> {
  const reached = new Set([nodeOf(plan, from).stage]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const node of Object.values(plan.nodes))
      if (node.inputs.some((input) => input.from.some((end) => reached.has(nodeOf(plan, end.node).stage))))
        reached.add(node.stage);
  }
  return reached;
}

/** When a fact is taken over, as the row of its kind says. */
function keptAs(fact: Fact): Kept {
  const { retry } = kindOf(fact);
  return typeof retry === 'function' ? retry(fact.data as never) : retry;
}

/** A call that goes out again: its intent belongs to the old run. */
const isUnanswered = (state: RunState, fact: Fact) =>
  fact.type === 'call.intended' &&
  state.instances.get(instanceKey(fact.data.stage, fact.data.path))?.calls.get(fact.data.call)?.state !== 'answered';

function withoutSkips(fact: Fact, redone: ReadonlySet<string>): Fact | undefined {
  if (fact.type !== 'stage.skipped') return strip(fact);
  const stages = fact.data.stages.filter(({ stage }) => !redone.has(stage));
  return stages.length === 0 ? undefined : { type: fact.type, at: fact.at, data: { stages } };
}

/** A fact without its place in the old run. */
function strip(fact: Fact & { seq?: number }): Fact {
  const { seq: _seq, ...own } = fact;
  return own as Fact;
}
