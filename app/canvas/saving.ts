import { changeTo } from '../../flow/document/merge/change-to.ts';
import { merge } from '../../flow/document/merge/merge.ts';
import type { Merged } from '../../flow/document/merge/merge.ts';
import type { Choices } from '../../flow/document/merge/values.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Toast } from '../ui/toast.ts';
import { arrived, freshDraft, maySend, sending, stored, troubled } from './draft.ts';
import type { EditorState, EditorStore } from './editor-state.ts';
import { stillThere } from './editing.ts';
import { mayEdit } from './may-edit.ts';
import { ApiError } from '../api/api-error.ts';
import type { Remote } from '../api/remote.ts';
import type { LocalDraft } from './local-draft.ts';

export interface Keeping {
  readonly remote: Pick<Remote, 'save'>;
  /** Where a copy of what is not stored lies, so that a closed page or a crash loses nothing. */
  readonly localDraft: LocalDraft;
  /** Calls back after some milliseconds; gives the way to stop. */
  readonly later: (work: () => void, ms: number) => () => void;
  readonly say: (toast: Toast) => void;
}

/** The draft as the server has it: exactly the document that is on the canvas. */
export interface Standing {
  readonly revision: number;
  readonly document: Workflow;
}

/** The draft could not be stored: in words for a person. */
export class NotSaved extends Error {
  override readonly name = 'NotSaved';
}

const quietFor = 700;
const tryAgainAfter = 4_000;
/** Long enough to be read by somebody who was looking elsewhere. */
const noticeMs = 20_000;

/** Stores the draft by itself a moment after each change, again when the server was away, and at once when the editor is left. Gives the way to stop. */
export function keepSaved(store: EditorStore, keeping: Keeping): () => void {
  let stopWaiting: (() => void) | undefined;
  const wait = (ms: number) => {
    stopWaiting?.();
    stopWaiting = keeping.later(() => void saveNow(store, keeping), ms);
  };
  const stop = store.subscribe(({ draft }, before) => {
    if (draft === before.draft) return;
    keepLocally(store, keeping.localDraft);
    if (maySend(draft)) wait(draft.trouble ? tryAgainAfter : quietFor);
  });
  return () => {
    stopWaiting?.();
    const { id, draft } = store.getState();
    if (!maySend(draft) && !underWay.has(store)) return stop();
    const last = save(store, keeping).then(stop, stop);
    leaving.set(
      id,
      last.finally(() => leaving.delete(id)),
    );
  };
}

const leaving = new Map<string, Promise<void>>();

/** Resolves when what was done in an editor that was just left is stored, or could not be. */
export const savesOf = async (id: string): Promise<void> => leaving.get(id);

/** Puts what is not stored into the local draft, as it is now; clears it when all is stored. */
export function keepLocally(store: EditorStore, localDraft: LocalDraft): void {
  const state = store.getState();
  // What lies here of somebody who may only look now is not theirs to change: it waits until they may again.
  if (!mayEdit(state)) return;
  const { draft, isKeptLocally } = state;
  const isKept = draft.pending.length === 0 ? localDraft.clear() : localDraft.put(draft);
  if (isKept !== isKeptLocally) store.setState({ isKeptLocally: isKept });
}

const underWay = new WeakMap<EditorStore, Promise<void>>();

/** Sends what is pending, if that may help; what comes of it is told by the draft. */
export async function saveNow(store: EditorStore, keeping: Keeping): Promise<void> {
  if (!underWay.has(store) && maySend(store.getState().draft)) await send(store, keeping);
}

/**
 * Stores all that is on the canvas, also what is done meanwhile, and says as what it is stored. Throws `NotSaved` when that cannot be: the
 * server is away or refuses, or a clash waits for a person.
 */
export async function save(store: EditorStore, keeping: Keeping): Promise<Standing> {
  for (;;) {
    await underWay.get(store);
    const { draft, history } = store.getState();
    if (underWay.has(store)) continue;
    if (draft.trouble?.kind === 'clash') throw new NotSaved(whyNot(draft.trouble.kind));
    if (draft.pending.length === 0) return { revision: draft.revision, document: history.document };
    await send(store, keeping);
    const { trouble } = store.getState().draft;
    if (trouble) throw new NotSaved(whyNot(trouble.kind, 'message' in trouble ? trouble.message : ''));
  }
}

function whyNot(kind: 'away' | 'clash' | 'refused', message = ''): string {
  if (kind === 'clash') return 'The same things were changed elsewhere. Choose what to keep first.';
  return kind === 'away' ? 'The draft is not saved: the server did not answer.' : `The draft was not saved. ${message}`;
}

/** One save at a time for a store. */
function send(store: EditorStore, keeping: Keeping): Promise<void> {
  const work = sendOnce(store, keeping).finally(() => underWay.delete(store));
  underWay.set(store, work);
  return work;
}

async function sendOnce(store: EditorStore, keeping: Keeping): Promise<void> {
  const { draft, history, id } = store.getState();
  const { document } = history;
  store.setState({ draft: sending(draft) });
  try {
    const saved = await keeping.remote.save(id, document, draft.revision);
    if ('stale' in saved) layOver(store, saved.stale, keeping.say);
    else store.setState((state) => ({ draft: stored(state.draft, saved.revision, document) }));
  } catch (error) {
    // Something else that answered in the server's place, as the page of a hotel's network, is no refusal.
    const isAway =
      !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.code === 'other-shape';
    const message = error instanceof Error ? error.message : 'The server did not answer.';
    const isLoggedOut = error instanceof ApiError && error.status === 401;
    const trouble = isAway
      ? ({ kind: 'away', message } as const)
      : ({ kind: 'refused', message, isLoggedOut } as const);
    // Who may not edit any more has nothing to save.
    store.setState((state) => (mayEdit(state) ? { draft: troubled(state.draft, trouble) } : {}));
  }
}

/**
 * Lays what we did over what somebody else stored meanwhile. What both changed in two ways is for a person to settle: until then the canvas
 * stays ours, and nothing is sent.
 */
export function layOver(store: EditorStore, theirs: Standing, say: Keeping['say']): void {
  const { draft, history } = store.getState();
  const sent = arrived(draft, theirs.document);
  if (sent > 0) {
    const mine = { ...freshDraft(theirs.revision, theirs.document), pending: draft.pending.slice(sent) };
    store.setState({ draft: mine });
    return;
  }
  const merged = merge({ base: draft.base, ours: history.document, theirs: theirs.document });
  if (merged.open.length > 0) {
    const clash = { kind: 'clash', theirs: theirs.document, revision: theirs.revision } as const;
    store.setState({ draft: troubled(draft, clash), isClashOpen: true });
    return;
  }
  take(store, merged.document, theirs);
  say({
    title: mayEdit(store.getState()) ? 'Merged with changes from another tab' : 'This is how it is now',
    text:
      store.getState().draft.pending.length > 0
        ? 'Both are kept: theirs, and what you did meanwhile.'
        : 'The workflow was changed elsewhere; this is how it is now.',
    // Somebody else who goes on working is told of once.
    about: `merged ${store.getState().id}`,
    ms: noticeMs,
  });
}

/** A document that holds both is on the canvas; what it has beyond theirs is ours, still to be stored. */
function take(store: EditorStore, document: Workflow, { document: base, revision }: Standing): void {
  const edit = changeTo(base, document);
  store.setState(({ history, selection }) => ({
    // Steps can still be undone: each takes back its own part, or says why it cannot.
    history: { ...history, document },
    selection: stillThere(document, selection),
    draft: { ...freshDraft(revision, base), pending: edit ? [{ label: 'Your changes', edit }] : [] },
    isClashOpen: false,
  }));
}

/** What both sides changed in two ways, as it is now; undefined without a clash. */
export function clashOf(
  { draft, history }: Pick<EditorState, 'draft' | 'history'>,
  choices: Choices = {},
): Merged | undefined {
  if (draft.trouble?.kind !== 'clash') return undefined;
  return merge({ base: draft.base, ours: history.document, theirs: draft.trouble.theirs }, choices);
}

/** Ends a clash as it was decided; false while something is open. */
export function settleClash(store: EditorStore, choices: Choices): boolean {
  const state = store.getState();
  const merged = clashOf(state, choices);
  const { trouble } = state.draft;
  if (!merged || trouble?.kind !== 'clash' || merged.open.length > 0) return false;
  take(store, merged.document, { document: trouble.theirs, revision: trouble.revision });
  return true;
}
