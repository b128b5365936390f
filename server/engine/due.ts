import type { Plan } from '../../flow/compile/plan.ts';
import type { Fact, StoredFact } from '../../flow/facts/fact.ts';
import { nodeOf } from '../../flow/facts/items.ts';
import { doubtsOf } from '../../flow/facts/recover.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Holding } from './holding.ts';

/** Of a run that is failing no stage is begun: the fact that lets this one go (E9). */
export const stopOf = (state: RunState, { stage, path }: Holding, at: number): Fact[] | undefined =>
  state.failing ? [{ type: 'stage.stopped', at, data: { stage, path } }] : undefined;

/** The facts of timers of a stage whose time has come; undefined when there are none. */
export function dueTimers(state: RunState, { stage, path }: Holding, at: number): Fact[] | undefined {
  const instance = state.instances.get(instanceKey(stage, path));
  const due = [...(instance?.calls ?? [])].filter(
    ([, call]) =>
      call.state === 'suspended' &&
      call.waiting &&
      'due' in call.waiting &&
      (call.waiting.due ?? Number.POSITIVE_INFINITY) <= at,
  );
  if (due.length === 0) return undefined;
  return due.map(([call]) => ({ type: 'timer.due', at, data: { stage, path, node: instance?.node ?? '', call } }));
}

/**
 * Doubts about effects whose outcome nobody waits for any more: the claim was handed back while they were under way, or
 * their attempt gave up on them. They are asked about before the stage goes on; undefined when there are none.
 */
export function leftOpen(plan: Plan, state: RunState, { stage, path }: Holding, at: number): Fact[] | undefined {
  const why = 'Whoever sent this stopped before an answer was recorded.';
  const doubts = doubtsOf(plan, state, { stage, path, at, why });
  return doubts.length === 0 ? undefined : doubts;
}

/** Of facts that came too late for their claim: what effects came to. */
export const lateOutcomes = (plan: Plan, facts: readonly Fact[]): Fact[] =>
  facts.flatMap((fact): Fact[] => {
    if (fact.type !== 'step.answered' && fact.type !== 'call.answered') return [];
    if (fact.data.late || nodeOf(plan, fact.data.node).effect !== 'effect') return [];
    return fact.type === 'step.answered'
      ? [{ ...fact, data: { ...fact.data, late: true } }]
      : [{ ...fact, data: { ...fact.data, late: true } }];
  });

/** Whether a stored fact is one that was just handed in: same kind, same moment, same place. */
export const isSame = (stored: StoredFact | undefined, fact: Fact | undefined): boolean =>
  stored !== undefined &&
  fact !== undefined &&
  stored.type === fact.type &&
  stored.at === fact.at &&
  JSON.stringify(placeOf(stored)) === JSON.stringify(placeOf(fact));

const placeOf = ({ data }: Fact) =>
  'stage' in data ? [data.stage, data.path, 'item' in data ? data.item : null, 'call' in data ? data.call : null] : [];
