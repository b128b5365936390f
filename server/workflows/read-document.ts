import { check } from '../../flow/check/check.ts';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import { compile } from '../../flow/compile/compile.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { nameOf } from '../../flow/document/name.ts';
import { parseWorkflow } from '../../flow/document/parse.ts';
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

/** A document that somebody sent; 400 with Issues when its envelope does not fit. */
export function readDocument(given: unknown): Workflow {
  const parsed = parseWorkflow(given);
  if (parsed.ok) return parsed.document;
  const [first] = parsed.issues;
  throw new Refusal(400, 'document-invalid', first?.message ?? 'This is not a workflow document.', {
    ...(first ? { mend: first.mend } : {}),
    details: { issues: parsed.issues },
  });
}

/** Refuses a blank name; a draft that has one from before is kept as it is. */
export function refuseBlank({ name }: Workflow, before?: string): void {
  if (nameOf(name) !== undefined || before === name) return;
  throw new Refusal(400, 'document-invalid', `The name ${JSON.stringify(name)} is blank.`, { mend: 'Enter a name.' });
}

/** All that is wrong inside a document of a workspace. */
export const issuesOf = (document: unknown, { nodes, hasOwnAddress = false, ...around }: Surroundings): Issue[] =>
  check(document, nodes.catalogue, { ...around, types: nodes.types, hasOwnAddress });

/** The plan of a document of a workspace; 422 with its Issues of level error. */
export function planOf(document: Workflow, around: Surroundings): { plan: Plan; issues: Issue[] } {
  const issues = issuesOf(document, around);
  const errors = issues.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw notReady(errors);
  const compiled = compile(document, around.nodes.catalogue);
  if (!compiled.ok) throw notReady(compiled.issues);
  return { plan: compiled.plan, issues };
}

function notReady(issues: readonly Issue[]): Refusal {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new Refusal(422, 'issues', `The workflow has errors: ${first?.message ?? 'it cannot be compiled.'}${more}`, {
    ...(first ? { mend: first.mend } : {}),
    details: { issues },
  });
}
