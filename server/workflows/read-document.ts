import { check } from '../../flow/check/check.ts';
import { compile } from '../../flow/compile/compile.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { parseWorkflow } from '../../flow/document/parse.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { allNodes, catalogue } from '../../nodes/all.ts';
import { Refusal } from '../http/refusal.ts';

const types = allNodes.map((node) => node.type);

/** A document that somebody sent, with all that is wrong inside it; 400 with Issues when its envelope does not fit. */
export function readDocument(given: unknown): { document: Workflow; issues: Issue[] } {
  const parsed = parseWorkflow(given);
  if (parsed.ok) return { document: parsed.document, issues: check(parsed.document, catalogue, { types }) };
  const [first] = parsed.issues;
  throw new Refusal(400, 'document-invalid', first?.message ?? 'This is not a workflow document.', {
    ...(first ? { mend: first.mend } : {}),
    details: { issues: parsed.issues },
  });
}

/** What is wrong with a document that was stored: an older build may have let through what this one does not. */
export const issuesOf = (document: unknown): Issue[] => check(document, catalogue, { types });

/** The plan of a document; 422 with its Issues of level error. */
export function planOf(document: Workflow): { plan: Plan; issues: Issue[] } {
  const issues = issuesOf(document);
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
