import type { Toast } from '../ui/toast.ts';
import type { EditorStore } from './editor-state.ts';
import { restore } from './restore.ts';
import { keepLocally } from './saving.ts';
import { keepInPlaceOf } from './local-draft.ts';
import type { LocalDraft } from './local-draft.ts';
import type { Store } from '../host/keep.ts';
import { readLocalDraft } from './local-draft-read.ts';

/**
 * Takes over what editors that are gone had not stored, and keeps it as this one's own. What clashes with it, and what cannot be read, stays where it
 * is for the next time.
 */
export function adopt(
  store: EditorStore,
  names: readonly string[],
  { storage, own, say }: { storage: Store; own: LocalDraft; say: (toast: Toast) => void },
): void {
  const read = names.map((name) => readLocalDraft(storage, name));
  const taken = restore(
    store,
    read.flatMap((one) => one ?? []),
    say,
  );
  const others = taken.filter((name) => name !== own.name);
  keepInPlaceOf(storage, others, () => {
    keepLocally(store, own);
    return store.getState().isKeptLocally;
  });
  if (read.some((one) => one === undefined))
    say({
      state: 'failed',
      title: 'Some unsaved changes cannot be read',
      text: 'They were kept by another version of Heddle. They stay in this browser.',
    });
}
