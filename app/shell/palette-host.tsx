import { useRole } from '../api/role.ts';
import { Suspense, useEffect, useState } from 'react';
import { closePalette, isPaletteOpen, openPalette, usePaletteOpen } from '../commands/palette-open.ts';
import { offer, offerTo } from '../commands/registry.ts';
import { part } from '../ui/part.tsx';
import { shellCommands } from './commands.ts';

const Palette = part(() => import('./palette.tsx'));
const Shortcuts = part(() => import('./shortcuts.tsx'));

/**
 * Holds the palette and the list of keys, and offers what can be done everywhere; once beside each screen that has commands. Only what whoever
 * looks may do is on offer.
 */
export function PaletteHost({ isMember = true }: { isMember?: boolean }) {
  const role = useRole(isMember);
  useEffect(() => offerTo(role), [role]);
  const open = usePaletteOpen();
  const [areKeysShown, setKeysShown] = useState(false);
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
        {
          id: 'keys.show',
          title: 'Keyboard shortcuts',
          words: 'keys help hotkeys',
          keys: ['?'],
          reach: 'controls',
          run: () => setKeysShown(true),
        },
      ]),
    [],
  );
  if (!open && !areKeysShown) return null;
  return (
    <Suspense fallback={null}>
      {open ? <Palette close={closePalette} isMember={isMember} /> : <Shortcuts close={() => setKeysShown(false)} />}
    </Suspense>
  );
}
