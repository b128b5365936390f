import type { Edit } from '../../flow/document/edits/edit.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { addition } from './add-node.ts';
import type { Feet, Spot } from './add-node.ts';
import { troubleOf } from './calm.ts';
import { noted } from './draft.ts';
import type { EditorState, EditorStore } from './editor-state.ts';
import { forgetKept, moveKept } from './kept-forms.ts';
import { mayEdit, viewOnly } from './may-edit.ts';
import { carry, redo, undo } from './history.ts';
import type { Stepped } from './history.ts';
import { issueFoot } from '../graph/feet.ts';
import { edgeId, nothing } from '../graph/selection.ts';
import type { Selection } from '../graph/selection.ts';

/** What became of an edit: undefined when it was carried out, otherwise why not. */
export type Refusal = Issue | undefined;

/** The one way to change the document: carries an edit out, keeps it for undo and for the next save. Refuses whoever may only look. */
export function edit(store: EditorStore, change: Edit, label: string, join?: string): Refusal {
  const { id, history } = store.getState();
  const refused = take(store, carry(history, change, { label, join, at: Date.now() }), label);
  const before = new Set(history.document.nodes.map(({ key }) => key));
  if (!refused && change.do !== 'rename-key')
    for (const { key } of store.getState().history.document.nodes) if (!before.has(key)) forgetKept(id, key);
  return refused;
}

/** Takes the last step back. */
export function undoEdit(store: EditorStore): Refusal {
  const { id, history } = store.getState();
  const last = history.past.at(-1);
  const step = undo(history);
  const refused = step && take(store, step, `Undid: ${last?.label}`);
  if (!refused && last?.edit.do === 'rename-key') moveKept(id, last.edit.to, last.edit.key);
  return refused;
}

/** Does again what was taken back last. */
export function redoEdit(store: EditorStore): Refusal {
  const label = store.getState().history.future.at(-1)?.label;
  const step = redo(store.getState().history);
  return step && take(store, step, `Did again: ${label}`);
}

function take(store: EditorStore, worked: Stepped, said: string): Refusal {
  const step = mayEdit(store.getState()) ? worked : viewOnly;
  if ('refused' in step) {
    store.setState({ said: step.refused.message });
    return step.refused;
  }
  if (step.edit.do === 'rename-key') moveKept(store.getState().id, step.edit.key, step.edit.to);
  store.setState(({ draft, selection, writing }) => ({
    // What was taken away is not written any more when it comes back.
    writing: step.history.document.notes?.some(({ id }) => id === writing) ? writing : undefined,
    history: step.history,
    draft: noted(draft, step.edit, said),
    selection: stillThere(step.history.document, selection),
    said,
  }));
  return undefined;
}

/** A selection without what is gone; the same object when nothing is. */
export function stillThere(document: Workflow, selection: Selection): Selection {
  const keys = new Set(document.nodes.map(({ key }) => key));
  const edges = new Set(document.edges.map(edgeId));
  const notes = new Set(document.notes?.map(({ id }) => id));
  const left = {
    nodes: kept(selection.nodes, keys),
    edges: kept(selection.edges, edges),
    notes: kept(selection.notes, notes),
  };
  const size = ({ nodes, edges: lines, notes: papers }: Selection) => nodes.size + lines.size + papers.size;
  return size(left) === size(selection) ? selection : left;
}

const kept = (chosen: ReadonlySet<string>, all: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...chosen].filter((name) => all.has(name)));

/** Chooses things on the canvas; what is not named is let go. */
export const select = (store: EditorStore, chosen: Partial<Selection>): void =>
  store.setState({ selection: { ...nothing, ...chosen } });

/** Adds a node where it is wanted, wired where that can be, and chooses it. Gives its key. */
export function addNode(store: EditorStore, { type }: Pick<NodeCard, 'type'>, spot: Spot): string | undefined {
  const { history, catalogue } = store.getState();
  const card = catalogue(type);
  if (!card) return undefined;
  const { key, edit: change } = addition(history.document, catalogue, card, spot, feetOf(store.getState()));
  const refused = edit(store, change, `Add ${card.title}`);
  if (refused) return undefined;
  store.setState({ selection: { ...nothing, nodes: new Set([key]) }, picking: undefined });
  return key;
}

/** What stands under cards: what is wrong with them, and why they failed in the run that is shown. */
function feetOf({ issues, told, shown }: EditorState): Feet {
  const failed = (shown?.steps ?? []).flatMap(({ key, error }): [string, string][] =>
    error ? [[key, error.message]] : [],
  );
  const loud = troubleOf({ issues, told }).loud.map((issue): [string, string] => [
    issue.where.node ?? '',
    issueFoot(issue),
  ]);
  return new Map([...loud.toReversed(), ...failed]);
}

/** The single chosen node's key; undefined when none or several are chosen. */
export function chosenKey({ nodes, edges, notes }: Selection): string | undefined {
  return nodes.size === 1 && edges.size + notes.size === 0 ? [...nodes][0] : undefined;
}
