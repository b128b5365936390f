/**
 * Where menus and tips are drawn: in the screen's own place for what floats over it, else in its landmark, so that people who go by landmarks
 * find them; over a dialog, at the end of the page, where the dialog's own fence lets them through.
 */
export const portalPlace = (): HTMLElement | undefined =>
  document.querySelector('[role="dialog"][data-state="open"]')
    ? undefined
    : (document.querySelector<HTMLElement>('[data-floats]') ?? document.querySelector('main') ?? undefined);
