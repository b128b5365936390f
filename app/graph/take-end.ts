import type { Edge } from '@xyflow/react';
import type { MouseEvent, TouchEvent } from 'react';
import type { End } from './open-ends.ts';

type Press = MouseEvent | TouchEvent;

/**
 * A press on an input to which one edge leads takes that edge's end: the press goes on to the anchor of the edge, which lies under the card. An
 * input with none, or several, draws a new one.
 */
export function takeEnd(press: Press, edges: readonly Edge[], { key, port }: End): void {
  const [edge, ...others] = edges.filter(({ target, targetHandle }) => target === key && targetHandle === port);
  if (!edge || others.length > 0) return;
  const drawn = document.querySelector(`.react-flow__edge[data-id="${CSS.escape(edge.id)}"]`);
  pressOn(drawn?.querySelector('.react-flow__edgeupdater-target'), press);
}

/** A finger on the anchor of an edge takes its end as a mouse does: React Flow hears only mice there. */
export function takeAnchor(press: TouchEvent): void {
  if (press.target instanceof Element) pressOn(press.target.closest('.react-flow__edgeupdater'), press);
}

function pressOn(anchor: Element | null | undefined, press: Press): void {
  const at = placeOf(press);
  if (!anchor || !at) return;
  press.stopPropagation();
  const { clientX, clientY } = at;
  anchor.dispatchEvent(
    new window.MouseEvent('mousedown', { bubbles: true, cancelable: true, clientX, clientY, button: 0 }),
  );
}

/** Where one finger, or the first button of a mouse, is pressed. */
function placeOf(press: Press): { readonly clientX: number; readonly clientY: number } | undefined {
  if ('touches' in press) return press.touches.length === 1 ? press.touches[0] : undefined;
  return press.button === 0 ? press : undefined;
}
