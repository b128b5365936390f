import { apply } from '../../flow/document/edits/apply.ts';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { refuse } from '../../flow/document/edits/outcome.ts';
import { changeTo } from '../../flow/document/merge/change-to.ts';
import { merge } from '../../flow/document/merge/merge.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';

/** One thing that a person did, with what takes it back. */
export interface Entry {
  /** What undo and redo call it: `Move 3 nodes`. */
  readonly label: string;
  readonly edit: Edit;
  readonly undo: Edit;
  /** The documents around it: once somebody else has changed the document, undo takes back just the difference between them. */
  readonly before: Workflow;
  readonly after: Workflow;
  /** Entries of one class that follow each other closely are one step for undo: letters typed, arrows pressed. */
  readonly join: string | undefined;
  readonly at: number;
}

/** A document with what was done to it and what was taken back. */
export interface History {
  readonly document: Workflow;
  readonly past: readonly Entry[];
  readonly future: readonly Entry[];
}

/** How an edit is named, joined and dated; `at` is epoch milliseconds. */
export interface Deed {
  readonly label: string;
  readonly join?: string | undefined;
  readonly at: number;
}

/** A step of history: what it is now, and the edit that was applied to come here (autosave sends it on). */
export type Stepped = { readonly history: History; readonly edit: Edit } | { readonly refused: Issue };

const joinWithin = 1_000;
const most = 500;

/** A document to which nothing was done yet. */
export const begin = (document: Workflow): History => ({ document, past: [], future: [] });

/** Carries out an edit. What was taken back before is gone; the last 500 steps can be undone. */
export function carry(history: History, edit: Edit, deed: Deed): Stepped {
  const outcome = apply(history.document, edit);
  if ('refused' in outcome) return outcome;
  const { document: after, undo: back } = outcome;
  const { label, join, at } = deed;
  const entry: Entry = { label, edit, undo: back, before: history.document, after, join, at };
  return { history: { document: after, past: withEntry(history.past, entry), future: [] }, edit };
}

/** Takes the last step back; undefined when there is none. */
export function undo(history: History): Stepped | undefined {
  const entry = history.past.at(-1);
  if (!entry) return undefined;
  const { before, after } = entry;
  const gone = step(history.document, { from: after, to: before, edit: entry.undo });
  if ('refused' in gone) return gone;
  const past = history.past.slice(0, -1);
  return { history: { document: gone.document, past, future: [...history.future, entry] }, edit: gone.edit };
}

/** Does the last step that was taken back again; undefined when there is none. */
export function redo(history: History): Stepped | undefined {
  const entry = history.future.at(-1);
  if (!entry) return undefined;
  const { before, after } = entry;
  const done = step(history.document, { from: before, to: after, edit: entry.edit });
  if ('refused' in done) return done;
  const future = history.future.slice(0, -1);
  return { history: { document: done.document, past: [...history.past, entry], future }, edit: done.edit };
}

interface Way {
  readonly from: Workflow;
  readonly to: Workflow;
  readonly edit: Edit;
}

/** Goes a way from one document to another; from a document that somebody else changed meanwhile, only the difference is gone. */
function step(document: Workflow, { from, to, edit }: Way): { document: Workflow; edit: Edit } | { refused: Issue } {
  if (document === from) return { document: to, edit };
  const merged = merge({ base: from, ours: to, theirs: document });
  const [clash] = merged.open;
  if (clash) return refuse({ node: clash.node }, 'Somebody changed the same thing since.', 'Change it by hand.');
  return { document: merged.document, edit: changeTo(document, merged.document) ?? { do: 'batch', edits: [] } };
}

function withEntry(past: readonly Entry[], entry: Entry): readonly Entry[] {
  const last = past.at(-1);
  if (!last || entry.join === undefined || last.join !== entry.join || entry.at - last.at > joinWithin)
    return [...past.slice(1 - most), entry];
  const edit: Edit = { do: 'batch', edits: [...parts(last.edit), ...parts(entry.edit)] };
  const undone: Edit = { do: 'batch', edits: [...parts(entry.undo), ...parts(last.undo)] };
  return [...past.slice(0, -1), { ...entry, edit, undo: undone, before: last.before }];
}

/** An edit as the list that it stands for, so that joined steps do not nest deeper with each letter. */
export const parts = (edit: Edit): readonly Edit[] => (edit.do === 'batch' ? edit.edits : [edit]);
