import type { Catalogue } from '../../flow/document/card.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { faceOf, size } from './geometry.ts';
import type { Box, Face, Point } from './geometry.ts';
import { leadsBack } from './way-back.ts';

/** So near to a thread a card may stand, and so far from each other are the points at which a thread is looked at. */
const air = 10;
const step = 12;

/**
 * The threads of a document as what is in the way of a new card: it would lie over them and look as if it were wired. Those that lead back go
 * round cards by themselves, and those of parts are short.
 */
export function threadBoxes(document: Workflow, catalogue: Catalogue, places: ReadonlyMap<string, Point>): Box[] {
  const nodes = new Map(document.nodes.map((node) => [node.key, node]));
  const faces = new Map<string, Face>();
  const face = (node: Node): Face => {
    const known = faces.get(node.key) ?? faceOf(catalogue(node.type, node.version), node, document.edges);
    faces.set(node.key, known);
    return known;
  };
  return document.edges.flatMap(({ from, to }) => {
    const [one, other] = [splitEnd(from), splitEnd(to)];
    const [source, target] = [nodes.get(one.key), nodes.get(other.key)];
    const [start, end] = [places.get(one.key), places.get(other.key)];
    if (!source || !target || !start || !end || face(target).parts.some(({ name }) => name === other.port)) return [];
    const out: Point = [start[0] + size.width, start[1] + highOf(face(source), 'output', one.port)];
    const into: Point = [end[0], end[1] + highOf(face(target), 'input', other.port)];
    return leadsBack(out[0], into[0])
      ? []
      : pointsOf(out, into).map(([x, y]) => ({ at: [x, y], width: 0, height: 0, air }));
  });
}

/** How far below the top of its card a port is; without a name, the first. */
function highOf({ rows }: Face, side: 'input' | 'output', port: string | undefined): number {
  const named = port === undefined ? 0 : rows.findIndex((one) => one[side]?.name === port);
  const row = Math.max(0, named);
  return rows.some((one) => one[side] !== undefined)
    ? size.face + size.rowsMargin / 2 + (row + 0.5) * size.row
    : size.face / 2;
}

/** Points of the curve that React Flow draws between two ports, from left to right. */
function pointsOf([x, y]: Point, [toX, toY]: Point): Point[] {
  const reach = Math.abs(toX - x) / 2;
  const count = Math.ceil((Math.abs(toX - x) + Math.abs(toY - y)) / step);
  return Array.from({ length: count + 1 }, (_, index): Point => {
    const t = count === 0 ? 0 : index / count;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
    return [a * x + b * (x + reach) + c * (toX - reach) + d * toX, (a + b) * y + (c + d) * toY];
  });
}
