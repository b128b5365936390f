import { bodyPort, isLoop } from '../../flow/compile/wiring.ts';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { inputPorts, outputPorts, splitEnd } from '../../flow/document/ports.ts';
import type { Edge, Node, Workflow } from '../../flow/document/workflow.ts';
import { joint, waysOf } from './connect.ts';

/**
 * The edges that close the gap where a node was, each at the place of the one it stands for. What came in goes on to what its first connected
 * output led to, as it does through a node that is disabled: not each item down every branch, not into a loop's body or out of its way back, and
 * never as a part. What may not be joined is left open.
 */
export function bridging(document: Workflow, catalogue: Catalogue, key: string): Edit[] {
  const node = document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  if (!node || !card) return [];
  const into = cameInto(document, card, node);
  const onward = ledOn(document, card, node).filter(({ to }) => !isForParts(document, catalogue, to));
  const isOurs = ({ from, to }: Edge) => [from, to].some((end) => splitEnd(end).key === key);
  const nodes = document.nodes.filter((one) => one !== node);
  let edges = document.edges.filter((one) => !isOurs(one));
  const edits: Edit[] = [];
  for (const { from, to } of onward.flatMap((out) => into.map((one) => ({ from: one.from, to: out.to })))) {
    const left = { ...document, nodes, edges };
    const judged = joint(left, catalogue, endOf(from), endOf(to), waysOf(left, catalogue));
    if (!('edge' in judged)) continue;
    // Behind what stood before the edge onward in the author's order, and behind what was joined in its place already.
    const before = new Set(
      document.edges.slice(
        0,
        document.edges.findIndex((one) => one.to === to && isOurs(one)),
      ),
    );
    const joined = edits.length;
    const index = edges.filter((one) => before.has(one)).length + joined;
    edges = edges.toSpliced(index, 0, judged.edge);
    edits.push({ do: 'connect', edge: judged.edge, index });
  }
  return edits;
}

/** The edges that brought it items from other nodes. */
function cameInto({ edges }: Workflow, card: NodeCard, node: Node): Edge[] {
  const ports = inputPorts(card, node);
  const taking = ports.filter(({ kind, name }) => kind !== 'part' && !(isLoop(card) && name === 'next'));
  return edges.filter(({ from, to }) => {
    const end = splitEnd(to);
    const port = end.port ?? ports[0]?.name;
    return end.key === node.key && splitEnd(from).key !== node.key && taking.some(({ name }) => name === port);
  });
}

/** The edges from the first of its outputs that lead to another node; not what follows an error, which it no more can have. */
function ledOn({ edges }: Workflow, card: NodeCard, node: Node): Edge[] {
  const ports = outputPorts(card, node).map(({ name }) => name);
  const giving = ports.filter((name) => name !== 'error' && !(isLoop(card) && name === bodyPort(card)));
  const from = (port: string) =>
    edges.filter((edge) => {
      const end = splitEnd(edge.from);
      return end.key === node.key && (end.port ?? ports[0]) === port && splitEnd(edge.to).key !== node.key;
    });
  return giving.map(from).find((some) => some.length > 0) ?? [];
}

/** Whether an edge ends where a part belongs, as a tool: what comes in there is what stood there, and no items. */
function isForParts({ nodes }: Workflow, catalogue: Catalogue, end: string): boolean {
  const { key, port } = splitEnd(end);
  const node = nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  return !!node && !!card && inputPorts(card, node).some(({ kind, name }) => kind === 'part' && name === port);
}

const endOf = (text: string) => {
  const { key, port = '' } = splitEnd(text);
  return { key, port };
};
