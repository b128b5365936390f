import { neighbours } from '../connect.ts';
import type { Desk } from '../desk.ts';
import { chosenKey, select } from '../editing.ts';
import type { Point } from '../../graph/geometry.ts';
import { placesOf } from '../../graph/placement.ts';
import type { Command } from '../../commands/command.ts';

const state = ({ store }: Desk) => store.getState();

/** Whether keys that buttons and lists also know are meant for the graph: the focus is on the canvas, its twin, or nowhere. */
export function isOnCanvas(): boolean {
  if (typeof document === 'undefined' || document.activeElement === document.body) return true;
  const here = document.activeElement;
  if (here?.closest('[role=toolbar], .runbar, .edge-tools, .canvas-empty')) return false;
  return here?.closest('.flow-room, [role=tree]') != null;
}

type Way = 'left' | 'right' | 'up' | 'down';

const ahead: Readonly<Record<Way, (by: Point) => number>> = {
  left: ([x]) => -x,
  right: ([x]) => x,
  up: ([, y]) => -y,
  down: ([, y]) => y,
};

/** The node that lies nearest in a direction; what is far aside counts double, so that a row is followed before it is left. */
export function nearestOn(places: ReadonlyMap<string, Point>, from: string, way: Way): string | undefined {
  const here = places.get(from);
  if (!here) return undefined;
  const sideways = way === 'left' || way === 'right' ? 1 : 0;
  return [...places]
    .map(([key, [x, y]]) => ({ key, by: [x - here[0], y - here[1]] as const }))
    .filter(({ by }) => ahead[way](by) > 8)
    .map(({ key, by }) => ({ key, far: ahead[way](by) + 2 * Math.abs(by[sideways]) }))
    .toSorted((a, b) => a.far - b.far)[0]?.key;
}

/** Along an edge where there is one, otherwise to what lies nearest there. From nothing to the first node. */
function next(desk: Desk, way: Way): string | undefined {
  const { history, catalogue, selection } = state(desk);
  const key = chosenKey(selection);
  if (key === undefined) return history.document.nodes[0]?.key;
  const { before, after } = neighbours(history.document, key);
  const along = way === 'right' ? after[0] : way === 'left' ? before[0] : undefined;
  return along ?? nearestOn(placesOf(history.document, catalogue), key, way);
}

const walk = (key: string, way: Way, id: string, title: string): Command<Desk> => ({
  id: `selection.${id}`,
  title,
  group: 'Go to',
  keys: [key],
  repeats: true,
  when: (desk) => isOnCanvas() && state(desk).history.document.nodes.length > 0,
  run: (desk) => {
    const to = next(desk, way);
    if (to === undefined) return;
    select(desk.store, { nodes: new Set([to]) });
    desk.camera.show([to]);
    desk.focus('graph');
  },
});

/** Ways to go from node to node without a pointer. */
export const walkCommands: readonly Command<Desk>[] = [
  walk('ArrowRight', 'right', 'after', 'Go to what follows'),
  walk('ArrowLeft', 'left', 'before', 'Go to what comes before'),
  walk('ArrowUp', 'up', 'above', 'Go to the node above'),
  walk('ArrowDown', 'down', 'below', 'Go to the node below'),
];
