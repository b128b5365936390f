import { apply } from '../../flow/document/edits/apply.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { same } from '../../flow/document/merge/values.ts';

/** An edit that the server does not have yet, with what undo calls it. */
export interface Pending {
  readonly label: string;
  readonly edit: Edit;
}

/** What stands between the page and the stored draft: what it is built on, and what was done since. */
export interface Draft {
  readonly revision: number;
  /** The document as the server has it at that revision: with `pending` done to it, it is the one on the canvas. */
  readonly base: Workflow;
  /** Edits that the server does not have, in order; those before `inFlight` are on their way. */
  readonly pending: readonly Pending[];
  readonly inFlight: number;
  /** So many of them were sent and never answered: the server may have them all the same. */
  readonly unsure: number;
  readonly trouble: Trouble | undefined;
}

/** Why the draft is not stored. Nothing is lost in any case: the edits stay pending, and a copy lies in this browser. */
export type Trouble =
  /** The server cannot be reached; saving is tried again by itself. */
  | { readonly kind: 'away'; readonly message: string }
  /** Somebody else changed the same things: a person must choose. */
  | { readonly kind: 'clash'; readonly theirs: Workflow; readonly revision: number }
  /** The server refuses the document as it is, or does not know any more who asks: the session has ended. */
  | { readonly kind: 'refused'; readonly message: string; readonly isLoggedOut?: boolean };

/** A draft as it was just loaded. */
export const freshDraft = (revision: number, base: Workflow): Draft => ({
  revision,
  base,
  pending: [],
  inFlight: 0,
  unsure: 0,
  trouble: undefined,
});

/** Notes an edit as not yet stored. Settings of the same params that follow each other keep only the last. */
export function noted(draft: Draft, edit: Edit, label: string): Draft {
  const last = draft.pending.at(-1)?.edit;
  const isAgain =
    draft.pending.length > Math.max(draft.inFlight, draft.unsure) &&
    last?.do === 'set-params' &&
    edit.do === 'set-params' &&
    last.key === edit.key;
  const before = isAgain ? draft.pending.slice(0, -1) : draft.pending;
  return { ...draft, pending: [...before, { label, edit }] };
}

/** All that is pending is on its way. */
export const sending = (draft: Draft): Draft => ({ ...draft, inFlight: draft.pending.length, trouble: undefined });

/** What was on its way is stored under a new revision, as this document. */
export const stored = (draft: Draft, revision: number, document: Workflow): Draft => ({
  ...freshDraft(revision, document),
  pending: draft.pending.slice(draft.inFlight),
});

/** Saving failed: everything stays pending. Where nobody knows whether it arrived, that is kept in mind. */
export const troubled = (draft: Draft, trouble: Trouble): Draft => ({
  ...draft,
  inFlight: 0,
  unsure: trouble.kind === 'away' ? Math.max(draft.unsure, draft.inFlight) : draft.unsure,
  trouble,
});

/** Whether there is something to send and nothing that only a person can end. */
export const maySend = ({ pending, inFlight, trouble }: Draft): boolean =>
  pending.length > 0 && inFlight === 0 && (trouble === undefined || trouble.kind === 'away');

/** How many of the pending edits a document of the server has already, though their answer was lost: all that were sent, or none. */
export function arrived(draft: Draft, theirs: Workflow): number {
  if (draft.unsure === 0) return 0;
  return same(replayed(draft.base, draft.pending.slice(0, draft.unsure)), theirs) ? draft.unsure : 0;
}

function replayed(base: Workflow, pending: readonly Pending[]): Workflow {
  return pending.reduce((document, { edit }) => {
    const outcome = apply(document, edit);
    return 'refused' in outcome ? document : outcome.document;
  }, base);
}
