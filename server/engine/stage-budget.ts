import type { PlanNode } from '../../flow/compile/plan.ts';
import { isOfThread } from '../../flow/document/powers.ts';
import { Budget } from '../../flow/facts/budget.ts';
import { processorMs } from '../processor-time.ts';

/** What one stage may use (E4). Texts and data are several times a run's journal, which keeps but a part of what is made. */
const stageLimits = { ms: 30_000, stretchMs: 20, stayMs: 200, bytes: 256 * 1024 * 1024, items: 1_000_000 };

/** The budget of a stage that begins. */
export const stageBudget = (): Budget => new Budget(stageLimits, processorMs);

/** Whether a node can be carried out in another process: it is of this build, and asks for nothing that is not inside of its own thread. */
export const mayLeave = ({ effect, needs, content }: PlanNode): boolean =>
  effect === 'pure' && content === undefined && needs.every(isOfThread);
