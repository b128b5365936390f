import { wire } from '../../flow/compile/wiring.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, outputPorts, splitEnd } from '../../flow/document/ports.ts';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Edge, Node, Workflow } from '../../flow/document/workflow.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import type { End } from '../graph/open-ends.ts';

/** Whether two ports may be joined: the edge to make, or a sentence that says why not. */
export type Joint = { readonly edge: Edge } | { readonly no: string };

/** Judges an edge that is being drawn, as the check would judge it afterwards. */
export function joint(
  document: Workflow,
  catalogue: Catalogue,
  from: End,
  to: End,
  ways: Ways = waysOf(document, catalogue),
): Joint {
  const source = portAt(document, catalogue, from, 'out');
  const target = portAt(document, catalogue, to, 'in');
  if (!source || !target) return { no: 'There is no such port.' };
  if (!target.port) return { no: noPort(catalogue, target, to, 'takes no input: it starts a run') };
  if (!source.port) return { no: noPort(catalogue, source, from, 'has no output') };
  if (from.key === to.key && !isBack(catalogue, target)) return { no: 'A node cannot feed itself.' };
  if ((source.port.kind ?? 'items') !== (target.port.kind ?? 'items') && target.port.kind === 'part' && !source.asTool)
    return { no: `${target.port.title ?? target.port.name} takes a part, such as a model or a tool, not items.` };
  const edge = { from: endText(source, from), to: endText(target, to) };
  if (document.edges.some((old) => sameEnd(old.from, edge.from, source) && sameEnd(old.to, edge.to, target)))
    return { no: 'They are connected already.' };
  if (!isBack(catalogue, target) && ways.lead(to.key, from.key))
    return { no: 'That would go round in a circle. Loops go back into a Loop or Repeat node.' };
  return { edge };
}

const noPort = (catalogue: Catalogue, { node, isBare }: Found, { port }: End, says: string): string =>
  `${nodeName(catalogue, node)} ${isBare ? says : `has no port ${port} on that side`}.`;

/**
 * The same for an edge that was let go over a card and not over a port that takes it: its first free port on the other side that does, else why
 * not even its first.
 */
export function jointWith(document: Workflow, catalogue: Catalogue, here: End, side: 'in' | 'out', key: string): Joint {
  const ways = waysOf(document, catalogue);
  const node = document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  const ports = node && card ? (side === 'out' ? inputPorts : outputPorts)(card, node).map(({ name }) => name) : [];
  const judge = (port: string) => {
    const there = { key, port };
    return side === 'out'
      ? joint(document, catalogue, here, there, ways)
      : joint(document, catalogue, there, here, ways);
  };
  const isFree = (port: string) =>
    !document.edges.some(({ from, to }) => sameKey(side === 'in' ? from : to, key, port, ports[0]));
  // Of a Loop the way in and the way back are no two places for the same: who comes from its body is told by the way round.
  const isTwofold = side === 'out' && (card?.role === 'loop' || card?.role === 'repeat');
  const free = isTwofold ? [] : ports.filter(isFree);
  return [...free, ...ports].map(judge).find((one) => 'edge' in one) ?? judge('');
}

const sameKey = (end: string, key: string, port: string, first: string | undefined): boolean =>
  end === `${key}.${port}` || (port === first && end === key);

interface Found {
  readonly node: Node;
  readonly port: NamedPort | undefined;
  readonly isFirst: boolean;
  /** There is no port on that side. */
  readonly isBare: boolean;
  readonly asTool: boolean;
}

function portAt(document: Workflow, catalogue: Catalogue, end: End, side: 'in' | 'out'): Found | undefined {
  const node = document.nodes.find(({ key }) => key === end.key);
  const card = node && catalogue(node.type, node.version);
  if (!node || !card) return undefined;
  const ports = side === 'in' ? inputPorts(card, node) : outputPorts(card, node);
  const place = end.port === '' ? 0 : ports.findIndex(({ name }) => name === end.port);
  return { node, port: ports[place], isFirst: place === 0, isBare: ports.length === 0, asTool: card.asTool };
}

const endText = ({ port, isFirst }: Found, { key }: End): string => (isFirst || !port ? key : `${key}.${port.name}`);

/** `key` and `key.first` are one end. */
const sameEnd = (old: string, now: string, { port, isFirst, node }: Found): boolean =>
  old === now || (isFirst && port !== undefined && old === `${node.key}.${port.name}`);

const isBack = (catalogue: Catalogue, { node, port }: Found): boolean => {
  const role = catalogue(node.type, node.version)?.role;
  return port?.name === 'next' && (role === 'loop' || role === 'repeat');
};

/** The keys that can be reached from each node by forward edges, worked out when asked for: once for an edge being drawn. */
export interface Ways {
  readonly lead: (from: string, to: string) => boolean;
}

/** Looks at the edges of a document once, for many judgements. */
export function waysOf(document: Workflow, catalogue: Catalogue): Ways {
  const { wiring } = wire(document, catalogue);
  const next = Map.groupBy([...wiring.forward, ...wiring.parts], (edge) => edge.from.node);
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (from: string): ReadonlySet<string> => {
    const seen = new Set([from]);
    for (const key of seen) for (const edge of next.get(key) ?? []) seen.add(edge.to.node);
    reached.set(from, seen);
    return seen;
  };
  return { lead: (from, to) => (reached.get(from) ?? reach(from)).has(to) };
}

/** The keys of nodes that lie before and after a node, by any edge. */
export function neighbours({ edges }: Workflow, key: string): { before: string[]; after: string[] } {
  const ends = edges.map(({ from, to }) => ({ from: splitEnd(from).key, to: splitEnd(to).key }));
  return {
    before: [...new Set(ends.filter((end) => end.to === key).map((end) => end.from))],
    after: [...new Set(ends.filter((end) => end.from === key).map((end) => end.to))],
  };
}
