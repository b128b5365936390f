import { splitEnd } from '../ports.ts';
import { quote } from '../quote.ts';
import type { Edge, Workflow } from '../workflow.ts';
import type { EditOf } from './edit.ts';
import { inserted, noNode, placeOf, refuse, taken } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { together, tracesOf } from './traces.ts';

export function connect(document: Workflow, { edge, index }: EditOf<'connect'>): Outcome {
  const stranger = strangerIn(document, edge);
  if (stranger !== undefined) return noNode(stranger);
  if (find(document, edge) >= 0) return taken('edge', `${edge.from} → ${edge.to}`);
  return {
    document: { ...document, edges: inserted(document.edges, edge, index) },
    undo: { do: 'disconnect', edge },
  };
}

export function disconnect(document: Workflow, { edge }: EditOf<'disconnect'>): Outcome {
  const index = find(document, edge);
  if (index < 0) return noEdge(edge);
  const edges = document.edges.toSpliced(index, 1);
  // A hand-written document may hold the edge twice, or one that leads nowhere: connect would refuse both.
  const isOdd = find({ ...document, edges }, edge) >= 0 || strangerIn(document, edge) !== undefined;
  return {
    document: { ...document, edges },
    undo: isOdd ? { do: 'replace-edges', edges: document.edges } : { do: 'connect', edge, index },
  };
}

export const replaceEdges = (document: Workflow, { edges }: EditOf<'replace-edges'>): Outcome => ({
  document: { ...document, edges },
  undo: { do: 'replace-edges', edges: document.edges },
});

export function insertOnEdge(document: Workflow, { edge, node, input, output }: EditOf<'insert-on-edge'>): Outcome {
  const index = find(document, edge);
  if (index < 0) return noEdge(edge);
  if (placeOf(document, node.key) >= 0) return taken('key', node.key);
  const into = { from: edge.from, to: endOf(node.key, input) };
  const onward = { from: endOf(node.key, output), to: edge.to };
  return {
    document: {
      ...document,
      nodes: [...document.nodes, node],
      edges: document.edges.toSpliced(index, 1, into, onward),
    },
    undo: together([
      { do: 'remove-node', key: node.key },
      ...tracesOf(document, node.key),
      { do: 'replace-edges', edges: document.edges },
    ]),
  };
}

export function reorderEdges(document: Workflow, { from, to }: EditOf<'reorder-edges'>): Outcome {
  const edge = document.edges[from];
  if (!edge || to >= document.edges.length) {
    return refuse({ edge: from }, 'There is no such place in the order of edges.', 'Reload, and try again.');
  }
  return {
    document: { ...document, edges: document.edges.toSpliced(from, 1).toSpliced(to, 0, edge) },
    undo: { do: 'reorder-edges', from: to, to: from },
  };
}

const strangerIn = (document: Workflow, edge: Edge): string | undefined =>
  [edge.from, edge.to].map((end) => splitEnd(end).key).find((key) => placeOf(document, key) < 0);

const endOf = (key: string, port: string | undefined): string => (port === undefined ? key : `${key}.${port}`);

const find = ({ edges }: Workflow, { from, to }: Edge): number =>
  edges.findIndex((edge) => edge.from === from && edge.to === to);

const noEdge = ({ from, to }: Edge): Outcome =>
  refuse({}, `There is no edge ${quote(`${from} → ${to}`)}.`, 'Somebody may have removed it: reload, and try again.');
