import type { Plan } from '../../flow/compile/plan.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { WakeUp } from '../journal/flusher.ts';

/** The wake-up for the moment by which a run must be over, when its workflow sets one: it goes with the start. */
export function timeOutWake(plan: Plan, state: RunState, run: string): WakeUp[] {
  const { timeoutMs } = plan.settings;
  if (timeoutMs === undefined || state.ended || !state.started) return [];
  return [{ task: 'timeout', runAt: state.startedAt + timeoutMs, run, stage: '', path: '', lane: state.started.lane }];
}
