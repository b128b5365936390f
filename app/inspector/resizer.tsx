import { keep, kept } from '../host/keep.ts';
import { useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import './resizer.css';

declare module 'react' {
  interface CSSProperties {
    '--panel-w'?: string;
  }
}

interface Limits {
  readonly least: number;
  readonly most: number;
  readonly first: number;
  /** So much of the window is for what stands beside it. */
  readonly beside: number;
}

function whenResized(told: () => void): () => void {
  window.addEventListener('resize', told);
  return () => window.removeEventListener('resize', told);
}

/** A width that this browser remembers, between its limits; a window that became narrower makes it narrower too. */
export function useWidth(
  place: string,
  { least, most, first, beside }: Limits,
): readonly [number, (width: number) => void] {
  const room = useSyncExternalStore(whenResized, () => window.innerWidth);
  const fitting = (wanted: number) => Math.round(Math.max(least, Math.min(most, room - beside, wanted)));
  const [width, setWidth] = useState(() => {
    const known = Number(kept(place));
    return known >= least && known <= most ? known : first;
  });
  return [
    fitting(width),
    (next) => {
      const width = fitting(next);
      setWidth(width);
      keep(place, String(width));
    },
  ];
}

/** The hairline left of a panel: dragged, or moved with the arrow keys, it makes the panel wider or narrower. */
export function Resizer({
  width,
  setWidth,
  label,
}: {
  width: number;
  setWidth: (width: number) => void;
  label: string;
}) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const { clientX: from, currentTarget: line, pointerId } = event;
    line.setPointerCapture(pointerId);
    const move = ({ clientX }: globalThis.PointerEvent) => setWidth(width + from - clientX);
    line.addEventListener('pointermove', move);
    line.addEventListener('pointerup', () => line.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') setWidth(width + 24);
    if (key === 'ArrowRight') setWidth(width - 24);
  };
  return (
    <div
      className="resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={320}
      aria-valuemax={900}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
