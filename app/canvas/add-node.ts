import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { freshKey, keysOf } from '../../flow/document/keys.ts';
import { outputPorts } from '../../flow/document/ports.ts';
import type { Edge, Node, Workflow } from '../../flow/document/workflow.ts';
import { joint } from './connect.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { footBoxes } from '../graph/feet.ts';
import { freshTitle } from '../graph/fresh-title.ts';
import type { End } from '../graph/open-ends.ts';
import { boxesOf, freePlace, heightOf, nearPlace, size } from '../graph/geometry.ts';
import { columnStep, roomInEdge } from './making-room.ts';
import type { Point } from '../graph/geometry.ts';
import { keepPlaces, placed, placesOf } from '../graph/placement.ts';
import { threadBoxes } from '../graph/thread-boxes.ts';

/** Where a new node goes: at a point, after a node (wired to it), at the loose end of an edge, or into an edge, where it was let go if it was. */
export type Spot =
  | { readonly at: Point }
  | { readonly after: string }
  | { readonly from: End; readonly at: Point }
  | { readonly into: End; readonly at: Point }
  | { readonly edge: Edge; readonly at?: Point };

/** The sentences that stand under cards, by node. */
export type Feet = ReadonlyMap<string, string>;

/** A new node and the one edit that adds it, wired where that can be. */
export interface Added {
  readonly key: string;
  readonly edit: Edit;
}

/** Works out a new node: a free key, a free place, its wire. Nothing is changed yet. */
export function addition(
  document: Workflow,
  catalogue: Catalogue,
  card: NodeCard,
  spot: Spot,
  feet: Feet = new Map(),
): Added {
  const key = freshKey(card.title, new Set([...keysOf(document), ...Object.keys(document.pins ?? {})]));
  const bare: Node = { key, type: card.type, version: card.version, ...ownTitle(document, catalogue, card.title) };
  const kept = keepPlaces(document, catalogue);
  const height = heightOf(card, bare);
  const middle = 'edge' in spot && spot.at ? { wanted: cornerOf(spot.at) } : {};
  const room = 'edge' in spot ? roomInEdge(document, catalogue, spot.edge, { height, ...middle }) : undefined;
  if ('edge' in spot && room) {
    const node = { ...bare, at: room.at };
    return { key, edit: together([...kept, ...room.push, splice(document, catalogue, node, spot.edge, card)]) };
  }
  const node = { ...bare, at: placeFor(document, catalogue, height, { spot, feet }) };
  if ('edge' in spot) return { key, edit: together([...kept, splice(document, catalogue, node, spot.edge, card)]) };
  const add: Edit = { do: 'add-node', node };
  const edge = wireFor({ ...document, nodes: [...document.nodes, node] }, catalogue, key, spot);
  return { key, edit: together([...kept, add, ...(edge ? [{ do: 'connect', edge } as const] : [])]) };
}

/** The title of a new node where that of its card is another node's already. */
function ownTitle({ nodes }: Workflow, catalogue: Catalogue, title: string): { readonly title?: string } {
  const fresh = freshTitle(title, new Set(nodes.map((node) => nodeName(catalogue, node))));
  return fresh === title ? {} : { title: fresh };
}

/** One edit of several; a single one as it is. */
const together = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { do: 'batch', edits });

/**
 * The edits that put a node that is there, and is wired to nothing, into an edge, near where it was let go; undefined when it cannot
 * stand in it. What follows makes room.
 */
export function splicing(
  document: Workflow,
  catalogue: Catalogue,
  key: string,
  edge: Edge,
  at: Point,
): Edit[] | undefined {
  const isWired = document.edges.some(({ from, to }) => [from, to].some((end) => end.split('.')[0] === key));
  const node = document.nodes.find((one) => one.key === key);
  if (isWired || !node) return undefined;
  const end = (text: string): End => ({ key: text.split('.')[0] ?? '', port: text.split('.')[1] ?? '' });
  const without = { ...document, edges: document.edges.filter((one) => one !== edge) };
  const first = joint(without, catalogue, end(edge.from), { key, port: '' });
  const second = joint(without, catalogue, { key, port: '' }, end(edge.to));
  if ('no' in first || 'no' in second) return undefined;
  const others = { ...document, nodes: document.nodes.filter((one) => one !== node) };
  const height = heightOf(catalogue(node.type, node.version), node);
  const room = roomInEdge(others, catalogue, edge, { height, wanted: at });
  return [
    ...(room?.push ?? []),
    { do: 'move', nodes: [{ key, at: room?.at ?? [Math.round(at[0]), Math.round(at[1])] }] },
    { do: 'disconnect', edge },
    { do: 'connect', edge: first.edge },
    { do: 'connect', edge: second.edge },
  ];
}

/** What was let go somewhere stands as near as it can; what comes after a node, at it or below. It lies over no card, no sentence under one and no edge. */
function placeFor(
  document: Workflow,
  catalogue: Catalogue,
  height: number,
  { spot, feet }: { readonly spot: Spot; readonly feet: Feet },
): [number, number] {
  const places = placesOf(document, catalogue);
  const cut = 'edge' in spot ? spot.edge : undefined;
  const others = { ...document, edges: document.edges.filter((edge) => edge !== cut) };
  const boxes = [
    ...boxesOf(placed(document, catalogue).nodes, catalogue),
    ...threadBoxes(others, catalogue, places),
    ...footBoxes(document, catalogue, places, feet),
  ];
  return ('after' in spot ? freePlace : nearPlace)(wanted(spot, places), height, boxes);
}

function wanted(spot: Spot, places: ReadonlyMap<string, Point>): Point {
  if ('edge' in spot) {
    if (spot.at) return cornerOf(spot.at);
    const [from, to] = [placeOf(places, spot.edge.from), placeOf(places, spot.edge.to)];
    return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  }
  if ('after' in spot) {
    const [x, y] = placeOf(places, spot.after);
    return [x + columnStep, y];
  }
  const [x, y] = spot.at;
  // The loose end of an edge meets the port; what is wired to nothing has the middle of its face there.
  if ('from' in spot) return [x, y - size.face / 2];
  if ('into' in spot) return [x - size.width, y - size.face / 2];
  return cornerOf(spot.at);
}

/** Where a card stands whose face has its middle at a point. */
const cornerOf = ([x, y]: Point): Point => [x - size.width / 2, y - size.face / 2];

const placeOf = (places: ReadonlyMap<string, Point>, end: string): Point =>
  places.get(end.split('.')[0] ?? '') ?? [0, 0];

/** The wire of a node that was added somewhere; undefined where none fits, as before a trigger. */
function wireFor(document: Workflow, catalogue: Catalogue, key: string, spot: Spot): Edge | undefined {
  const here = { key, port: '' };
  const made =
    'from' in spot
      ? joint(document, catalogue, spot.from, here)
      : 'into' in spot
        ? joint(document, catalogue, here, spot.into)
        : 'after' in spot
          ? joint(document, catalogue, { key: spot.after, port: freePort(document, catalogue, spot.after) }, here)
          : undefined;
  return made && 'edge' in made ? made.edge : undefined;
}

/**
 * The output of a node that leads nowhere yet and is drawn from next: the first, of a loop the one into its body. Empty, which stands for its
 * first, when all lead somewhere.
 */
export function freePort(document: Workflow, catalogue: Catalogue, key: string): string {
  const node = document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  if (!node || !card) return '';
  const outputs = outputPorts(card, node).map(({ name }) => name);
  const [first] = outputs;
  const isUsed = (port: string) =>
    document.edges.some(({ from }) => from === `${key}.${port}` || (port === first && from === key));
  const hasBody = card.role === 'loop' || card.role === 'repeat';
  return (hasBody ? outputs.toReversed() : outputs).find((port) => !isUsed(port)) ?? '';
}

/** Cuts an edge in two with the node between, when it has both an input and an output. */
function splice(document: Workflow, catalogue: Catalogue, node: Node, edge: Edge, card: NodeCard): Edit {
  const whole = { ...document, nodes: [...document.nodes, node] };
  const takes = joint(whole, catalogue, { key: edge.from.split('.')[0] ?? '', port: '' }, { key: node.key, port: '' });
  const gives = Object.keys(card.outputs).length > 0;
  return 'edge' in takes && gives ? { do: 'insert-on-edge', edge, node } : { do: 'add-node', node };
}
