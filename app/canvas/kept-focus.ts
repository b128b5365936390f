import { useEffect } from 'react';
import type { Desk, FocusPlace } from './desk.ts';

/** Long enough for whoever made the edit to put the focus somewhere himself; milliseconds. */
const afterFrames = 80;

/** When an edit (an undo, a merge, an entry that is removed) takes away what has the focus, the focus goes to where it was nearest instead of nowhere. */
export function useKeptFocus(desk: Desk): void {
  useEffect(() => {
    let last: FocusPlace | undefined;
    let stood: Stood | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = ({ target }: FocusEvent) => {
      last = target instanceof Element ? placeOf(target) : undefined;
      stood = target instanceof HTMLElement ? standing(target) : undefined;
    };
    const stop = desk.store.subscribe((state, before) => {
      if (state.history.document === before.history.document && state.selection === before.selection) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        // Somebody has put it somewhere already, and a busy machine has not drawn that yet.
        if (last === undefined || document.activeElement !== document.body || desk.isFocusing()) return;
        const next = stood && nextOf(stood);
        if (next) next.focus();
        else desk.focus(last);
      }, afterFrames);
    });
    addEventListener('focusin', note);
    return () => {
      stop();
      clearTimeout(timer);
      removeEventListener('focusin', note);
    };
  }, [desk]);
}

function placeOf(target: Element): FocusPlace | undefined {
  if (target.closest('[role=tree]')) return 'outline';
  return target.closest('.flow-room, .node-panel') ? 'canvas' : undefined;
}

/** A button of a form, as "Remove Field 2": where it stood among those that do the same, in each list around it. */
interface Stood {
  readonly button: HTMLElement;
  readonly alike: string;
  readonly entry: Element | null;
  readonly lists: readonly { readonly list: Element; readonly index: number }[];
}

function standing(target: HTMLElement): Stood | undefined {
  const [verb = ''] = (target.getAttribute('aria-label') ?? '').split(' ');
  if (!target.matches('.node-panel button[aria-label]')) return undefined;
  const alike = `button[aria-label^="${CSS.escape(verb)} "]`;
  const lists: { list: Element; index: number }[] = [];
  for (let list = target.closest(listLike); list !== null; list = list.parentElement?.closest(listLike) ?? null)
    lists.push({ list, index: [...list.querySelectorAll(alike)].indexOf(target) });
  return { button: target, alike, entry: target.closest('.entry'), lists };
}

const listLike = '.node-panel :is(.fieldset, .decision, .form)';

/** The same button of what was moved; of what was removed, that of the entry that took its place, else the way to add one. */
function nextOf({ button, alike, entry, lists }: Stood): HTMLElement | undefined {
  if (button.isConnected) return button;
  const own = entry?.isConnected ? entry.querySelector<HTMLElement>(alike) : null;
  if (own) return own;
  for (const { list, index } of lists) {
    if (!list.isConnected) continue;
    const left = [...list.querySelectorAll<HTMLElement>(alike)];
    const next = left[Math.min(index, left.length - 1)] ?? [...list.querySelectorAll<HTMLElement>('button')].at(-1);
    if (next) return next;
  }
  return undefined;
}
