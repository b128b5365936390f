import type { Plan } from '../../flow/compile/plan.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { trace } from '../../flow/facts/trace.ts';
import { runView, shownSteps } from '../../flow/facts/views.ts';
import type { ShownStep } from '../../flow/facts/views.ts';

/** A step as the contract shows it. */
export interface StepView extends Omit<ShownStep, 'startedAt' | 'finishedAt'> {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const iso = (at: number) => new Date(at).toISOString();

/** The steps of a run from its facts. */
export const stepViews = (plan: Plan, facts: readonly StoredFact[]): StepView[] =>
  shownSteps(trace(plan, facts)).map((step) => ({
    ...step,
    startedAt: step.startedAt === null ? null : iso(step.startedAt),
    finishedAt: step.finishedAt === null ? null : iso(step.finishedAt),
  }));

/** A fact as the contract shows it. */
export const eventView = ({ seq, at, type, data }: StoredFact) => ({ seq, at: iso(at), type, data });

/** A run whole, as `heddle run --json` prints it. */
export function wholeRun(id: string, plan: Plan, facts: readonly StoredFact[]) {
  const state = fold(emptyState, facts);
  return { ...runView(id, plan, state), steps: stepViews(plan, facts) };
}
