/** By then a dialog has given the focus back, and what came instead has taken it; milliseconds. */
const afterMs = 80;

/**
 * When what has the focus goes away (a row that was removed, a form that made way for its answer), the focus goes to what stood around it instead of
 * to the top of the page. Who puts it somewhere on purpose is before us. Gives the way to stop.
 */
export function keepFocus(): () => void {
  let last: readonly Element[] = [];
  // Where a dialog was opened from: what opened it may be gone with what it did.
  let onScreen: readonly Element[] = [];
  let isAsked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const note = ({ target }: FocusEvent) => {
    last = target instanceof Element ? around(target) : [];
    if (last.some(({ id }) => id === 'main')) onScreen = last;
  };
  const look = () => {
    isAsked = false;
    if (document.activeElement !== document.body || last[0]?.isConnected !== false) return;
    const place = [...last, ...onScreen].find((one) => one.isConnected && one.matches('[tabindex]'));
    last = [];
    if (place instanceof HTMLElement) place.focus({ preventScroll: true });
  };
  const watch = new MutationObserver(() => {
    if (isAsked || last[0]?.isConnected !== false) return;
    isAsked = true;
    timer = setTimeout(look, afterMs);
  });
  addEventListener('focusin', note);
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    removeEventListener('focusin', note);
    watch.disconnect();
    clearTimeout(timer);
  };
}

/** An element and all that it stands in, from the inside. */
function around(element: Element): Element[] {
  const path = [element];
  for (let next = element.parentElement; next; next = next.parentElement) path.push(next);
  return path;
}
