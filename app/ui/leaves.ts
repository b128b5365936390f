import type { FocusEvent } from 'react';

/** Whether the focus goes out of an element for another of the page: not to a part of it, nor away with the whole window. */
export const leaves = ({ currentTarget, relatedTarget }: FocusEvent): boolean =>
  !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) &&
  !currentTarget.contains(document.activeElement);
