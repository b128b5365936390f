import { useStore } from '@xyflow/react';
import { useEffect } from 'react';

/** How much of a card can be read: all of it, its picture and title, or only of which family it is. */
export type Distance = 'near' | 'middle' | 'far';

/** From how near the camera is (LOOK.md, Node card). */
export const distanceAt = (zoom: number): Distance => (zoom < 0.25 ? 'far' : zoom < 0.5 ? 'middle' : 'near');

/** How near the camera is, in steps of a twentieth: so that titles are drawn anew a few times, not at each frame of a zoom. */
export const nearnessAt = (zoom: number): number => Math.min(1, Math.max(0.1, Math.floor(zoom * 20 + 1e-6) / 20));

/** Tells the styles how far the camera is. Nothing is drawn anew before a step is crossed, however much it moves. */
export function DistanceTold(): null {
  const distance = useStore(({ transform }) => distanceAt(transform[2]));
  const nearness = useStore(({ transform }) => nearnessAt(transform[2]));
  const graph = useStore(({ domNode }) => domNode);
  useEffect(() => {
    if (!graph) return;
    graph.dataset['distance'] = distance;
    graph.style.setProperty('--nearness', String(nearness));
  }, [graph, distance, nearness]);
  return null;
}
