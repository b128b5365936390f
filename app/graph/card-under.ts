import type { PointerPlace } from './edge-under.ts';
import { takesEnd } from './open-ends.ts';

/** The key of the card under a pointer: edges drawn over it are seen through, what lies over the canvas is not. */
export const cardUnder = (event: PointerPlace): string | undefined => elementUnder(event)?.dataset['id'];

function elementUnder(event: PointerPlace): HTMLElement | undefined {
  const at = 'clientX' in event ? event : event.changedTouches[0];
  if (!at) return undefined;
  for (const found of document.elementsFromPoint(at.clientX, at.clientY)) {
    const card = found.closest<HTMLElement>('.react-flow__node-card');
    if (card) return card;
    if (!found.closest('.react-flow__viewport')) return undefined;
  }
  return undefined;
}

/**
 * While an edge is drawn from a card, shows which other one would take it where the pointer is. Straight on the page: a pointer moves often.
 * Gives the way to stop.
 */
export function markTakers(from: string): () => void {
  let marked: HTMLElement | undefined;
  const mark = (card: HTMLElement | undefined) => {
    if (card === marked) return;
    marked?.removeAttribute('data-takes');
    card?.setAttribute('data-takes', 'true');
    marked = card;
  };
  const look = (event: MouseEvent | TouchEvent) => {
    const card = elementUnder(event);
    const key = card?.dataset['id'];
    mark(key !== undefined && key !== from && takesEnd(key) ? card : undefined);
  };
  addEventListener('mousemove', look);
  addEventListener('touchmove', look);
  return () => {
    removeEventListener('mousemove', look);
    removeEventListener('touchmove', look);
    mark(undefined);
  };
}
