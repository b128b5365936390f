import { inputPorts, outputPorts, splitEnd } from '../../document/ports.ts';
import type { NamedPort } from '../../document/ports.ts';
import { quote } from '../../document/quote.ts';
import type { Issue, Node } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

type Side = 'inputs' | 'outputs';

/** Edges whose ends are not there, join ports of two kinds, or are there twice. */
export const edges: Rule = {
  codes: ['edge-end', 'edge-kind', 'edge-twice'],
  check(view) {
    const graph = graphOf(view);
    const seen = new Set<string>();
    return findIn(view, view.document.edges.entries(), ([index, { from, to }]): Issue[] => {
      const start = end(graph, from, 'outputs');
      const finish = end(graph, to, 'inputs');
      const wrong = [start, finish].flatMap((found) => ('wrong' in found ? [atEdge(index, found)] : []));
      if ('wrong' in start || 'wrong' in finish) return wrong;
      const name = `${start.name} ${finish.name}`;
      const isTwice = seen.has(name);
      seen.add(name);
      if (isTwice) return [twice(index, start.says, finish.says)];
      return isOneKind(start.port, finish.port) ? [] : [kinds(index, start.says, finish.says, start.port)];
    });
  },
};

type Wrong = { readonly wrong: string; readonly mend: string };
/** A place where an edge ends: what tells it from others, and what people call it. */
type End = Wrong | { readonly name: string; readonly says: string; readonly port: NamedPort | undefined };

/** The ports of a node on a side; undefined when its type is unknown, which is another rule's business. */
type Ports = (node: Node, side: Side) => readonly NamedPort[] | undefined;

interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly ports: Ports;
  /** The key that was most likely meant. */
  meant(key: string): string | undefined;
  nameOf(key: string): string;
}

function graphOf(view: View): Graph {
  const nodes = new Map(view.document.nodes.map((node) => [node.key, node]));
  const keys = new Set(nodes.keys());
  return { nodes, ports: remembered(view), meant: (key) => view.meant(key, keys), nameOf: view.nameOf };
}

function remembered({ catalogue }: View): Ports {
  const known = new Map<string, readonly NamedPort[] | undefined>();
  return (node, side) => {
    const name = `${side} ${node.key}`;
    if (known.has(name)) return known.get(name);
    const card = catalogue(node.type, node.version);
    const list = card && (side === 'inputs' ? inputPorts(card, node) : outputPorts(card, node));
    known.set(name, list);
    return list;
  };
}

function end({ nodes, ports, meant, nameOf }: Graph, text: string, side: Side): End {
  const { key, port: name } = splitEnd(text);
  const node = nodes.get(key);
  if (!node) return noNode(key, meant(key));
  const list = ports(node, side);
  const called = nameOf(key);
  if (!list) return { name: `${key} ${name ?? ''}`, says: called, port: undefined };
  const port = name === undefined ? list[0] : list.find((candidate) => candidate.name === name);
  if (!port) return noPort(called, name, list, side);
  return { name: `${key} ${port.name}`, says: list.length > 1 ? `${called} (${wordOf(port)})` : called, port };
}

const wordOf = ({ name, title }: NamedPort): string => title ?? name;

function noNode(key: string, meant: string | undefined): Wrong {
  const mend = meant ? `Write ${meant}, if that was meant, or remove the edge.` : 'Add the node, or remove the edge.';
  return { wrong: `The edge names the node ${quote(key)}, which is not there.`, mend };
}

function noPort(called: string, name: string | undefined, list: readonly NamedPort[], side: Side): Wrong {
  const word = side === 'inputs' ? 'input' : 'output';
  const [first] = list;
  if (!first) {
    const wrong = side === 'inputs' ? `${called} takes no items: it is a start.` : `${called} gives no items.`;
    return { wrong, mend: 'Remove the edge.' };
  }
  const names = list.slice(0, 8).map((port) => quote(wordOf(port)));
  return {
    wrong: `${called} has no ${word} ${quote(name ?? '')}.`,
    mend: `Its ${word}s are ${names.join(', ')}${list.length > 8 ? ' and more' : ''}: choose one, or remove the edge.`,
  };
}

const isOneKind = (from: NamedPort | undefined, to: NamedPort | undefined): boolean =>
  !from || !to || (from.kind ?? 'items') === (to.kind ?? 'items');

const atEdge = (index: number, { wrong, mend }: Wrong): Issue => found('edge-end', { edge: index }, wrong, mend);

const twice = (index: number, from: string, to: string): Issue =>
  found('edge-twice', { edge: index }, `The edge from ${from} to ${to} is there twice.`, 'Remove one of the two.');

function kinds(index: number, from: string, to: string, port: NamedPort | undefined): Issue {
  const [gives, takes] = port?.kind === 'part' ? ['a part', 'items'] : ['items', 'a part'];
  const message = `${from} gives ${gives}, and ${to} takes ${takes}.`;
  return found(
    'edge-kind',
    { edge: index },
    message,
    'Connect items with items, and a model, memory or tool with the port that is made for it.',
  );
}
