import { wire } from '../../flow/compile/wiring.ts';
import { order } from '../../flow/compile/order.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { boxesOf, freePlace, heightOf } from './geometry.ts';
import type { Point } from './geometry.ts';

const columnWide = 240;
const origin: Point = [64, 64];

/**
 * A place for every node by key: its own, or for nodes without one (documents written by hand) a column by how far they are
 * from a start, below what is there. The same document always gives the same places; tidy makes better ones.
 */
export function placesOf(document: Workflow, catalogue: Catalogue): Map<string, Point> {
  const places = new Map(document.nodes.flatMap(({ key, at }): [string, Point][] => (at ? [[key, at]] : [])));
  if (places.size === document.nodes.length) return places;
  const depths = depthsOf(document, catalogue);
  const boxes = boxesOf(document.nodes, catalogue);
  for (const node of document.nodes) {
    if (places.has(node.key)) continue;
    const height = heightOf(catalogue(node.type, node.version), node);
    const wanted: Point = [origin[0] + (depths.get(node.key) ?? 0) * columnWide, origin[1]];
    const at = freePlace(wanted, height, boxes);
    boxes.push({ at, width: columnWide - 64, height });
    places.set(node.key, at);
  }
  return places;
}

/** The document with every node where it is seen. */
export function placed(document: Workflow, catalogue: Catalogue): Workflow {
  const places = placesOf(document, catalogue);
  const at = (key: string): [number, number] => [...(places.get(key) ?? origin)] as [number, number];
  return { ...document, nodes: document.nodes.map((node) => (node.at ? node : { ...node, at: at(node.key) })) };
}

/** Edits that keep every node where it is seen now: before one is added or moved, those without a place get theirs for good. */
export function keepPlaces(document: Workflow, catalogue: Catalogue): Edit[] {
  if (document.nodes.every(({ at }) => at !== undefined)) return [];
  const places = placesOf(document, catalogue);
  const nodes = document.nodes
    .filter(({ at }) => at === undefined)
    .map(({ key }) => ({ key, at: [...(places.get(key) ?? origin)] as [number, number] }));
  return [{ do: 'move', nodes }];
}

/** How many edges lie between a node and the furthest start before it. */
function depthsOf(document: Workflow, catalogue: Catalogue): Map<string, number> {
  const { wiring } = wire(document, catalogue);
  const depths = new Map<string, number>();
  const before = Map.groupBy([...wiring.forward, ...wiring.parts], ({ to }) => to.node);
  for (const key of order(wiring).keys) {
    const above = (before.get(key) ?? []).map(({ from }) => (depths.get(from.node) ?? 0) + 1);
    depths.set(key, Math.max(0, ...above));
  }
  return depths;
}
