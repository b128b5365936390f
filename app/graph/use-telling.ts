import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Selection } from './selection.ts';

/** How a graph tells what a person chose. */
export interface Telling {
  /** Something was chosen. */
  readonly tell: () => void;
  /** A drag begins: what is chosen is told no more, until it is over. */
  readonly hold: () => void;
  /** The drag is over. */
  readonly release: () => void;
}

/**
 * Tells what a person chose, once in a turn. A drag chooses what is dragged: that is told when it is let go, since what opens for a chosen card
 * would come over the place where it is taken, and move the canvas under the hand.
 */
export function useTelling(select: (selection: Selection) => void, chosen: () => Selection): Telling {
  const told = useRef(select);
  useEffect(() => void (told.current = select), [select]);
  const isTelling = useRef(false);
  const isHeld = useRef(false);
  const kept = useRef<Selection>(undefined);
  const tell = useCallback(() => {
    if (isTelling.current) return;
    isTelling.current = true;
    queueMicrotask(() => {
      isTelling.current = false;
      if (isHeld.current) kept.current = chosen();
      else told.current(chosen());
    });
  }, [chosen]);
  const release = useCallback(() => {
    isHeld.current = false;
    const selection = kept.current;
    kept.current = undefined;
    if (selection) told.current(selection);
  }, []);
  const hold = useCallback(() => {
    isHeld.current = true;
    // A drag that is broken off, as by a second finger, is not told of.
    for (const end of ['mouseup', 'touchend', 'touchcancel']) addEventListener(end, release, { once: true });
  }, [release]);
  return useMemo(() => ({ tell, hold, release }), [tell, hold, release]);
}
