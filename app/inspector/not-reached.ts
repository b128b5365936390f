import { splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { RunStep } from '../api/run-shapes.ts';

/** The keys of the nodes that come after what ran and have no step of their own, in the order of the document: what a run that broke off did not get to. */
export function notReached(
  { nodes, edges }: Pick<Workflow, 'nodes' | 'edges'>,
  steps: readonly Pick<RunStep, 'key'>[],
): string[] {
  const ran = new Set(steps.map(({ key }) => key));
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const { key } = splitEnd(from);
    after.set(key, [...(after.get(key) ?? []), splitEnd(to).key]);
  }
  const seen = new Set(ran);
  const next = [...ran];
  for (let key = next.pop(); key !== undefined; key = next.pop())
    for (const one of after.get(key) ?? []) {
      if (seen.has(one)) continue;
      seen.add(one);
      next.push(one);
    }
  return nodes
    .filter(({ key, settings }) => seen.has(key) && !ran.has(key) && settings?.disabled !== true)
    .map(({ key }) => key);
}
