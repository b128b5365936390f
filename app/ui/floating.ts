import { useState } from 'react';

/**
 * Where menus and tips are drawn: in the screen's own place for what floats over it, else in its landmark, so that people who go by landmarks
 * find them; over a dialog, at the end of the page, where the dialog's own fence lets them through.
 */
export const portalPlace = (): HTMLElement | undefined =>
  document.querySelector('[role="dialog"][data-state="open"]')
    ? undefined
    : (document.querySelector<HTMLElement>('[data-floats]') ?? document.querySelector('main') ?? undefined);

/**
 * What a menu, a list of choices or a tip spreads over its root, and where it is drawn: found when it opens, for the screen that was there when its
 * button was drawn may be gone by then, and the menu with it.
 */
export function useFloating() {
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState<HTMLElement>();
  const onOpenChange = (isOpen: boolean) => {
    if (isOpen) setPlace(portalPlace());
    setOpen(isOpen);
  };
  return { root: { open, onOpenChange }, place };
}
