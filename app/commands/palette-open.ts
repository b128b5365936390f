import { useSyncExternalStore } from 'react';

let isOpen = false;
const listeners = new Set<() => void>();

function set(open: boolean): void {
  isOpen = open;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the command palette. */
export const openPalette = (): void => set(true);

/** Closes it. */
export const closePalette = (): void => set(false);

/** Whether the command palette is open. */
export const isPaletteOpen = (): boolean => isOpen;

/** The same for what draws it. */
export const usePaletteOpen = (): boolean => useSyncExternalStore(subscribe, isPaletteOpen);
