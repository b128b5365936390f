import { lazy, Suspense, useEffect } from 'react';
import { closePalette, isPaletteOpen, openPalette, usePaletteOpen } from '../commands/palette-open.ts';
import { offer } from '../commands/registry.ts';
import { whenThere } from '../ui/when-there.ts';
import { shellCommands } from './commands.ts';

const Palette = lazy(whenThere(() => import('./palette.tsx')));

/** Holds the palette and offers what can be done everywhere; once beside each screen that has commands. */
export function PaletteHost() {
  const open = usePaletteOpen();
  useEffect(
    () =>
      offer([
        ...shellCommands,
        {
          id: 'palette.open',
          title: 'Commands',
          keys: ['Mod+K'],
          reach: 'everywhere',
          when: () => !isPaletteOpen(),
          run: openPalette,
        },
      ]),
    [],
  );
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Palette close={closePalette} />
    </Suspense>
  );
}
