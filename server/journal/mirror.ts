import type { Plan } from '../../flow/compile/plan.ts';
import type { Decision, LiveStage } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { isAwaited } from '../../flow/document/powers.ts';
import { nodeOf, stageOf } from '../../flow/facts/items.ts';
import { kindOf } from '../../flow/facts/kinds.ts';
import type { IntentRef } from '../../flow/facts/kinds.ts';
import { idempotencyKey } from '../../flow/facts/keys.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Append, RunPatch, StageChange } from './flusher.ts';

/** The lane of a stage: its own when an author set one, else its run's. */
export const laneOf = (plan: Plan, state: RunState, stage: string): StageChange['lane'] =>
  stageOf(plan, stage)?.lane ?? state.started?.lane ?? 'background';

/** Whether a stage runs a person's code, which a process of role `web` does not. */
export const hasCode = (plan: Plan, stage: string): boolean =>
  stageOf(plan, stage)?.nodes.some((key) => nodeOf(plan, key).needs.includes('code')) ?? false;

/** Whether a stage may come to wait for what is answered from outside: all that it asks of powers is known beforehand. */
export const mayLeave = (plan: Plan, stage: string): boolean =>
  stageOf(plan, stage)?.nodes.some((key) => nodeOf(plan, key).needs.some(isAwaited)) ?? false;

/** What `runs` says of a run: derived from its facts and nothing else. */
export function runPatch(state: RunState, decision: Decision): RunPatch {
  const isOver = decision.status === 'finished' || decision.status === 'failed' || decision.status === 'cancelled';
  const fault = decision.status === 'failed' ? state.failing : undefined;
  return {
    status: decision.status,
    needs: decision.needs,
    awaitsRuns: decision.awaitsRuns,
    error:
      decision.status === 'cancelled'
        ? { code: 'cancelled', message: state.cancelReason ?? 'cancelled' }
        : (fault ?? null),
    finishedAt: isOver && state.ended ? state.ended.at : null,
  };
}

/** How a live instance stands in `stages` when nobody holds it. */
export function restingChange(plan: Plan, state: RunState, { stage, path, next }: LiveStage): StageChange {
  return {
    stage,
    path,
    to: next === 'never' ? 'waiting' : 'ready',
    lane: laneOf(plan, state, stage),
    nextAt: typeof next === 'number' ? next : null,
    crashes: state.instances.get(instanceKey(stage, path))?.crashes ?? 0,
    code: hasCode(plan, stage),
  };
}

type Effects = NonNullable<Append['effects']>;

/** Intents that facts open and close, for the `effects` table. What a fact closes that was never opened costs nothing. */
export function effectChanges(
  plan: Plan,
  state: RunState,
  run: string,
  facts: readonly Fact[],
  epochOf: (stage: string, path: string) => number,
): Effects {
  const root = state.started?.root ?? run;
  // One statement sees no row of its own: of an intent that these facts open and close (a retry keeps both) only the last word counts.
  const open = new Map<string, Effects['open'][number]>();
  const close = new Map<string, Effects['close'][number]>();
  for (const fact of facts) {
    for (const intent of opened(plan, root, fact, epochOf)) {
      open.set(nameOf(intent), intent);
      close.delete(nameOf(intent));
    }
    for (const intent of closed(plan, fact)) {
      close.set(nameOf(intent), intent);
      open.delete(nameOf(intent));
    }
  }
  return { open: [...open.values()], close: [...close.values()] };
}

/** The tokens that facts put on record, for the table that finds them by hash. */
export const openedTokens = (facts: readonly Fact[]): NonNullable<Append['tokens']> =>
  facts.flatMap((fact) => kindOf(fact).mirror.issues?.(fact.data as never) ?? []);

const nameOf = ({ stage, path, node, item, call }: Effects['close'][number]) =>
  JSON.stringify([stage, path, node, item, call]);

function opened(
  plan: Plan,
  root: string,
  fact: Fact,
  epochOf: (stage: string, path: string) => number,
): Effects['open'] {
  const intents = kindOf(fact).mirror.opens?.(fact.data as never) ?? [];
  if (intents.length === 0) return [];
  const { stage, path, node, effect = nodeOf(plan, node).effect } = fact.data as OfNode;
  return intents.map((intent) => ({
    ...place({ stage, path, node }, intent),
    epoch: epochOf(stage, path),
    at: fact.at,
    class: effect,
    key:
      'call' in intent
        ? idempotencyKey(root, path, node, undefined, intent.call)
        : idempotencyKey(root, path, node, intent.item),
  }));
}

/** Only effects have intents: the outcomes of what may be repeated close nothing. */
function closed(plan: Plan, fact: Fact): Effects['close'] {
  const intents = kindOf(fact).mirror.closes?.(fact.data as never) ?? [];
  const data = fact.data as OfNode;
  return intents.length === 0 || nodeOf(plan, data.node).effect !== 'effect'
    ? []
    : intents.map((intent) => place(data, intent));
}

/** What the facts that open and close intents have in common. */
interface OfNode {
  readonly stage: string;
  readonly path: string;
  readonly node: string;
  readonly effect?: Effects['open'][number]['class'];
}

const place = ({ stage, path, node }: OfNode, intent: IntentRef): Effects['close'][number] =>
  'call' in intent
    ? { stage, path, node, item: -1, call: intent.call }
    : { stage, path, node, item: intent.item, call: '' };
