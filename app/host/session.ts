import { keep, keepInTab, kept, wordInTab } from './keep.ts';

const place = 'heddle.workspace';

/** `own` is the page's, for as long as it lives, once it is known; `next` is what the next page in this tab takes. */
let words: { own: string | undefined; next: string | undefined } | undefined;

/**
 * The workspace of this page; undefined leaves the choice to the server. Read once: another tab may go to another one, and what is saved while a page
 * is left belongs where it was written.
 */
function here() {
  if (words) return words;
  const own = wordInTab(place) ?? kept(place);
  return (words = { own, next: own });
}

/** Remembers the slug of the workspace that pages take from now on, in this tab and in new ones; undefined leaves the choice to the server. */
export function chooseWorkspace(slug: string | undefined): void {
  here().next = slug;
  keepInTab(place, slug);
  keep(place, slug);
}

/** The server chose: that is the page's and the tab's from now on, whatever another tab chooses. */
export function settleWorkspace(slug: string): void {
  const at = here();
  if (at.own !== undefined) return;
  at.own = at.next = slug;
  keepInTab(place, slug);
}

/** Leaves the choice to the server again, for who is no member of the one that this page names. False when it names none. */
export function forgetWorkspace(): boolean {
  if (here().own === undefined) return false;
  chooseWorkspace(undefined);
  return true;
}

/** New tabs are opened from the one that is looked at, and take its workspace. */
export function lendWorkspace(): void {
  const lend = () => {
    const { next } = here();
    if (kept(place) !== next) chooseWorkspace(next);
  };
  addEventListener('focus', lend);
  addEventListener('pointerdown', lend, { capture: true });
  if (document.hasFocus()) lend();
}

/** What every request says of it; who asks is known by the cookie. */
export function sessionHeaders(): Record<string, string> {
  const { own } = here();
  return own === undefined ? {} : { 'heddle-workspace': own };
}
