import type { Catalogue, NodeCard } from '../document/card.ts';
import { inputPorts, outputPorts, splitEnd } from '../document/ports.ts';
import type { NamedPort } from '../document/ports.ts';
import { nameInText } from '../document/node-name.ts';
import type { Issue, Node, Workflow } from '../document/workflow.ts';

/** An edge with both ports named; `index` is its place in the author's order. */
export interface Wire {
  readonly index: number;
  readonly from: { readonly node: string; readonly port: string };
  readonly to: { readonly node: string; readonly port: string };
}

/** A node of the document with what its card says of it. */
export interface Wired {
  readonly node: Node;
  readonly card: NodeCard;
  readonly inputs: readonly NamedPort[];
  readonly outputs: readonly NamedPort[];
}

/** A graph whose every edge ends in ports that exist. Back edges end in `next` of a loop and order nothing. */
export interface Wiring {
  readonly nodes: ReadonlyMap<string, Wired>;
  readonly forward: readonly Wire[];
  readonly back: readonly Wire[];
  readonly parts: readonly Wire[];
}

/** Names the ports of every edge; problems come back as Issues, and what they concern is left out. */
export function wire(document: Workflow, catalogue: Catalogue): { wiring: Wiring; issues: Issue[] } {
  const issues: Issue[] = [];
  const nodes = new Map<string, Wired>();
  for (const node of document.nodes) {
    const card = catalogue(node.type, node.version);
    if (nodes.has(node.key))
      issues.push(
        problem(
          'duplicate-key',
          { node: node.key },
          `Two nodes have the key ${node.key}.`,
          'Give one of them another key.',
        ),
      );
    else if (!card) issues.push(unknownType(node));
    else nodes.set(node.key, { node, card, inputs: inputPorts(card, node), outputs: outputPorts(card, node) });
  }
  const forward: Wire[] = [];
  const back: Wire[] = [];
  const parts: Wire[] = [];
  document.edges.forEach((edge, index) => {
    const from = resolveEnd(nodes, edge.from, 'outputs');
    const to = resolveEnd(nodes, edge.to, 'inputs');
    if (typeof from === 'string' || typeof to === 'string') {
      const message = typeof from === 'string' ? from : (to as string);
      issues.push(
        problem('edge-end', { edge: index }, message, 'Connect the edge to one that is there, or remove it.'),
      );
      return;
    }
    const wire = { index, from: { node: from.node, port: from.port.name }, to: { node: to.node, port: to.port.name } };
    if (to.port.kind === 'part') parts.push(wire);
    else if (isBackEdge(nodes, wire)) back.push(wire);
    else forward.push(wire);
  });
  return { wiring: { nodes, forward, back, parts }, issues };
}

/** A loop's node keeps turns: its `next` port is where the body comes back. */
export const isLoop = (card: NodeCard): boolean => card.role === 'loop' || card.role === 'repeat';

/** The port of a loop that feeds its body: `each` of a loop, `try` of a repeat. */
export const bodyPort = (card: NodeCard): string => (card.role === 'repeat' ? 'try' : 'each');

const isBackEdge = (nodes: ReadonlyMap<string, Wired>, wire: Wire) =>
  wire.to.port === 'next' && isLoop((nodes.get(wire.to.node) as Wired).card);

function resolveEnd(nodes: ReadonlyMap<string, Wired>, end: string, side: 'inputs' | 'outputs') {
  const { key, port: name } = splitEnd(end);
  const wired = nodes.get(key);
  if (!wired) return `The edge names the node ${key}, which is not there.`;
  const port = name === undefined ? wired[side][0] : wired[side].find((candidate) => candidate.name === name);
  if (!port)
    return `${nameInText(() => wired.card, wired.node)} has no ${side === 'inputs' ? 'input' : 'output'}${name === undefined ? '' : ` ${name}`}.`;
  return { node: key, port };
}

const unknownType = (node: Node) =>
  problem(
    'unknown-type',
    { node: node.key },
    `This build has no node ${node.type}${node.version === undefined ? '' : ` in version ${node.version}`}.`,
    'Install the node, or replace it with one that is there.',
  );

export const problem = (code: string, where: Issue['where'], message: string, mend: string): Issue => ({
  level: 'error',
  code,
  where,
  message,
  mend,
});
