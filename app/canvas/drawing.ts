import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, outputPorts } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { joint, waysOf } from './connect.ts';
import { endName, showOpen } from '../graph/open-ends.ts';
import type { CardSide, End } from '../graph/open-ends.ts';

/** An edge is being drawn from a port: those that take it show it, worked out once and not at every move. */
export function beginDrawing(document: Workflow, catalogue: Catalogue, from: End, side: CardSide): void {
  showOpen(openEnds(document, catalogue, from, side));
}

/** The edge was let go. */
export const endDrawing = (): void => showOpen(new Set());

/** Every port that an edge from this one may lead to, or come from. */
export function openEnds(document: Workflow, catalogue: Catalogue, from: End, side: CardSide): ReadonlySet<string> {
  const ways = waysOf(document, catalogue);
  const judge = (source: End, target: End) => joint(document, catalogue, source, target, ways);
  const far: CardSide = side === 'out' ? 'in' : 'out';
  const names = document.nodes.flatMap((node) => {
    const card = catalogue(node.type, node.version);
    const ports = card ? (far === 'in' ? inputPorts : outputPorts)(card, node) : [];
    return ports
      .map(({ name }): End => ({ key: node.key, port: name }))
      .filter((end) => 'edge' in (far === 'in' ? judge(from, end) : judge(end, from)))
      .map((end) => endName(far, end));
  });
  return new Set(names);
}
