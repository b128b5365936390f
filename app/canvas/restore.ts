import { changeTo } from '../../flow/document/merge/change-to.ts';
import { merge } from '../../flow/document/merge/merge.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Toast } from '../ui/toast.ts';
import { freshDraft, noted } from './draft.ts';
import type { EditorStore } from './editor-state.ts';
import { begin, carry } from './history.ts';
import type { History } from './history.ts';
import { layOver } from './saving.ts';
import type { OldFoundDraft, FoundDraft } from './local-draft-read.ts';

const noticeMs = 20_000;

/**
 * Brings back what editors that are gone had not stored, the latest first: their edits, one by one, so that each can be undone, laid over whatever is
 * stored now.
 * Gives the names of the local drafts that the editor took over; one that clashes with another stays where it is for the next time.
 */
export function restore(
  store: EditorStore,
  localDrafts: readonly (FoundDraft | OldFoundDraft)[],
  say: (toast: Toast) => void,
): string[] {
  const { draft, history } = store.getState();
  const opened = { revision: draft.revision, document: history.document };
  const taken: string[] = [];
  const said: Toast[] = [];
  for (const localDraft of localDrafts.toSorted((a, b) => whenOf(b) - whenOf(a))) {
    const kept = 'pending' in localDraft ? localDraft : asFoundDraft(localDraft, opened);
    if (kept.pending.length === 0) taken.push(localDraft.name);
    else if (taken.length === 0 || store.getState().draft.pending.length === 0) {
      goOnFrom(store, kept);
      if (kept.revision !== opened.revision) layOver(store, opened, (toast) => void said.push(toast));
      taken.push(localDraft.name);
    } else if (layIn(store, kept)) taken.push(localDraft.name);
  }
  const { pending, trouble } = store.getState().draft;
  if (trouble?.kind !== 'clash' && pending.length > 0)
    say({
      title: 'Unsaved changes are back',
      text:
        said.length > 0
          ? 'They were merged with what was saved elsewhere meanwhile. Undo takes them back one by one.'
          : 'They were kept in this browser and are being saved now.',
      ms: noticeMs,
    });
  return taken;
}

const whenOf = (localDraft: FoundDraft | OldFoundDraft): number => ('at' in localDraft ? localDraft.at : 0);

/** A whole document of the older format as edits: over what is stored, or, when that moved on, over nothing, so that every difference is asked for. */
function asFoundDraft({ name, revision, document }: OldFoundDraft, opened: Standing): FoundDraft {
  const isSame = revision === opened.revision;
  const base: Workflow = isSame ? opened.document : { heddle: 1, name: document.name, nodes: [], edges: [] };
  const edit = changeTo(base, document);
  return { name, at: 0, revision, base, sent: 0, pending: edit ? [{ label: 'Unsaved changes', edit }] : [] };
}

interface Standing {
  readonly revision: number;
  readonly document: Workflow;
}

/** The editor as it was in the tab that is gone. */
function goOnFrom(store: EditorStore, { base, revision, pending, sent }: FoundDraft): void {
  store.setState({
    history: replay(base, pending),
    draft: { ...freshDraft(revision, base), pending, unsure: sent },
  });
}

function replay(base: Workflow, pending: FoundDraft['pending']): History {
  return pending.reduce((history, { label, edit }, index) => {
    const step = carry(history, edit, { label, at: index });
    return 'refused' in step ? history : step.history;
  }, begin(base));
}

/** Lays what a further tab had done into what is on the canvas already, as one step; false when the two clash. */
function layIn(store: EditorStore, { base, pending }: FoundDraft): boolean {
  const { history, draft } = store.getState();
  if (draft.trouble) return false;
  const { document } = replay(base, pending);
  const merged = merge({ base, ours: document, theirs: history.document });
  if (merged.open.length > 0) return false;
  const edit = changeTo(history.document, merged.document);
  const label = 'Unsaved changes of another tab';
  const step = edit && carry(history, edit, { label, at: 0 });
  if (!step || 'refused' in step) return step === undefined;
  store.setState({ history: step.history, draft: noted(draft, step.edit, label) });
  return true;
}
