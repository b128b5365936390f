import type { Plan, PlanNode } from '../compile/plan.ts';
import { deliveredBy } from './items.ts';
import type { View } from './items.ts';

/** The output of a run: the Respond items, else the items delivered by end nodes that ran, in document order (E23). */
export function outputOf(view: View): unknown[] {
  const nodes = Object.values(view.plan.nodes).filter((node) => node.loops.length === 0);
  const ran = (node: PlanNode) => view.find(node.key, '')?.record;
  const responds = nodes.filter((node) => node.role === 'respond' && ran(node)?.status === 'finished');
  const fed = fedFrom(view.plan);
  const ends = responds.length > 0 ? responds : nodes.filter((node) => !fed.has(node.key));
  return ends.flatMap((node) => {
    const record = ran(node);
    return record && record.status !== 'skipped' ? deliveredBy(view, record) : [];
  });
}

/** Nodes that something follows. What a loop feeds its own body does not count: its end is `done`. */
function fedFrom(plan: Plan): Set<string> {
  const fed = new Set<string>();
  for (const node of Object.values(plan.nodes))
    for (const input of node.inputs)
      for (const from of input.from) {
        const source = plan.nodes[from.node];
        if (source?.mode !== 'turn' || from.port === 'done' || from.port === 'error') fed.add(from.node);
      }
  return fed;
}
