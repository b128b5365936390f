import { isError } from '../../flow/check/judge.ts';
import type { Judged, ReadWorkflow } from '../../flow/check/judge.ts';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { nameOf } from '../../flow/document/name.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import type { WorkspaceNodes } from '../catalogue/workspace-nodes.ts';
import { Refusal } from '../http/refusal.ts';

/** What of a workspace a document is read against: its nodes, the names of its credentials, its workflows and which of them the document is. */
export interface Surroundings {
  readonly nodes: WorkspaceNodes;
  readonly credentials: readonly string[];
  readonly hasOwnAddress?: boolean | undefined;
  /** Left out where none was looked for. */
  readonly workflows?: readonly KnownWorkflow[];
  readonly id?: string;
}

/** A document that somebody sent, as it was read; 400 with Issues when its envelope does not fit. */
export function fitting(read: ReadWorkflow): Extract<ReadWorkflow, { ok: true }> {
  if (read.ok) return read;
  const [first] = read.issues;
  throw new Refusal(400, 'document-invalid', first?.message ?? 'This is not a workflow document.', {
    ...(first ? { mend: first.mend } : {}),
    details: { issues: read.issues },
  });
}

/** Refuses a blank name; a draft that has one from before is kept as it is. */
export function refuseBlank({ name }: Workflow, before?: string): void {
  if (nameOf(name) !== undefined || before === name) return;
  throw new Refusal(400, 'document-invalid', `The name ${JSON.stringify(name)} is blank.`, { mend: 'Enter a name.' });
}

/** A document that was judged with its plan, and what goes with it; 422 with its Issues of level error. */
export function ready<One extends Judged>(one: One): One & { readonly plan: Plan } {
  if (one.plan) return { ...one, plan: one.plan };
  throw notReady(one.issues.filter(isError));
}

function notReady(issues: readonly Issue[]): Refusal {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new Refusal(422, 'issues', `The workflow has errors: ${first?.message ?? 'it cannot be compiled.'}${more}`, {
    ...(first ? { mend: first.mend } : {}),
    details: { issues },
  });
}
