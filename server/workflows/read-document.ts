import { check } from '../../flow/check/check.ts';
import { compile } from '../../flow/compile/compile.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { parseWorkflow } from '../../flow/document/parse.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { allNodes, catalogue } from '../../nodes/all.ts';
import { Refusal } from '../http/refusal.ts';

const types = allNodes.map((node) => node.type);

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

/** All that is wrong inside a document, of a workspace with these credentials. */
export const issuesOf = (document: unknown, credentials: readonly string[]): Issue[] =>
  check(document, catalogue, { types, credentials });

/** The plan of a document, in a workspace with these credentials; 422 with its Issues of level error. */
export function planOf(document: Workflow, credentials: readonly string[]): { plan: Plan; issues: Issue[] } {
  const issues = issuesOf(document, credentials);
  const errors = issues.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw notReady(errors);
  const compiled = compile(document, catalogue);
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
