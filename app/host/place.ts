/** The path that the page stands at. */
export const pathHere = (): string => location.pathname;

/** What the address asks for beside its path. */
export const searchHere = (): URLSearchParams => new URLSearchParams(location.search);

/** What stands in the address behind `#`; it is sent to no server. */
export const hashHere = (): string => location.hash.slice(1);

/** Calls back when another hash is put into the address: the page is not loaded anew for it. */
export function onHash(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

/** The address forgets what it asked for. */
export const forgetSearch = (): void => history.replaceState(history.state, '', location.pathname);

/** The way to the login and back to where one is. */
export const toLogin = (): string => `/login?to=${encodeURIComponent(location.pathname + location.search)}`;

/** Leaves the page for an address; nothing of what was in memory is left. */
export const leaveTo = (url: string): void => location.assign(url);

/** Loads the page anew. */
export const reload = (): void => location.reload();

/** Where other programs reach this server, as far as the page knows. */
export const originHere = (): string => location.origin;

/**
 * The page is called something else, in the text that its title holds: where that is taken away and made anew, Chromium ends a word of the field
 * that is written in, and undoes it by letters.
 */
export function titlePage(title: string): void {
  const text = document.querySelector('head > title')?.firstChild;
  if (text instanceof Text) text.data = title;
  else document.title = title;
}
