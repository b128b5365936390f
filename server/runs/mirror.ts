import type { Plan } from '../../flow/compile/plan.ts';
import type { Decision, Live } from '../../flow/run/decide.ts';
import type { RunEvent } from '../../flow/run/events.ts';
import { nodeOf } from '../../flow/run/items.ts';
import { idempotencyKey } from '../../flow/run/keys.ts';
import { instanceKey } from '../../flow/run/state.ts';
import type { RunState } from '../../flow/run/state.ts';
import type { Append, RunPatch, StageChange } from './flusher.ts';

/** The lane of a stage: its own when an author set one, else its run's. */
export const laneOf = (plan: Plan, state: RunState, stage: string): StageChange['lane'] =>
  plan.stages.find((one) => one.id === stage)?.lane ?? state.started?.lane ?? 'background';

/** Whether a stage runs a person's code, which a process of role `web` does not. */
export const hasCode = (plan: Plan, stage: string): boolean =>
  plan.stages.find((one) => one.id === stage)?.nodes.some((key) => nodeOf(plan, key).needs.includes('code')) ?? false;

/** What `runs` says of a run: derived from its facts and nothing else. */
export function runPatch(state: RunState, decision: Decision): RunPatch {
  const isOver = decision.status === 'finished' || decision.status === 'failed' || decision.status === 'cancelled';
  const fault = decision.status === 'failed' ? state.failing : undefined;
  return {
    status: decision.status,
    needs: decision.needs,
    error:
      decision.status === 'cancelled'
        ? { code: 'cancelled', message: state.cancelReason ?? 'cancelled' }
        : (fault ?? null),
    finishedAt: isOver && state.ended ? state.ended.at : null,
  };
}

/** How a live instance stands in `stages` when nobody holds it. */
export function restingChange(plan: Plan, state: RunState, { stage, path, next }: Live): StageChange {
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

/** Intents that facts open and close, for the `effects` table. */
export function effectChanges(
  plan: Plan,
  state: RunState,
  run: string,
  facts: readonly RunEvent[],
  epochOf: (stage: string, path: string) => number,
): NonNullable<Append['effects']> {
  const open: NonNullable<Append['effects']>['open'][number][] = [];
  const close: NonNullable<Append['effects']>['close'][number][] = [];
  const root = state.started?.root ?? run;
  for (const fact of facts) {
    if (fact.type === 'step.intended') {
      const { stage, path, node, items } = fact.data;
      for (const item of items)
        open.push({
          stage,
          path,
          node,
          item,
          call: '',
          epoch: epochOf(stage, path),
          class: nodeOf(plan, node).effect,
          key: idempotencyKey(root, path, node, item),
          at: fact.at,
        });
    } else if (fact.type === 'call.intended') {
      const { stage, path, node, call, effect } = fact.data;
      open.push({
        stage,
        path,
        node,
        item: -1,
        call,
        epoch: epochOf(stage, path),
        class: effect,
        key: idempotencyKey(root, path, node, undefined, call),
        at: fact.at,
      });
    } else if (fact.type === 'step.answered' || fact.type === 'item.failed') {
      close.push({
        stage: fact.data.stage,
        path: fact.data.path,
        node: fact.data.node,
        item: fact.data.item,
        call: '',
      });
    } else if (fact.type === 'call.answered') {
      close.push({
        stage: fact.data.stage,
        path: fact.data.path,
        node: fact.data.node,
        item: -1,
        call: fact.data.call,
      });
    } else if (fact.type === 'step.in-doubt') {
      const { stage, path, node, items, call } = fact.data;
      if (call !== undefined) close.push({ stage, path, node, item: -1, call });
      for (const item of items) close.push({ stage, path, node, item, call: '' });
    }
  }
  return { open, close: close.filter((one) => isClosable(state, one)) };
}

/** Only what leaves the process was ever opened: closing the rest would cost a statement for nothing. */
const isClosable = (state: RunState, _one: unknown) => state.started !== undefined;
