import type { Edge } from '@xyflow/react';
import type { MouseEvent } from 'react';
import type { End } from './open-ends.ts';

/**
 * A press on an input to which one edge leads takes that edge's end: the press goes on to the anchor of the edge, which lies under the card. An
 * input with none, or several, draws a new one.
 */
export function takeEnd(event: MouseEvent, edges: readonly Edge[], { key, port }: End): void {
  const [edge, ...others] = edges.filter(({ target, targetHandle }) => target === key && targetHandle === port);
  if (!edge || others.length > 0 || event.button !== 0) return;
  const drawn = document.querySelector(`.react-flow__edge[data-id="${CSS.escape(edge.id)}"]`);
  const anchor = drawn?.querySelector('.react-flow__edgeupdater-target');
  if (!anchor) return;
  event.stopPropagation();
  const { clientX, clientY, button } = event;
  anchor.dispatchEvent(
    new window.MouseEvent('mousedown', { bubbles: true, cancelable: true, clientX, clientY, button }),
  );
}
