import { apply } from '../document/edits/apply.ts';
import type { Edit } from '../document/edits/edit.ts';
import type { Workflow } from '../document/workflow.ts';

/** A document after edits; those that do not fit are passed over. */
export const edited = (start: Workflow, edits: readonly Edit[]): Workflow =>
  edits.reduce((document, edit) => {
    const outcome = apply(document, edit);
    return 'refused' in outcome ? document : outcome.document;
  }, start);

/** A document after an edit that fits. */
export function applied(document: Workflow, edit: Edit): Workflow {
  const outcome = apply(document, edit);
  if ('refused' in outcome) throw new Error(outcome.refused.message);
  return outcome.document;
}
