import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import { inputPorts, shownOutputs } from '../../flow/document/ports.ts';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Edge, Node, Note } from '../../flow/document/workflow.ts';

/** Sizes of the look, in pixels of the canvas (LOOK.md, Anatomy). */
export const size = { grid: 16, width: 176, face: 52, row: 22, rowsMargin: 5, parts: 26, knot: 72 } as const;

/** A place on the canvas, its top left corner. */
export type Point = readonly [number, number];

/** The ports of a node as its card draws them. */
export interface Face {
  /** Ports on the left and right edge of the face itself. */
  readonly input: NamedPort | undefined;
  readonly output: NamedPort | undefined;
  /** Named rows under a hairline; a row has an input, an output or both. */
  readonly rows: readonly { readonly input: NamedPort | undefined; readonly output: NamedPort | undefined }[];
  /** Ports for parts, on the bottom edge. */
  readonly parts: readonly NamedPort[];
}

const isPart = (port: NamedPort): boolean => port.kind === 'part';

/** Where each port of a node is drawn; `edges` show those that are drawn only because they are wired. A node whose type is not known has one of each, so that its edges stay in sight. */
export function faceOf(card: NodeCard | undefined, node: Node, edges: readonly Edge[] = []): Face {
  const unknown = { name: '' };
  if (!card) return { input: unknown, output: unknown, rows: [], parts: [] };
  const inputs = inputPorts(card, node).filter((port) => !isPart(port));
  const outputs = shownOutputs(card, node, edges).filter((port) => !isPart(port));
  const leftRows = inputs.length > 1 ? inputs : [];
  const rightRows = outputs.length > 1 ? outputs : [];
  return {
    input: leftRows.length > 0 ? undefined : inputs[0],
    output: rightRows.length > 0 ? undefined : outputs[0],
    rows: Array.from({ length: Math.max(leftRows.length, rightRows.length) }, (_, index) => ({
      input: leftRows[index],
      output: rightRows[index],
    })),
    parts: inputPorts(card, node).filter(isPart),
  };
}

/** How high a card is drawn. */
export function heightOf(card: NodeCard | undefined, node: Node): number {
  const { rows, parts } = faceOf(card, node);
  const rowsHigh = rows.length > 0 ? rows.length * size.row + size.rowsMargin : 0;
  return size.face + rowsHigh + (parts.length > 0 ? size.parts : 0);
}

/** The nearest point of the 16 px grid. */
export const snapped = ([x, y]: Point): [number, number] => [
  Math.round(x / size.grid) * size.grid,
  Math.round(y / size.grid) * size.grid,
];

/** What is in the way when something is put somewhere. */
export interface Box {
  readonly at: Point;
  readonly width: number;
  readonly height: number;
  /** How near something may come to it; a gap, unless it says otherwise. */
  readonly air?: number;
}

/** The boxes of nodes that have a place. */
export const boxesOf = (nodes: readonly Node[], catalogue: Catalogue): Box[] =>
  nodes.flatMap((node) =>
    node.at ? [{ at: node.at, width: size.width, height: heightOf(catalogue(node.type, node.version), node) }] : [],
  );

/** How large a note is that says nothing of its size. */
export const noteSize: readonly [number, number] = [240, 128];

/** The boxes of nodes and notes that have a place. */
export const boxesOfAll = (
  { nodes, notes = [] }: { readonly nodes: readonly Node[]; readonly notes?: readonly Note[] | undefined },
  catalogue: Catalogue,
): Box[] => [
  ...boxesOf(nodes, catalogue),
  ...notes.flatMap(({ at, size: [width, height] = noteSize }) => (at ? [{ at, width, height }] : [])),
];

const gap = 24;

/** The first place at or below a point where a card of this height, or what is as wide as given, covers nothing. */
export function freePlace(
  wanted: Point,
  height: number,
  boxes: readonly Box[],
  width: number = size.width,
): [number, number] {
  const at = snapped(wanted);
  const [dx, dy] = freeShift([{ at, width, height }], boxes);
  return [at[0] + dx, at[1] + dy];
}

/** The nearest place above, at or below a point where a card of this height covers nothing. */
export function nearPlace(wanted: Point, height: number, boxes: readonly Box[]): [number, number] {
  const at = snapped(wanted);
  const piece = [{ at, width: size.width, height }];
  const [down, up] = [freeShift(piece, boxes)[1], freeShift(piece, boxes, -1)[1]];
  return [at[0], at[1] + (-up < down ? up : down)];
}

/** How far down, or up, boxes that keep their places to each other have to go until none of them covers another; steps of the grid. */
export function freeShift(pieces: readonly Box[], boxes: readonly Box[], way: 1 | -1 = 1): [number, number] {
  const left = Math.min(...pieces.map(({ at }) => at[0])) - gap;
  const right = Math.max(...pieces.map(({ at, width }) => at[0] + width)) + gap;
  const near = boxes.filter(({ at, width }) => at[0] < right && at[0] + width > left);
  let far = 0;
  for (let hit = hitOf(pieces, near, way * far); hit; hit = hitOf(pieces, near, way * far)) {
    const { box, piece } = hit;
    const over =
      (box.air ?? gap) + (way > 0 ? box.at[1] + box.height - piece.at[1] : piece.at[1] + piece.height - box.at[1]);
    far = Math.max(far + size.grid, Math.ceil(over / size.grid) * size.grid);
  }
  return [0, way * far];
}

function hitOf(pieces: readonly Box[], boxes: readonly Box[], by: number) {
  for (const piece of pieces) {
    const moved = { ...piece, at: [piece.at[0], piece.at[1] + by] as const };
    const box = boxes.find((one) => isCovered(moved, one, one.air));
    if (box) return { piece, box };
  }
  return undefined;
}

/** Whether two boxes are nearer to each other than a gap. */
export const isCovered = (one: Box, other: Box, air: number = gap): boolean =>
  one.at[0] < other.at[0] + other.width + air &&
  other.at[0] < one.at[0] + one.width + air &&
  one.at[1] < other.at[1] + other.height + air &&
  other.at[1] < one.at[1] + one.height + air;
