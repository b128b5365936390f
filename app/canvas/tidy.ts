import { wire } from '../../flow/compile/wiring.ts';
import type { Tidy } from './desk.ts';
import { heightOf, size, snapped } from '../graph/geometry.ts';
import type { Point } from '../graph/geometry.ts';
import { placesOf } from '../graph/placement.ts';

/** Lays the graph out with ELK in a worker, both loaded when first asked for; the graph's top left stays where it was. */
export const tidy: Tidy = async (store) => {
  const { history, catalogue } = store.getState();
  const { document } = history;
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  // Elk's bundled main file would drag 1.6 MB into the page: a classic worker by its address instead.
  const elk = new Elk({ workerFactory: () => new Worker(workerUrl) });
  try {
    const { wiring } = wire(document, catalogue);
    const laid = await elk.layout({
      id: 'graph',
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': 'RIGHT',
        'elk.spacing.nodeNode': '48',
        'elk.layered.spacing.nodeNodeBetweenLayers': '64',
        'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
        'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      },
      children: document.nodes.map((node) => ({
        id: node.key,
        width: size.width,
        // The line under a card needs its room.
        height: heightOf(catalogue(node.type, node.version), node) + 20,
      })),
      edges: [...wiring.forward, ...wiring.parts].map(({ from, to, index }) => ({
        id: String(index),
        sources: [from.node],
        targets: [to.node],
      })),
    });
    return settled(laid.children ?? [], placesOf(document, catalogue));
  } finally {
    elk.terminateWorker();
  }
};

function settled(
  children: readonly { id: string; x?: number; y?: number }[],
  before: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  const places = [...before.values()];
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  return new Map(children.map(({ id, x = 0, y = 0 }) => [id, snapped([left + x, top + y])]));
}
