import { splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { RunStep } from '../api/run-shapes.ts';

/** The keys of the nodes that come after what ran and have no step of their own, in the order of the document: what a run that broke off did not get to. */
export function notReached(
  { nodes, edges }: Pick<Workflow, 'nodes' | 'edges'>,
  steps: readonly Pick<RunStep, 'key'>[],
): string[] {
  const ran = new Set(steps.map(({ key }) => key));
  const after = Map.groupBy(edges, ({ from }) => splitEnd(from).key);
  const seen = new Set(ran);
  // A Set's iterator also visits what is added while it runs.
  for (const key of seen) for (const { to } of after.get(key) ?? []) seen.add(splitEnd(to).key);
  return nodes
    .filter(({ key, settings }) => seen.has(key) && !ran.has(key) && settings?.disabled !== true)
    .map(({ key }) => key);
}
