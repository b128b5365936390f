import type { MouseEvent } from 'react';

/**
 * Whoever presses the canvas, or draws a box on it, means nodes and no text. With Shift a browser would mark all text from where somebody pressed
 * last, and that would be what Ctrl+C takes along.
 */
export function markNoText(event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.target.closest('input, textarea, .float')) return;
  getSelection()?.removeAllRanges();
  if (!event.shiftKey) return;
  event.preventDefault();
  // A press takes the focus along, as it does without Shift: keys are for the canvas from now on.
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && !event.currentTarget.contains(activeElement)) activeElement.blur();
}
