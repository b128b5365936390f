import { useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { keep, kept } from '../host/keep.ts';
import { within, widthAfter } from './widths.ts';
import type { Limits } from './widths.ts';
import './resizer.css';

declare module 'react' {
  interface CSSProperties {
    '--panel-w'?: string;
  }
}

/** How wide a panel is, how wide it may be in this window, and the way to make it another. */
export interface Width {
  readonly width: number;
  readonly least: number;
  readonly most: number;
  readonly setWidth: (width: number) => void;
}

function whenResized(told: () => void): () => void {
  window.addEventListener('resize', told);
  return () => window.removeEventListener('resize', told);
}

/** A width that this browser remembers, between its limits; a window that became narrower makes it narrower too. */
export function useWidth(place: string, limitsIn: (room: number) => Limits): Width {
  const room = useSyncExternalStore(whenResized, () => window.innerWidth);
  const limits = limitsIn(room);
  const [wanted, setWanted] = useState(() => Number(kept(place)) || undefined);
  return {
    ...within(limits, room, wanted),
    setWidth: (next) => {
      const { width } = within(limits, room, next);
      setWanted(width);
      keep(place, String(width));
    },
  };
}

/** The hairline left of a panel: dragged, or moved with the arrow keys, Home and End, it makes the panel wider or narrower. */
export function Resizer({ of: { width, least, most, setWidth }, label }: { of: Width; label: string }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const { clientX: from, currentTarget: line, pointerId } = event;
    line.setPointerCapture(pointerId);
    const over = new AbortController();
    const end = () => over.abort();
    const move = ({ clientX }: globalThis.PointerEvent) => setWidth(width + from - clientX);
    line.addEventListener('pointermove', move, { signal: over.signal });
    // Let go of, or taken over by the browser for a gesture of its own.
    line.addEventListener('lostpointercapture', end, { signal: over.signal });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = widthAfter(event.key, { width, least, most });
    if (next === undefined) return;
    event.preventDefault();
    setWidth(next);
  };
  return (
    <div
      className="resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      title="Drag, or press ← and →"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
