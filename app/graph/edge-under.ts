import type { Point } from './geometry.ts';

/** A mouse or a finger. */
export type PointerPlace =
  | { clientX: number; clientY: number }
  | { changedTouches: ArrayLike<{ clientX: number; clientY: number }> };

/**
 * The edge under a pointer that is none of a card's own, of several that cross there the one whose line is nearest: what is let go there goes into
 * it. What lies under another card is not meant.
 */
export function edgeUnder(event: PointerPlace, key: string | undefined): HTMLElement | SVGElement | undefined {
  const at = 'clientX' in event ? event : event.changedTouches[0];
  if (!at) return undefined;
  const edges = new Set<SVGElement>();
  for (const found of document.elementsFromPoint(at.clientX, at.clientY)) {
    const card = found.closest<HTMLElement>('.react-flow__node-card');
    if (card && card.dataset['id'] !== key) break;
    const edge = found.closest<SVGElement>('.react-flow__edge');
    const ends = edge?.dataset['id']?.split('→') ?? [];
    if (edge && ends.every((end) => end.split('.')[0] !== key)) edges.add(edge);
  }
  const far = [...edges].map((edge) => ({ edge, far: farFrom([at.clientX, at.clientY], pointsOf(edge)) }));
  return far.toSorted((one, other) => one.far - other.far)[0]?.edge;
}

/** How far a point is from a line that is given by points close to each other. */
export const farFrom = ([x, y]: Point, line: readonly Point[]): number =>
  Math.min(...line.map(([px, py]) => Math.hypot(px - x, py - y)));

const step = 3;

/** Points of an edge's line on the screen. */
function pointsOf(edge: SVGElement): Point[] {
  const path = edge.querySelector<SVGPathElement>('path.thread');
  const onScreen = path?.getScreenCTM();
  if (!path || !onScreen) return [];
  const length = path.getTotalLength();
  return Array.from({ length: Math.ceil(length / step) + 1 }, (_, index) => {
    const { x, y } = path.getPointAtLength(Math.min(length, index * step)).matrixTransform(onScreen);
    return [x, y] as const;
  });
}
