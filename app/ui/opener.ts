/** What had the focus when the dialog came: a button, or the button of the menu whose line was taken, which is gone by the end. */
export function openerNow(): Element | null {
  const { activeElement: here } = document;
  const menu = here?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return menu ? document.getElementById(menu) : here;
}

/** Radix gives the focus back to its own triggers only. Who took it somewhere meanwhile keeps it. */
export function giveBack(opener: Element | null): void {
  const { activeElement: here, body } = document;
  const isFree = here === null || here === body || here.closest('[role=dialog]') !== null;
  if (isFree && opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
