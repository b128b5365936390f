import { useSyncExternalStore } from 'react';
import { deleteWorkflow } from '../api/workflows.ts';
import { shownMs } from '../ui/toast.ts';

// A deletion waits as long as its toast offers Undo: the server cancels runs and takes the version off line at once, which no undo could mend.
const waiting = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();
let ids: ReadonlySet<string> = new Set();

function tell(): void {
  ids = new Set(waiting.keys());
  for (const listener of listeners) listener();
}

/** Deletes a workflow once Undo is no longer offered, or when the page is left. `onEnd` is told how it went. */
export function deleteSoon(id: string, onEnd: (error?: Error) => void): void {
  const go = () => {
    deleteWorkflow(id)
      .then(() => onEnd())
      .catch((error: unknown) => onEnd(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        waiting.delete(id);
        tell();
      });
  };
  waiting.set(id, setTimeout(go, shownMs));
  tell();
}

/** Takes it back. */
export function keep(id: string): void {
  clearTimeout(waiting.get(id));
  waiting.delete(id);
  tell();
}

addEventListener('pagehide', () => {
  for (const [id, timer] of waiting) {
    clearTimeout(timer);
    void deleteWorkflow(id);
  }
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The workflows that are about to be deleted: lists leave them out. */
export const useLeaving = (): ReadonlySet<string> => useSyncExternalStore(subscribe, () => ids);
