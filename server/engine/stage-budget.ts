import type { PlanNode } from '../../flow/compile/plan.ts';
import { powers } from '../../flow/document/powers.ts';
import { Budget } from '../../flow/facts/budget.ts';
import type { BudgetLimits } from '../../flow/facts/budget.ts';

/** What one stage may use (E4). Texts and data are several times a run's journal, which keeps but a part of what is made. */
export const stageLimits: BudgetLimits = { ms: 30_000, stretchMs: 20, bytes: 256 * 1024 * 1024, items: 1_000_000 };

/** Milliseconds of processor that this thread has had: that a busy machine gave it none does not count. */
export function processorClock(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The budget of a stage that begins. */
export const stageBudget = (limits: BudgetLimits = stageLimits): Budget => new Budget(limits, processorClock);

/** Whether a node can be carried out in another process: it is of this build, and asks for nothing that is not inside of its own thread. */
export const mayLeave = ({ effect, needs, content }: PlanNode): boolean =>
  effect === 'pure' &&
  content === undefined &&
  needs.every((name) => powers[name].isAmbient && !powers[name].isAwaited);
