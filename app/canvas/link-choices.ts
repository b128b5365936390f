import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, outputPorts, shownOutputs, splitEnd } from '../../flow/document/ports.ts';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Edge, Node, Workflow } from '../../flow/document/workflow.ts';
import { joint, waysOf } from './connect.ts';
import { edgeId } from '../graph/selection.ts';

/** An edge that may be made, or that is there, told in words from one of its ends. */
export interface Link {
  readonly edge: Edge;
  /** The node at the far end. */
  readonly far: Node;
  /** `true → In 2`: the ports that it joins, where a node has more than one. */
  readonly says: string;
}

/** Every edge that may lead out of a node: each output with each input that takes it, near nodes of the list first. */
export function openLinks(document: Workflow, catalogue: Catalogue, key: string): Link[] {
  const node = document.nodes.find((one) => one.key === key);
  if (!node) return [];
  const ways = waysOf(document, catalogue);
  const card = catalogue(node.type, node.version);
  const outputs = card ? shownOutputs(card, node, document.edges) : [];
  return document.nodes.flatMap((far) =>
    outputs.flatMap((output) =>
      portsOf(catalogue, far, 'in').flatMap((input): Link[] => {
        const from = { key, port: output.name };
        const judged = joint(document, catalogue, from, { key: far.key, port: input.name }, ways);
        if ('no' in judged) return [];
        return [{ edge: judged.edge, far, says: wordsOf(catalogue, node, far, output, input) }];
      }),
    ),
  );
}

/** Every edge at a node, those that leave it first. */
export function heldLinks(document: Workflow, catalogue: Catalogue, key: string): Link[] {
  const nodes = new Map(document.nodes.map((node) => [node.key, node]));
  const seen = new Set<string>();
  const links = (side: 'from' | 'to'): Link[] =>
    document.edges.flatMap((edge): Link[] => {
      const [from, to] = [splitEnd(edge.from), splitEnd(edge.to)];
      const [source, target] = [nodes.get(from.key), nodes.get(to.key)];
      if (!source || !target || (side === 'from' ? from : to).key !== key || seen.has(edgeId(edge))) return [];
      seen.add(edgeId(edge));
      const output = portNamed(portsOf(catalogue, source, 'out'), from.port);
      const input = portNamed(portsOf(catalogue, target, 'in'), to.port);
      const says = wordsOf(catalogue, source, target, output, input);
      return [{ edge, far: side === 'from' ? target : source, says: side === 'from' ? says : `comes from ${says}` }];
    });
  return [...links('from'), ...links('to')];
}

function portsOf(catalogue: Catalogue, node: Node, side: 'in' | 'out'): NamedPort[] {
  const card = catalogue(node.type, node.version);
  return card ? (side === 'in' ? inputPorts : outputPorts)(card, node) : [];
}

const portNamed = (ports: readonly NamedPort[], name: string | undefined): NamedPort =>
  ports.find((port) => port.name === name) ?? ports[0] ?? { name: name ?? '' };

function wordsOf(catalogue: Catalogue, from: Node, to: Node, output: NamedPort, input: NamedPort): string {
  const isOneOfMany = (node: Node, side: 'in' | 'out') => portsOf(catalogue, node, side).length > 1;
  const words = [
    isOneOfMany(from, 'out') ? (output.title ?? output.name) : 'output',
    isOneOfMany(to, 'in') ? (input.title ?? input.name) : 'input',
  ];
  return words.join(' → ');
}
