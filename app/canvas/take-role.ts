import type { Role } from '../../flow/contract/account.ts';
import type { Toast } from '../ui/toast.ts';
import { freshDraft } from './draft.ts';
import type { EditorStore } from './editor-state.ts';
import { stillThere } from './editing.ts';
import { begin } from './history.ts';
import { mayEdit } from './may-edit.ts';

/** No change is under way, and nothing is asked for that would be one. */
const nothingBegun = {
  picking: undefined,
  linking: undefined,
  naming: undefined,
  writing: undefined,
  usedRun: undefined,
  usedData: undefined,
  listening: undefined,
  open: undefined,
  isPublishOpen: false,
};

/**
 * Follows the role of whoever looks. Who may not edit any more sees the workflow as it is stored: what they had not saved stays in this browser
 * as it lies there, for when they may again.
 */
export function takeRole(store: EditorStore, role: Role | undefined, say: (toast: Toast) => void): void {
  const before = store.getState();
  const [might, may] = [mayEdit(before), mayEdit({ role })];
  const { draft, history, selection, side } = before;
  if (may || !might) return store.setState({ role });
  const isUnsaved = draft.pending.length > 0;
  const stored =
    draft.trouble?.kind === 'clash'
      ? { revision: draft.trouble.revision, document: draft.trouble.theirs }
      : { revision: draft.revision, document: draft.base };
  const document = isUnsaved ? stored.document : history.document;
  store.setState({
    role,
    ...(isUnsaved
      ? { history: begin(document), draft: freshDraft(stored.revision, document), isClashOpen: false }
      : {}),
    selection: stillThere(document, selection),
    side: side === 'palette' ? 'none' : side,
    ...nothingBegun,
  });
  const kept = before.isKeptLocally
    ? 'What was not saved stays in this browser.'
    : 'What was not saved is lost: this browser had no room to keep it.';
  const why = before.role === undefined ? [] : ['An owner changed your role.'];
  const said = [...why, ...(isUnsaved ? [kept] : [])].join(' ');
  if (said !== '') say({ title: 'You can only view this workflow now', text: said });
}
