import type { PlanNode } from '../compile/plan.ts';
import type { FactOf } from './fact.ts';
import type { ItemState } from './state.ts';

/** What was sent and not answered may still be under way there: it is asked about only so many milliseconds later. */
const settleMs = 5_000;

/** Tries of an item that the service says was not done, whatever the node's retries: more than that would never end. */
export const triesMost = 3;

/** From when on the service may be asked about an item in doubt; undefined when it is not asked, or could not tell (E11). */
export const checkAt = (node: PlanNode, item: ItemState | undefined): number | undefined =>
  node.verifies && item?.state === 'in-doubt' && !item.checked ? (item.since ?? 0) + settleMs : undefined;

/** How an item stands by the fact that it is in doubt. */
export const doubted = ({ at, data }: FactOf<'step.in-doubt'>, attempt: number): ItemState => ({
  state: 'in-doubt',
  attempt,
  since: at,
  ...(data.checked ? { checked: true } : {}),
});
