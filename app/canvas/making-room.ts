import type { Catalogue } from '../../flow/document/card.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Edge, Workflow } from '../../flow/document/workflow.ts';
import { waysOf } from './connect.ts';
import { freePlace, heightOf, isCovered, noteSize, size, snapped } from '../graph/geometry.ts';
import type { Box, Point } from '../graph/geometry.ts';
import { placesOf } from '../graph/placement.ts';

/** From the left edge of a card to that of the next one. */
export const columnStep = size.width + 64;

/** Where a node that goes into an edge stands, and what moves so that it has the room. */
export interface Room {
  readonly at: [number, number];
  readonly push: readonly Edit[];
}

/** What goes into an edge: how high it is, and where it was put; without a place, a good one is found. */
export interface Guest {
  readonly height: number;
  readonly wanted?: Point;
}

/**
 * Room for a node in the middle of an edge: between its ends where they stand far enough apart; otherwise where the second
 * stood, which moves to the right with all that follows it. Undefined for an edge that leads back, which has room around it.
 */
export function roomInEdge(document: Workflow, catalogue: Catalogue, edge: Edge, guest: Guest): Room | undefined {
  const places = placesOf(document, catalogue);
  const [source, target] = [splitEnd(edge.from).key, splitEnd(edge.to).key];
  const [start, end] = [places.get(source), places.get(target)];
  if (!start || !end || source === target || end[0] < start[0] + size.width) return undefined;
  const isWide = end[0] - start[0] >= 2 * columnStep;
  const [x, y] = guest.wanted ?? (isWide ? middle(start, end) : [0, end[1]]);
  const at = snapped([Math.max(x, start[0] + columnStep), y]);
  const by = at[0] + columnStep - end[0];
  const boxes = boxesAt(document, catalogue, places);
  if (by <= size.grid) return { at: freePlace(at, guest.height, [...boxes.values()]), push: [] };
  const ways = waysOf(document, catalogue);
  const far = Math.ceil(by / size.grid) * size.grid;
  const moving = movingFrom(boxes, (key) => key === target || (key !== source && ways.lead(target, key)), source, far);
  const left = [...boxes].map(([key, box]) => (moving.has(key) ? shifted(box, far) : box));
  return { at: freePlace(at, guest.height, left), push: [pushOf(document, boxes, moving, far)] };
}

const middle = (one: Point, other: Point): Point => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];

const shifted = (box: Box, by: number): Box => ({ ...box, at: [box.at[0] + by, box.at[1]] });

type Boxes = ReadonlyMap<string, Box>;

function boxesAt(document: Workflow, catalogue: Catalogue, places: ReadonlyMap<string, Point>): Boxes {
  return new Map(
    document.nodes.map((node) => [
      node.key,
      {
        at: places.get(node.key) ?? [0, 0],
        width: size.width,
        height: heightOf(catalogue(node.type, node.version), node),
      },
    ]),
  );
}

/** What moves to the right: what follows and stands no further left than the first of it, and what that would cover. */
function movingFrom(boxes: Boxes, follows: (key: string) => boolean, source: string, by: number): Map<string, Box> {
  const after = [...boxes].filter(([key]) => follows(key));
  const border = (boxes.get(source)?.at[0] ?? 0) + size.width;
  const moving = new Map(after.filter(([, box]) => box.at[0] >= border));
  for (const box of moving.values())
    for (const [key, other] of boxes)
      if (key !== source && !moving.has(key) && other.at[0] >= border && isCovered(shifted(box, by), other, 8))
        moving.set(key, other);
  return moving;
}

function pushOf(document: Workflow, boxes: Boxes, moving: Boxes, by: number): Edit {
  const along = ([x, y]: Point): [number, number] => [x + by, y];
  const nodes = [...moving].map(([key, { at }]) => ({ key, at: along(at) }));
  const notes = notesAlong(document, boxes, moving).map(({ id, at }) => ({ id, at: along(at) }));
  return { do: 'move', nodes, ...(notes.length > 0 ? { notes } : {}) };
}

/** Notes that lie at nodes that move, and at none that stays. */
function notesAlong(document: Workflow, boxes: Boxes, moving: Boxes) {
  return (document.notes ?? []).flatMap(({ id, at = [0, 0], size: [width, height] = noteSize }) => {
    const note = { at, width, height };
    const near = [...boxes].filter(([, box]) => isCovered(note, box)).map(([key]) => key);
    return near.length > 0 && near.every((key) => moving.has(key)) ? [{ id, at }] : [];
  });
}
