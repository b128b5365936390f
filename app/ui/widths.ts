/** What bounds the width of a panel, in pixels. */
export interface Limits {
  readonly least: number;
  readonly most: number;
  /** How wide it is before anybody has made it another. */
  readonly first: number;
  /** So much of the window is for what stands beside it. */
  readonly beside: number;
}

/** The width that was wanted as far as the window has room for it; undefined where nothing was wanted yet. Dragged beyond the edge, less than nothing is wanted. */
export function within({ least, most, first, beside }: Limits, room: number, wanted: number | undefined) {
  const widest = Math.max(least, Math.min(most, room - beside));
  const width = wanted ?? first;
  return { width: Math.round(Math.max(least, Math.min(widest, width))), least, most: widest };
}

const step = 24;

/** The width after a key of the line left of a panel; undefined for a key that means nothing there. */
export function widthAfter(
  key: string,
  { width, least, most }: { readonly width: number; readonly least: number; readonly most: number },
): number | undefined {
  const widths: Readonly<Record<string, number>> = {
    ArrowLeft: width + step,
    ArrowRight: width - step,
    Home: least,
    End: most,
  };
  return widths[key];
}
