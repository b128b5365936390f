import { useStore } from '@xyflow/react';
import { useEffect } from 'react';

/** How much of a card can be read: all of it, its picture and title, or only of which family it is. */
export type Distance = 'near' | 'middle' | 'far';

/** From how near the camera is (LOOK.md, Node card). */
export const distanceAt = (zoom: number): Distance => (zoom < 0.25 ? 'far' : zoom < 0.5 ? 'middle' : 'near');

/** Tells the styles how far the camera is. Nothing is drawn anew before one of the two lines is crossed, however much it moves. */
export function DistanceTold(): null {
  const distance = useStore(({ transform }) => distanceAt(transform[2]));
  const graph = useStore(({ domNode }) => domNode);
  useEffect(() => {
    if (graph) graph.dataset['distance'] = distance;
  }, [graph, distance]);
  return null;
}
