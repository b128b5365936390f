import { useEffect } from 'react';
import type { Desk, FocusPlace } from './desk.ts';

/** Long enough for whoever made the edit to put the focus somewhere himself; milliseconds. */
const afterFrames = 80;

/** When an edit (an undo, a merge) takes away what has the focus, the focus goes to where it was nearest instead of nowhere. */
export function useKeptFocus(desk: Desk): void {
  useEffect(() => {
    let last: FocusPlace | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = (event: FocusEvent) => {
      last = event.target instanceof Element ? placeOf(event.target) : undefined;
    };
    const stop = desk.store.subscribe((state, before) => {
      if (state.history.document === before.history.document && state.selection === before.selection) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (last !== undefined && document.activeElement === document.body) desk.focus(last);
      }, afterFrames);
    });
    addEventListener('focusin', note);
    return () => {
      stop();
      clearTimeout(timer);
      removeEventListener('focusin', note);
    };
  }, [desk]);
}

function placeOf(target: Element): FocusPlace | undefined {
  if (target.closest('[role=tree]')) return 'outline';
  return target.closest('.flow-room, .node-panel') ? 'canvas' : undefined;
}
