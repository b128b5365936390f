import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { whenIdle } from './checking.ts';
import type { Idle } from './checking.ts';
import type { EditorStore } from './editor-state.ts';

/** What comparing needs is loaded when something is live. */
const load = () => import('./compare.ts');

/** Keeps it true what the draft does otherwise than the live version. Gives the way to stop. */
export function keepCompared(store: EditorStore, idle: Idle = whenIdle): () => void {
  let cancel: (() => void) | undefined;
  let seen: readonly [Workflow, Workflow, Catalogue] | undefined;
  const work = async () => {
    const { compare } = await load();
    const { published, history, catalogue } = store.getState();
    const live = published?.document;
    if (!live || (seen?.[0] === live && seen[1] === history.document && seen[2] === catalogue)) return;
    seen = [live, history.document, catalogue];
    store.setState({ changes: compare(live, history.document, catalogue) });
  };
  const plan = () => {
    cancel?.();
    cancel = undefined;
    if (store.getState().published?.document) cancel = idle(() => void work().catch(() => undefined));
    else if (store.getState().changes) store.setState({ changes: undefined });
  };
  plan();
  const stop = store.subscribe((state, before) => {
    const isNew = state.history.document !== before.history.document || state.catalogue !== before.catalogue;
    if (isNew || state.published !== before.published) plan();
  });
  return () => {
    stop();
    cancel?.();
  };
}
