import type { Workflow } from '../workflow.ts';
import type { Batch, Edit, EditOf, SingleEdit } from './edit.ts';
import { connect, disconnect, insertOnEdge, reorderEdges, replaceEdges } from './edges.ts';
import {
  addGroup,
  addNote,
  removeGroup,
  removeNote,
  setAbout,
  setGroup,
  setName,
  setNote,
  setTests,
  setWorkflowSettings,
} from './marks.ts';
import {
  addNode,
  move,
  removeNode,
  replaceNode,
  setNodeNote,
  setParams,
  setPin,
  setSettings,
  setTitle,
} from './nodes.ts';
import type { Outcome } from './outcome.ts';
import { paste } from './paste.ts';
import { renameKey } from './rename-key.ts';

/**
 * Carries out an edit: the new document, and the edit that takes it back. Applying that undo gives the old document again.
 * An edit that does not fit this document (its node was removed, a key is taken) is refused in words and changes nothing.
 * Never changes the document it is given; what an edit does not touch is shared with it.
 */
export function apply(document: Workflow, edit: Edit): Outcome {
  return edit.do === 'batch' ? applyBatch(document, edit) : applySingle(document, edit);
}

const carriers: { readonly [Do in SingleEdit['do']]: (document: Workflow, edit: EditOf<Do>) => Outcome } = {
  'add-node': addNode,
  'remove-node': removeNode,
  'rename-key': renameKey,
  'replace-node': replaceNode,
  'set-title': setTitle,
  'set-params': setParams,
  'set-settings': setSettings,
  'set-node-note': setNodeNote,
  move,
  connect,
  disconnect,
  'replace-edges': replaceEdges,
  'insert-on-edge': insertOnEdge,
  'reorder-edges': reorderEdges,
  'add-note': addNote,
  'set-note': setNote,
  'remove-note': removeNote,
  'add-group': addGroup,
  'set-group': setGroup,
  'remove-group': removeGroup,
  'set-pin': setPin,
  'set-name': setName,
  'set-about': setAbout,
  'set-tests': setTests,
  'set-workflow-settings': setWorkflowSettings,
  paste,
};

function applySingle<Do extends SingleEdit['do']>(document: Workflow, edit: EditOf<Do>): Outcome {
  // The table is total over `do`; TypeScript cannot see that an edit and its name belong together.
  const carry = carriers[edit.do as Do] as (document: Workflow, edit: EditOf<Do>) => Outcome;
  return carry(document, edit);
}

function applyBatch(document: Workflow, { edits }: Batch): Outcome {
  let current = document;
  const undos: Edit[] = [];
  for (const edit of edits) {
    const outcome = apply(current, edit);
    if ('refused' in outcome) return outcome;
    current = outcome.document;
    undos.unshift(outcome.undo);
  }
  return { document: current, undo: { do: 'batch', edits: undos } };
}
