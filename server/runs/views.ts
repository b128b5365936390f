import type { Plan } from '../../flow/compile/plan.ts';
import { decide } from '../../flow/facts/decide.ts';
import type { Need } from '../../flow/facts/decide.ts';
import type { FaultRecord, StoredEvent } from '../../flow/facts/events.ts';
import { faults } from '../../flow/facts/faults.ts';
import { emptyState, fold } from '../../flow/facts/state.ts';
import type { RunState, RunStatus } from '../../flow/facts/state.ts';
import { trace } from '../../flow/facts/trace.ts';
import type { Step } from '../../flow/facts/trace.ts';

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

/** A step as the contract shows it. */
export interface StepView extends Omit<Step, 'startedAt' | 'finishedAt' | 'error'> {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
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
      ? { error: { code: 'cancelled', message: state.cancelReason ?? 'cancelled' } }
      : {}),
    needs: decision.needs,
    ...(started?.retryOf ? { retryOf: started.retryOf } : {}),
    ...(started?.parent
      ? { parent: { run: started.parent.run, node: started.parent.node, path: started.parent.path } }
      : {}),
  };
}

/** The steps of a run from its facts. */
export const stepViews = (plan: Plan, facts: readonly StoredEvent[]): StepView[] =>
  trace(plan, facts).map(({ error, ...step }) => ({
    ...step,
    startedAt: step.startedAt === null ? null : iso(step.startedAt),
    finishedAt: step.finishedAt === null ? null : iso(step.finishedAt),
    ...(error ? { error: errorView(error) } : {}),
  }));

/** A fact as the contract shows it. */
export const eventView = ({ seq, at, type, data }: StoredEvent) => ({ seq, at: iso(at), type, data });

/** A run whole, as `heddle run --json` prints it. */
export function wholeRun(id: string, plan: Plan, facts: readonly StoredEvent[]) {
  const state = fold(emptyState, facts);
  return { ...runView(id, plan, state), steps: stepViews(plan, facts) };
}
