import type { Catalogue } from '../../flow/document/card.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Edge, Workflow } from '../../flow/document/workflow.ts';
import { heightOf, size } from './geometry.ts';
import type { Point } from './geometry.ts';
import { placesOf } from './placement.ts';

// A thread that leads back leaves its card by this much before it turns, and keeps this far from the cards it goes round.
const turn = 24;
const air = 20;
const footHigh = 16;
// Between two cards that stand as near as they may, there is just this.
const tight = 12;
// Two threads that lead back beside each other.
const apart = 10;
/** From here on a bezier would loop: the target lies this far left of the source. */
const backFrom = 40;

/** A card as an obstacle. */
interface Card {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where another thread leads back. */
interface Lane {
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** Whether a thread between two ports has to go back. */
export const leadsBack = (sourceX: number, targetX: number): boolean => targetX < sourceX - backFrom;

const known = new WeakMap<Workflow, ReadonlyMap<Edge, number>>();

/** The height at which each edge that leads back runs, so that it crosses the fewest cards and makes the smallest way; worked out once a document. */
export function heightsBack(document: Workflow, catalogue: Catalogue): ReadonlyMap<Edge, number> {
  const before = known.get(document);
  if (before) return before;
  const places = placesOf(document, catalogue);
  const cards = new Map(
    document.nodes.map((node): [string, Card] => {
      const [left, top] = places.get(node.key) ?? [0, 0];
      const bottom = top + heightOf(catalogue(node.type, node.version), node);
      return [node.key, { left, top, right: left + size.width, bottom }];
    }),
  );
  const taken: Lane[] = [];
  const heights = document.edges.flatMap((edge): [Edge, number][] => {
    const [source, target] = [cards.get(splitEnd(edge.from).key), cards.get(splitEnd(edge.to).key)];
    if (!source || !target || !leadsBack(source.right, target.left)) return [];
    const from: Point = [source.right, source.top + size.face / 2];
    const height = heightBack(from, [target.left, target.top + size.face / 2], [...cards.values()], taken);
    taken.push({ left: target.left - turn, right: source.right + turn, height });
    return [[edge, height]];
  });
  const found = new Map(heights);
  known.set(document, found);
  return found;
}

/** The best height for one way back among cards; above rather than below, where both are as far, and not on the line of another way back. */
export function heightBack(from: Point, to: Point, cards: readonly Card[], taken: readonly Lane[] = []): number {
  const [start, end] = [to[0] - turn, from[0] + turn];
  const near = cards.filter(({ left, right }) => left <= end && right >= start);
  const lanes = taken.filter(({ left, right }) => left < end && right > start);
  const cost = (height: number) =>
    Math.abs(height - from[1]) + Math.abs(height - to[1]) + 4_000 * crossed(height) + 1_000 * (isTaken(height) ? 1 : 0);
  const isTaken = (height: number) => lanes.some((lane) => Math.abs(lane.height - height) < apart);
  const crossed = (height: number) =>
    near.filter((card) => {
      const isIn = (y: number) => y > card.top - air / 2 && y < card.bottom + air / 2;
      const isPassed = (x: number, y: number) =>
        x > card.left && x < card.right && Math.min(y, height) < card.bottom && Math.max(y, height) > card.top;
      return isIn(height) || isPassed(end, from[1]) || isPassed(start, to[1]);
    }).length;
  const best = (choices: readonly number[], first: number) =>
    choices.reduce((kept, one) => (cost(one) < cost(kept) ? one : kept), first);
  const wide = best(
    [...near.flatMap(({ top, bottom }) => [top - air, bottom + footHigh + air]), ...lanes.flatMap(beside)],
    Math.min(from[1], to[1]) - 64,
  );
  if (crossed(wide) === 0) return wide;
  return best(
    near.flatMap(({ top, bottom }) => [top - tight, bottom + tight]),
    wide,
  );
}

const beside = ({ height }: Lane): number[] => [height - apart, height + apart];

/** The path of a way back as SVG: out of its card, to its height, along it, and into the other card, with round corners. */
export function pathBack([x, y]: Point, [toX, toY]: Point, height: number): string {
  const corners: Point[] = [
    [x, y],
    [x + turn, y],
    [x + turn, height],
    [toX - turn, height],
    [toX - turn, toY],
    [toX, toY],
  ];
  const steps = corners.slice(1, -1).map((corner, index) => {
    const [before, after] = [corners[index] ?? corner, corners[index + 2] ?? corner];
    const round = Math.min(12, distance(before, corner) / 2, distance(corner, after) / 2);
    return `L${text(towards(corner, before, round))}Q${text(corner)} ${text(towards(corner, after, round))}`;
  });
  return `M${text([x, y])}${steps.join('')}L${text([toX, toY])}`;
}

const distance = (a: Point, b: Point): number => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);

/** A point some way from one corner to another; they differ along one axis only. */
const towards = ([x, y]: Point, to: Point, far: number): Point => [
  x + Math.sign(to[0] - x) * far,
  y + Math.sign(to[1] - y) * far,
];

const text = ([x, y]: Point): string => `${x} ${y}`;
