import type { Plan } from '../compile/plan.ts';
import { decide } from './decide.ts';
import type { Need } from './decide.ts';
import type { FaultRecord } from './fact.ts';
import { faults } from './faults.ts';
import type { RunState, RunStatus } from './state.ts';
import type { Step } from './step.ts';

/** An error as outsiders see it. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly node?: string;
  readonly mend?: string;
}

/** A run as the contract shows it. Times are ISO 8601. */
export interface RunView {
  readonly id: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly trigger: string;
  readonly start: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  readonly output?: readonly unknown[];
  readonly error?: ErrorView;
  readonly needs: readonly Need[];
  readonly retryOf?: string;
  readonly parent?: { readonly run: string; readonly node: string; readonly path: string };
}

/** A step as it is shown: its error is that of outsiders. */
export interface ShownStep extends Omit<Step, 'error'> {
  readonly error?: ErrorView;
}

const iso = (at: number) => new Date(at).toISOString();

export function errorView({ code, message, node, mend, item }: FaultRecord): ErrorView {
  const known = Object.hasOwn(faults, code) ? faults[code as keyof typeof faults] : undefined;
  return {
    code,
    message: item === undefined ? message : `${message} (item ${item + 1})`,
    ...(node === undefined ? {} : { node }),
    ...(mend === undefined ? (known ? { mend: known.sentence } : {}) : { mend }),
  };
}

/** A run from its facts. */
export function runView(id: string, plan: Plan, state: RunState): RunView {
  const decision = decide(plan, state);
  const { started, ended } = state;
  const fault = ended?.status === 'failed' ? state.failing : undefined;
  return {
    id,
    workflow: started?.workflow.id ?? '',
    version: started?.workflow.version ?? null,
    status: decision.status,
    trigger: started?.trigger.kind ?? '',
    start: started?.start ?? '',
    startedAt: iso(state.startedAt),
    finishedAt: ended ? iso(ended.at) : null,
    durationMs: ended ? ended.at - state.startedAt : null,
    ...(state.output ? { output: state.output } : {}),
    ...(fault ? { error: errorView(fault) } : {}),
    ...(ended?.status === 'cancelled'
      ? { error: errorView({ code: 'cancelled', message: state.cancelReason ?? 'cancelled' }) }
      : {}),
    needs: decision.needs,
    ...(started?.retryOf ? { retryOf: started.retryOf } : {}),
    ...(started?.parent
      ? { parent: { run: started.parent.run, node: started.parent.node, path: started.parent.path } }
      : {}),
  };
}

/** Steps as they are shown. */
export const shownSteps = (steps: readonly Step[]): ShownStep[] =>
  steps.map((step) => (step.error ? { ...step, error: errorView(step.error) } : step));
