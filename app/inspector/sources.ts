import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, outputPorts, splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { countOf } from './port-items.ts';

/** An item of an output: the step that gave it, the port and its place there. */
export interface Source {
  readonly step: RunStep;
  readonly port: string;
  readonly item: number;
}

/**
 * Which step gave an item of an input: lists of several edges stand one after the other, in the order of the edges (E6). Undefined where that
 * does not say it, as in a loop that got its items back from its body.
 */
export function sourceOf(
  { document, catalogue, steps }: { document: Workflow; catalogue: Catalogue; steps: readonly RunStep[] },
  step: RunStep,
  port: string,
  item: number,
): Source | undefined {
  const node = document.nodes.find(({ key }) => key === step.key);
  const card = node && catalogue(node.type, node.version);
  if (!node || !card || card.role === 'loop' || card.role === 'repeat') return undefined;
  let rest = item;
  for (const edge of document.edges) {
    const [from, to] = [splitEnd(edge.from), splitEnd(edge.to)];
    if (to.key !== step.key || (to.port ?? inputPorts(card, node)[0]?.name) !== port) continue;
    const giver = nearest(steps, from.key, step.path);
    const giving = document.nodes.find(({ key }) => key === from.key);
    const giverCard = giving && catalogue(giving.type, giving.version);
    const out = from.port ?? (giving && giverCard && outputPorts(giverCard, giving)[0]?.name);
    if (!giver || out === undefined) continue;
    const carried = countOf(giver.output[out]);
    if (rest < carried) return { step: giver, port: out, item: rest };
    rest -= carried;
  }
  return undefined;
}

/** The last attempt of a node at a path, else at the nearest one around it. */
function nearest(steps: readonly RunStep[], key: string, path: string): RunStep | undefined {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = steps.findLast((one) => one.key === key && one.path === at);
    if (found || at === '') return found;
  }
}
