import { wire } from '../../flow/compile/wiring.ts';
import type { Wire, Wiring } from '../../flow/compile/wiring.ts';
import type { Catalogue, Family, NodeCard } from '../../flow/document/card.ts';
import { outputPorts } from '../../flow/document/ports.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { summaryOf } from '../graph/lines.ts';
import type { LineOf } from '../graph/lines.ts';
import { nodeName } from '../../flow/document/node-name.ts';

/** A node as a line of the outline. */
export interface OutlineRow {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly line: string;
  readonly icon: string;
  readonly family: Family;
  /** Branches go deeper; a chain stays on its level. */
  readonly depth: number;
  /** The output by which it is reached, where that one is one of several; of a node that is reached from several places, all of them. */
  readonly by: string | undefined;
}

/** The graph as a tree: from each start along the edges, every node once, where it is first reached. */
export function outlineOf(document: Workflow, catalogue: Catalogue, lineOf: LineOf = summaryOf): OutlineRow[] {
  const { wiring } = wire(document, catalogue);
  const after = Map.groupBy([...wiring.forward, ...wiring.parts], ({ from }) => from.node);
  const reached = new Set([...wiring.forward, ...wiring.parts].map(({ to }) => to.node));
  const seen = new Set<string>();
  const rows: OutlineRow[] = [];
  // A list of what is still to be visited and not recursion: a chain may be 5,000 nodes long.
  const heads = document.nodes
    .filter(({ key }) => !reached.has(key))
    .map(({ key }) => ({ key, depth: 0, by: undefined }));
  const rest = document.nodes.map(({ key }) => ({ key, depth: 0, by: undefined }));
  const open: { key: string; depth: number; by: string | undefined }[] = [...heads, ...rest].toReversed();
  const nodes = new Map(document.nodes.map((node) => [node.key, node]));
  const waysIn = waysInto(document, catalogue, wiring);
  for (let next = open.pop(); next; next = open.pop()) {
    const node = nodes.get(next.key);
    if (!node || seen.has(next.key)) continue;
    seen.add(next.key);
    const card = catalogue(node.type, node.version);
    rows.push({
      id: node.key,
      key: node.key,
      title: nodeName(catalogue, node),
      line: card ? lineOf(card, node) : node.type,
      icon: card?.icon ?? 'circle-help',
      family: card?.family ?? 'code',
      depth: next.depth,
      by: waysIn(node.key) ?? next.by,
    });
    const isBranch = card !== undefined && outputPorts(card, node).length > 1;
    const { depth } = next;
    const following = (after.get(node.key) ?? []).map(({ from, to }) => ({
      key: to.node,
      depth: isBranch ? depth + 1 : depth,
      by: isBranch ? portWord(card, node, from.port) : undefined,
    }));
    open.push(...following.toReversed());
  }
  return rows;
}

/** An output as the card shows it. */
const portWord = (card: NodeCard, node: Node, name: string): string =>
  outputPorts(card, node).find((port) => port.name === name)?.title ?? name;

/** Of a node that several edges lead into, from where each comes: `from If (true), Wait`. The tree shows it under one of them only. */
function waysInto({ nodes }: Workflow, catalogue: Catalogue, { forward, back, parts }: Wiring) {
  const known = new Map(nodes.map((node) => [node.key, node]));
  const into = Map.groupBy([...forward, ...back, ...parts], ({ to }) => to.node);
  const words = ({ from }: Wire): string => {
    const node = known.get(from.node);
    const card = node && catalogue(node.type, node.version);
    if (!node || !card) return from.node;
    const name = nodeName(catalogue, node);
    return outputPorts(card, node).length > 1 ? `${name} (${portWord(card, node, from.port)})` : name;
  };
  return (key: string): string | undefined => {
    const ways = into.get(key) ?? [];
    return ways.length > 1 ? `from ${ways.map(words).join(', ')}` : undefined;
  };
}
