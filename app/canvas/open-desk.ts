import { store as browserStore } from '../host/keep.ts';
import { clipboard } from '../ui/clipboard.ts';
import { comingParts } from '../ui/coming-parts.ts';
import { toast } from '../ui/toast.ts';
import { cameraOf } from '../graph/camera.ts';
import type { Desk, FocusPlace } from './desk.ts';
import type { EditorStore } from './editor-state.ts';
import { chosenKey } from './editing.ts';
import type { Flow } from '../graph/graph.tsx';
import type { Remote } from '../api/remote.ts';
import { layOver, save } from './saving.ts';
import type { Keeping } from './saving.ts';
import { openLocalDraft } from './local-draft.ts';
import type { LocalDraft } from './local-draft.ts';
import { openingOf } from './tabs.ts';
import { tidy } from './tidy.ts';
import { fieldIn, wrongAt } from './wrong-field.ts';

/** Where an editor keeps what is not stored yet, in this browser. */
export const localDraftFor = (store: EditorStore): LocalDraft =>
  openLocalDraft(browserStore(), store.getState().id, openingOf(store));

/** How a draft is kept. */
export const keepingWith = (remote: Remote, store: EditorStore): Keeping => ({
  remote,
  localDraft: localDraftFor(store),
  later,
  say: toast,
});

const later: Keeping['later'] = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** The desk of an editor in this page: its store, the server, the camera, the clipboard and the focus. */
export function openDesk(
  store: EditorStore,
  keeping: Keeping,
  remote: Remote,
  flow: Flow | undefined,
  open: (path: string) => void,
): Desk {
  return {
    store,
    remote,
    open,
    tidy,
    say: toast,
    clipboard,
    save: () => save(store, keeping),
    layOver: (theirs) => layOver(store, theirs, toast),
    later,
    camera: cameraOf(flow),
    focus: (where, param) => focusOn(store, where, param),
    isFocusing: () => seeking?.signal.aborted === false,
  };
}

let seeking: AbortController | undefined;

/** Within so long what is to have the focus is there, unless its code is on its way, which is kept for by itself; milliseconds. */
const heldMs = 500;

/**
 * Puts the focus somewhere. What is to have it may still be on its way (a panel that loads, a card the camera goes to). Who presses or
 * tabs somewhere else meanwhile, or opens something that takes the focus, is there, and nothing takes it from them.
 */
function focusOn(store: EditorStore, where: FocusPlace, param?: string): void {
  seeking?.abort();
  const mine = new AbortController();
  seeking = mine;
  addEventListener('pointerdown', () => mine.abort(), { capture: true, signal: mine.signal });
  addEventListener('keydown', ({ key }) => key === 'Tab' && mine.abort(), { capture: true, signal: mine.signal });
  // Asked now, before what has the focus is taken away.
  const opened = overlay();
  const isOnCard = document.activeElement?.closest('.react-flow__node, .react-flow__edge') != null;
  const isOutline = store.getState().side === 'outline' && !isOnCard;
  const place = where === 'graph' ? (isOutline ? 'outline' : 'canvas') : where;
  const giveUp = performance.now() + 10_000;
  // Keys that are pressed meanwhile are meant for it; on the graph each is a command of its own, wherever the focus is.
  if (place !== 'canvas' && place !== 'outline') {
    const isThere = comingParts.begin();
    mine.signal.addEventListener('abort', isThere);
    setTimeout(isThere, heldMs);
  }
  const look = () => {
    if (mine.signal.aborted) return;
    const over = overlay();
    if (over !== null && over !== opened) return mine.abort();
    const wanted = partAt(store, place, param);
    if (!wanted && performance.now() < giveUp) return void requestAnimationFrame(look);
    wanted?.focus({ preventScroll: place === 'canvas' });
    mine.abort();
  };
  requestAnimationFrame(look);
}

/** What lies over the page and has the focus. */
const overlay = () => document.activeElement?.closest('[role=dialog], [role=alertdialog], [role=menu]') ?? null;

function partAt(store: EditorStore, place: Exclude<FocusPlace, 'graph'>, param?: string): HTMLElement | null {
  const { selection } = store.getState();
  if (place === 'note') return document.querySelector<HTMLElement>('.note-text');
  const key = chosenKey(selection);
  const [note] = selection.notes;
  if (place === 'canvas') {
    const id = key ?? (note === undefined ? undefined : `note:${note}`);
    if (id === undefined) return document.querySelector<HTMLElement>('[data-focus="canvas"]');
    return document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  }
  const part = document.querySelector<HTMLElement>(`[data-focus="${place}"]`);
  if (place === 'form')
    return part && ((param === undefined ? undefined : wrongAt(part, param)) ?? fieldIn(part) ?? part);
  // An outline with nothing in it has no row to stand on.
  return part ?? (place === 'outline' && key === undefined ? document.querySelector<HTMLElement>('[role=tree]') : null);
}
