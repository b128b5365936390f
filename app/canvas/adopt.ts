import { toast } from '../ui/toast.ts';
import type { EditorStore } from './editor-state.ts';
import { restore } from './restore.ts';
import { keepLocally } from './saving.ts';
import { openLocalDraft, remove, localDraftName } from './local-draft.ts';
import type { Store } from '../host/keep.ts';
import { readLocalDraft } from './local-draft-read.ts';
import { thisTab } from './tabs.ts';

/** Takes over what tabs that are gone had not stored, and keeps it as this tab's own; what cannot be read stays, and is said. */
export function adopt(store: EditorStore, names: readonly string[], storage: Store): void {
  const { id } = store.getState();
  const read = names.map((name) => readLocalDraft(storage, name));
  const taken = restore(
    store,
    read.flatMap((one) => one ?? []),
    toast,
  );
  keepLocally(store, openLocalDraft(storage, id, thisTab));
  remove(
    storage,
    taken.filter((name) => name !== localDraftName(id, thisTab)),
  );
  if (read.some((one) => one === undefined))
    toast({
      state: 'failed',
      title: 'Some unsaved changes cannot be read',
      text: 'They were kept by another version of Heddle. They stay in this browser.',
    });
}
