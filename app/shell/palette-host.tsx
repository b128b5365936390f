import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { offer } from '../commands/registry.ts';
import { whenThere } from '../ui/when-there.ts';
import { shellCommands } from './commands.ts';

const Palette = lazy(whenThere(() => import('./palette.tsx')));

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

/** Holds the palette and offers what can be done everywhere; once on each screen that has commands. */
export function PaletteHost() {
  const open = useSyncExternalStore(subscribe, () => isOpen);
  useEffect(
    () =>
      offer([
        ...shellCommands,
        {
          id: 'palette.open',
          title: 'Commands',
          keys: ['Mod+K'],
          reach: 'everywhere',
          when: () => !isOpen,
          run: openPalette,
        },
      ]),
    [],
  );
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Palette close={() => set(false)} />
    </Suspense>
  );
}
