import { parseWorkflow } from '../../flow/document/parse.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { maySend, rebase, sending, stored, troubled } from './draft.ts';
import type { EditorStore } from './editor-state.ts';
import { FarProblem } from './remote.ts';
import type { Remote } from './remote.ts';

/** Where a copy of what is not stored yet lies, so that a closed page or a crash loses nothing. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Keeping {
  readonly remote: Pick<Remote, 'save'>;
  readonly shelf: Shelf;
  /** Calls back after some milliseconds; gives the way to stop. */
  readonly later: (work: () => void, ms: number) => () => void;
}

const quietFor = 700;
const tryAgainAfter = 4_000;

const shelfName = (id: string): string => `heddle.draft.${id}`;

/** Stores the draft by itself a moment after each change, and again when the server was away. Gives the way to stop. */
export function keepSaved(store: EditorStore, keeping: Keeping): () => void {
  let stopWaiting: (() => void) | undefined;
  const wait = (ms: number) => {
    stopWaiting?.();
    stopWaiting = keeping.later(() => void saveNow(store, keeping), ms);
  };
  const stop = store.subscribe(({ draft, history, id }, before) => {
    if (draft === before.draft) return;
    if (draft.pending.length > 0) shelve(keeping.shelf, id, draft.revision, history.document);
    else keeping.shelf.removeItem(shelfName(id));
    if (maySend(draft)) wait(draft.trouble ? tryAgainAfter : quietFor);
  });
  return () => {
    stop();
    stopWaiting?.();
  };
}

/** Sends what is pending. A draft that somebody else changed meanwhile gets our edits laid over it, and is sent again. */
export async function saveNow(store: EditorStore, keeping: Keeping): Promise<void> {
  const { draft, history, id } = store.getState();
  if (!maySend(draft)) return;
  store.setState({ draft: sending(draft) });
  try {
    const saved = await keeping.remote.save(id, history.document, draft.revision);
    if ('stale' in saved) layOver(store, saved.stale.document, saved.stale.revision);
    else store.setState((state) => ({ draft: stored(state.draft, saved.revision) }));
  } catch (error) {
    const isAway = !(error instanceof FarProblem) || error.status === 0 || error.status >= 500;
    const message = error instanceof Error ? error.message : 'The server did not answer.';
    store.setState((state) => ({ draft: troubled(state.draft, { kind: isAway ? 'away' : 'refused', message }) }));
  }
}

/** Lays our edits over their document; what no longer fits is for a person to settle, with both documents kept. */
function layOver(store: EditorStore, theirs: Workflow, revision: number): void {
  const { draft } = store.getState();
  const { document, refused } = rebase(theirs, draft.pending);
  if (refused.length > 0) {
    store.setState({ draft: troubled(draft, { kind: 'clash', refused, theirs, revision }) });
    return;
  }
  // Undo steps were made for the old document; those that no longer fit are refused in words when they are asked for.
  store.setState(({ history }) => ({
    history: { ...history, document },
    draft: { ...draft, revision, inFlight: 0, trouble: undefined },
    said: 'Somebody else changed this draft. Your changes were laid over theirs.',
  }));
}

/** Ends a clash: keeps our whole document over theirs, or takes theirs and lets our unsaved edits go. */
export function settleClash(store: EditorStore, keep: 'ours' | 'theirs'): void {
  const { draft, history } = store.getState();
  if (draft.trouble?.kind !== 'clash') return;
  const { theirs, revision } = draft.trouble;
  if (keep === 'ours') store.setState({ draft: { ...draft, revision, inFlight: 0, trouble: undefined } });
  else
    store.setState({
      history: { ...history, document: theirs, past: [], future: [] },
      draft: { revision, pending: [], inFlight: 0, trouble: undefined },
    });
}

function shelve(shelf: Shelf, id: string, revision: number, document: Workflow): void {
  try {
    shelf.setItem(shelfName(id), JSON.stringify({ revision, document }));
  } catch {
    // The shelf is full or forbidden: the page itself still has everything.
  }
}

/** A document that was not stored when the page closed, when it was built on this revision. */
export function unsaved(shelf: Shelf, id: string, revision: number): Workflow | undefined {
  const text = shelf.getItem(shelfName(id));
  if (text === null) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== 'object' || kept === null || !('revision' in kept) || !('document' in kept)) return undefined;
    const parsed = parseWorkflow(kept.document);
    return kept.revision === revision && parsed.ok ? parsed.document : undefined;
  } catch {
    return undefined;
  }
}
