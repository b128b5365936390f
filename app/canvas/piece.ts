import * as z from 'zod';
import { apply } from '../../flow/document/edits/apply.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import { edge, node, note } from '../../flow/document/workflow.ts';
import type { Edge, Workflow } from '../../flow/document/workflow.ts';
import type { Point } from './geometry.ts';
import { size } from './geometry.ts';

/** What is chosen on the canvas: nodes by key, edges by name, notes by id. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

/** Nothing chosen. */
export const nothing: Selection = { nodes: new Set(), edges: new Set(), notes: new Set() };

/** An edge's name among the edges: no two have both ends the same. */
export const edgeId = ({ from, to }: Edge): string => `${from}→${to}`;

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

/** Reads a piece, or a whole document, from the clipboard's text; undefined when it is neither. */
export function readPiece(text: string): Piece | undefined {
  try {
    return piece.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A pasted piece: the edit that adds it with its top left at a point, and what is then to be chosen. */
export function pasteEdit(document: Workflow, { nodes, edges, notes }: Piece, at: Point | undefined) {
  const places = [...nodes, ...(notes ?? [])].flatMap((one) => (one.at ? [one.at] : []));
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  const by: [number, number] =
    places.length === 0 ? [0, 0] : at ? [at[0] - left, at[1] - top] : [size.grid * 2, size.grid * 2];
  const edit: Edit = { do: 'paste', nodes, edges, ...(notes ? { notes } : {}), by };
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

/** Takes everything chosen away; with `mends`, what came in before a single node goes on to what came after it. */
export function removal(document: Workflow, selection: Selection, mends = false): Edit | undefined {
  const edges = document.edges.filter((one) => selection.edges.has(edgeId(one)));
  const touched = (one: Edge) => [one.from, one.to].some((end) => selection.nodes.has(splitEnd(end).key));
  const edits: Edit[] = [
    ...edges.filter((one) => !touched(one)).map((one): Edit => ({ do: 'disconnect', edge: one })),
    ...[...selection.nodes].map((key): Edit => ({ do: 'remove-node', key })),
    ...[...selection.notes].map((id): Edit => ({ do: 'remove-note', id })),
    ...(mends ? mendedEdges(document, selection) : []),
  ];
  return edits.length === 0 ? undefined : { do: 'batch', edits };
}

function mendedEdges(document: Workflow, { nodes }: Selection): Edit[] {
  if (nodes.size !== 1) return [];
  const isChosen = (end: string) => nodes.has(splitEnd(end).key);
  const into = document.edges.filter(({ to, from }) => isChosen(to) && !isChosen(from));
  const out = document.edges.filter(({ from, to }) => isChosen(from) && !isChosen(to));
  const known = new Set(document.edges.map(edgeId));
  return into
    .flatMap(({ from }) => out.map(({ to }) => ({ from, to })))
    .filter((one) => !known.has(edgeId(one)))
    .map((one): Edit => ({ do: 'connect', edge: one }));
}
