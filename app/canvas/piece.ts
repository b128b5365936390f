import * as z from 'zod';
import type { Catalogue } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import { upgradeDocument } from '../../flow/document/upgrade.ts';
import { apply } from '../../flow/document/edits/apply.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import { edge, node, note } from '../../flow/document/workflow.ts';
import type { Edge, Node, Workflow } from '../../flow/document/workflow.ts';
import { bridging } from './bridge.ts';
import type { Point } from '../graph/geometry.ts';
import { boxesOfAll, freeShift, size, snapped } from '../graph/geometry.ts';
import type { Box } from '../graph/geometry.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { freshTitle } from '../graph/fresh-title.ts';
import { placed, placesOf } from '../graph/placement.ts';
import { edgeId } from '../graph/selection.ts';
import type { Selection } from '../graph/selection.ts';
import { threadBoxes } from '../graph/thread-boxes.ts';

/** A piece of a graph as it lies in the clipboard: JSON that a person can read, and that any Heddle takes. */
export const piece = z.object({
  heddle: z.literal(1),
  nodes: z.array(node),
  edges: z.array(edge),
  notes: z.array(note).optional(),
});
export type Piece = z.infer<typeof piece>;

/** The chosen nodes and notes with the edges among them; undefined when nothing is chosen. */
export function pieceOf(document: Workflow, selection: Selection): Piece | undefined {
  const nodes = document.nodes.filter(({ key }) => selection.nodes.has(key));
  const notes = (document.notes ?? []).filter(({ id }) => selection.notes.has(id));
  if (nodes.length + notes.length === 0) return undefined;
  const isInside = (end: string) => selection.nodes.has(splitEnd(end).key);
  const edges = document.edges.filter(({ from, to }) => isInside(from) && isInside(to));
  return { heddle: 1, nodes, edges, ...(notes.length > 0 ? { notes } : {}) };
}

/** Reads a piece, or a whole document of any format, from the clipboard's text; else says what lies there instead. */
export function readPiece(text: string): Piece | { readonly refused: { message: string; mend?: string } } {
  const value = jsonOf(text);
  // Only what has nodes is said to be wrong with them.
  if (!isObject(value) || !Array.isArray(value['nodes'])) return { refused: noNodes };
  const current = upgradeDocument(value);
  if ('issue' in current) return { refused: current.issue };
  return piece.safeParse(current.value).data ?? { refused: unread };
}

const noNodes = { message: 'There are no nodes in the clipboard.' };
const unread = {
  message: 'The nodes in the clipboard cannot be read.',
  mend: 'Copy them again, or import the workflow.',
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A pasted piece: the edit that adds it, and what is then to be chosen. Its middle comes to a point, or a little below where it was taken
 * from, and from there down to where it covers nothing.
 */
export function pasteEdit(document: Workflow, catalogue: Catalogue, piece: Piece, middle: Point | undefined) {
  const boxes = boxesOfAll(piece, catalogue);
  const start = middle ? toMiddle(boxes, middle) : ([size.grid * 2, size.grid * 2] as const);
  const moved = boxes.map((box) => ({ ...box, at: [box.at[0] + start[0], box.at[1] + start[1]] as const }));
  const whole = placed(document, catalogue);
  // A note lies under edges as it does under cards.
  const threads = piece.nodes.length > 0 ? threadBoxes(whole, catalogue, placesOf(whole, catalogue)) : [];
  const [dx, dy] = freeShift(moved, [...boxesOfAll(whole, catalogue), ...threads]);
  return copyEdit(document, catalogue, piece, boxes.length === 0 ? [0, 0] : [start[0] + dx, start[1] + dy]);
}

/** A piece added as far from where it was as is said: the edit, and what is then to be chosen. */
export function copyEdit(
  document: Workflow,
  catalogue: Catalogue,
  { nodes, edges, notes }: Piece,
  by: [number, number],
) {
  const edit: Edit = {
    do: 'paste',
    nodes: toldApart(document, catalogue, nodes),
    edges,
    ...(notes ? { notes } : {}),
    by,
  };
  const outcome = apply(document, edit);
  if ('refused' in outcome) return outcome;
  const old = new Set(document.nodes.map(({ key }) => key));
  const oldNotes = new Set((document.notes ?? []).map(({ id }) => id));
  const selection: Selection = {
    nodes: new Set(outcome.document.nodes.map(({ key }) => key).filter((key) => !old.has(key))),
    edges: new Set(),
    notes: new Set((outcome.document.notes ?? []).map(({ id }) => id).filter((id) => !oldNotes.has(id))),
  };
  return { edit, selection };
}

/** Copies whose titles no other node has. */
function toldApart(document: Workflow, catalogue: Catalogue, nodes: readonly Node[]): Node[] {
  const taken = new Set(document.nodes.map((node) => nodeName(catalogue, node)));
  return nodes.map((node) => {
    const name = nodeName(catalogue, node);
    const title = freshTitle(name, taken);
    taken.add(title);
    return title === name ? node : { ...node, title };
  });
}

/** How far boxes move so that their middle comes to a point; steps of the grid, so that what was on it stays on it. */
function toMiddle(boxes: readonly Box[], [x, y]: Point): Point {
  const left = Math.min(...boxes.map(({ at }) => at[0]));
  const top = Math.min(...boxes.map(({ at }) => at[1]));
  const right = Math.max(...boxes.map(({ at, width }) => at[0] + width));
  const bottom = Math.max(...boxes.map(({ at, height }) => at[1] + height));
  return snapped([x - (left + right) / 2, y - (top + bottom) / 2]);
}

/** Takes everything chosen away; given the catalogue, what came in before a single node goes on to what came after it. */
export function removal(document: Workflow, selection: Selection, closing?: Catalogue): Edit | undefined {
  const edges = document.edges.filter((one) => selection.edges.has(edgeId(one)));
  const touched = (one: Edge) => [one.from, one.to].some((end) => selection.nodes.has(splitEnd(end).key));
  const [only, ...more] = selection.nodes;
  const edits: Edit[] = [
    ...edges.filter((one) => !touched(one)).map((one): Edit => ({ do: 'disconnect', edge: one })),
    ...[...selection.nodes].map((key): Edit => ({ do: 'remove-node', key })),
    ...[...selection.notes].map((id): Edit => ({ do: 'remove-note', id })),
    ...(closing && only !== undefined && more.length === 0 ? bridging(document, closing, only) : []),
  ];
  return edits.length === 0 ? undefined : { do: 'batch', edits };
}
