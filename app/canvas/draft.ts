import { apply } from '../../flow/document/edits/apply.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';

/** What stands between the page and the stored draft: which revision it is built on, and what was done since. */
export interface Draft {
  readonly revision: number;
  /** Edits that the server does not have, in order; those before `inFlight` are on their way. */
  readonly pending: readonly Edit[];
  readonly inFlight: number;
  readonly trouble: Trouble | undefined;
}

/** Why the draft is not stored. Nothing is lost in either case: the edits stay pending, and a copy lies in this browser. */
export type Trouble =
  /** The server cannot be reached; saving is tried again by itself. */
  | { readonly kind: 'away'; readonly message: string }
  /** Somebody else changed what these edits are about: a person must choose. */
  | { readonly kind: 'clash'; readonly refused: readonly Issue[]; readonly theirs: Workflow; readonly revision: number }
  /** The server refuses the document as it is. */
  | { readonly kind: 'refused'; readonly message: string };

/** A draft as it was just loaded. */
export const freshDraft = (revision: number): Draft => ({ revision, pending: [], inFlight: 0, trouble: undefined });

/** Notes an edit as not yet stored. Settings of the same params that follow each other keep only the last. */
export function noted(draft: Draft, edit: Edit): Draft {
  const last = draft.pending.at(-1);
  const isAgain =
    draft.pending.length > draft.inFlight &&
    last?.do === 'set-params' &&
    edit.do === 'set-params' &&
    last.key === edit.key;
  return { ...draft, pending: isAgain ? [...draft.pending.slice(0, -1), edit] : [...draft.pending, edit] };
}

/** All that is pending is on its way. */
export const sending = (draft: Draft): Draft => ({ ...draft, inFlight: draft.pending.length });

/** What was on its way is stored under a new revision. */
export const stored = (draft: Draft, revision: number): Draft => ({
  revision,
  pending: draft.pending.slice(draft.inFlight),
  inFlight: 0,
  trouble: undefined,
});

/** Saving failed: everything stays pending. */
export const troubled = (draft: Draft, trouble: Trouble): Draft => ({ ...draft, inFlight: 0, trouble });

/** Whether there is something to send and nothing that only a person can end. */
export const maySend = ({ pending, inFlight, trouble }: Draft): boolean =>
  pending.length > 0 && inFlight === 0 && (trouble === undefined || trouble.kind === 'away');

/** What came of laying our edits over a document that somebody else has changed meanwhile. */
export interface Rebased {
  readonly document: Workflow;
  readonly kept: readonly Edit[];
  /** Why some edits do not fit any more: the node is gone, the key is taken. */
  readonly refused: readonly Issue[];
}

/** Lays edits over another document: each that still fits is carried out, whatever became of those before it. */
export function rebase(theirs: Workflow, pending: readonly Edit[]): Rebased {
  let document = theirs;
  const kept: Edit[] = [];
  const refused: Issue[] = [];
  for (const edit of pending) {
    const outcome = apply(document, edit);
    if ('refused' in outcome) refused.push(outcome.refused);
    else {
      ({ document } = outcome);
      kept.push(edit);
    }
  }
  return { document, kept, refused };
}
