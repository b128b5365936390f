import type { Plan } from '../compile/plan.ts';
import type { Fact } from './fact.ts';
import { nodeOf } from './items.ts';
import { instanceKey } from './state.ts';
import type { RunState } from './state.ts';

/** How often a stage may take its process down before it is kept from running (E10). */
export const crashLimit = 3;

/**
 * The facts that recovery appends for a stage whose process died holding it (E5): the crash; a doubt for every effect that
 * was intended and not answered; quarantine on the third crash. Idempotent and pure work is simply done again.
 */
export function recoverFacts(
  plan: Plan,
  state: RunState,
  crash: {
    readonly stage: string;
    readonly path: string;
    readonly epoch: number;
    readonly worker: string;
    readonly at: number;
  },
): Fact[] {
  const { stage, path, epoch, worker, at } = crash;
  const instance = state.instances.get(instanceKey(stage, path));
  const facts: Fact[] = [{ type: 'stage.crashed', at, data: { stage, path, epoch, worker } }];
  const why = 'The process died after this was sent and before an answer was recorded.';
  facts.push(...doubtsOf(plan, state, { stage, path, at, why }));
  const crashes = (instance?.crashes ?? 0) + 1;
  if (crashes >= crashLimit) facts.push({ type: 'stage.quarantined', at, data: { stage, path, crashes } });
  return facts;
}

/** What keeps a stage from running on a value that is proven missing: a person retries it, once the value is back, or fails it. */
export const valueLost = (
  state: RunState,
  {
    stage,
    path,
    at,
    why,
  }: { readonly stage: string; readonly path: string; readonly at: number; readonly why: string },
): Fact => ({
  type: 'stage.quarantined',
  at,
  data: {
    stage,
    path,
    crashes: state.instances.get(instanceKey(stage, path))?.crashes ?? 0,
    reason: 'value-lost',
    why,
  },
});

/** A doubt for every effect of a stage that was intended and has no outcome, when nobody can be waiting for one any more. */
export function doubtsOf(
  plan: Plan,
  state: RunState,
  {
    stage,
    path,
    at,
    why,
  }: { readonly stage: string; readonly path: string; readonly at: number; readonly why: string },
): Fact[] {
  const instance = state.instances.get(instanceKey(stage, path));
  if (instance?.node === undefined) return [];
  const node = nodeOf(plan, instance.node);
  const place = { stage, path, node: node.key };
  const facts: Fact[] = [];
  const items = [...instance.items].filter(([, item]) => item.state === 'intended').map(([index]) => index);
  if (items.length > 0 && node.effect === 'effect')
    facts.push({ type: 'step.in-doubt', at, data: { ...place, items, why } });
  for (const [call, known] of instance.calls)
    if (known.state === 'intended' && known.effect === 'effect')
      facts.push({ type: 'step.in-doubt', at, data: { ...place, items: [], call, why } });
  return facts;
}
