import type { Limits } from '../ui/widths.ts';

/** How wide the panel of a node may be in a window: what is left has room for the rail, the canvas and, on a large screen, the palette. */
export const panelLimits = (room: number): Limits =>
  room > 1200
    ? { least: 280, most: 720, first: 320, beside: 44 + 200 + 400 }
    : { least: 280, most: 720, first: 300, beside: 44 + 360 };
