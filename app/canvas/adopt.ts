import { toast } from '../ui/toast.ts';
import type { EditorStore } from './editor-state.ts';
import { restore } from './restore.ts';
import { shelve } from './saving.ts';
import { openShelf, remove, shelfName } from './shelf.ts';
import type { Store } from '../host/keep.ts';
import { readShelf } from './shelf-read.ts';
import { thisTab } from './tabs.ts';

/** Takes over what tabs that are gone had not stored, and keeps it as this tab's own; what cannot be read stays, and is said. */
export function adopt(store: EditorStore, names: readonly string[], storage: Store): void {
  const { id } = store.getState();
  const read = names.map((name) => readShelf(storage, name));
  const taken = restore(
    store,
    read.flatMap((one) => one ?? []),
    toast,
  );
  shelve(store, openShelf(storage, id, thisTab));
  remove(
    storage,
    taken.filter((name) => name !== shelfName(id, thisTab)),
  );
  if (read.some((one) => one === undefined))
    toast({
      state: 'failed',
      title: 'Some unsaved changes cannot be read',
      text: 'They were kept by another version of Heddle. They stay in this browser.',
    });
}
