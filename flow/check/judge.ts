import { compile } from '../compile/compile.ts';
import type { Plan } from '../compile/plan.ts';
import type { Catalogue } from '../document/card.ts';
import { parseWorkflow } from '../document/parse.ts';
import { printsOf } from '../document/prints.ts';
import type { Issue, Workflow } from '../document/workflow.ts';
import { check } from './check.ts';
import { manifestOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { CheckContext } from './view.ts';

/** A document that was sent: whole with its prints, or what is wrong with its envelope. */
export type ReadWorkflow =
  | { readonly ok: true; readonly document: Workflow; readonly prints: string }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Reads a document that somebody sent, and what tells it from others. */
export function readWorkflow(given: unknown): ReadWorkflow {
  const parsed = parseWorkflow(given);
  return parsed.ok ? { ...parsed, prints: printsOf(parsed.document) } : parsed;
}

/** What is asked of a document: what is wrong with it, also its plan, or all that a version of it is stored with; or what it may do alone. */
export type Asked = 'issues' | 'plan' | 'version' | 'manifest';

/** What a document comes to. A plan, and what goes with it, is there when it was asked for and no Issue is an error. */
export interface Judged {
  readonly issues: Issue[];
  readonly plan?: Plan;
  readonly manifest?: Manifest;
  readonly prints?: string;
}

/**
 * All that a document is worked out for, at once, so that it can be done elsewhere in one go. Throws nothing but `TooLong`, where the context's
 * budget says that it may leave.
 */
export function judge(document: Workflow, catalogue: Catalogue, context: CheckContext, asked: Asked): Judged {
  if (asked === 'manifest') return { issues: [], manifest: manifestOf(document, catalogue) };
  const issues = check(document, catalogue, context);
  if (asked === 'issues' || issues.some(isError)) return { issues };
  const compiled = compile(document, catalogue);
  if (!compiled.ok) return { issues: [...compiled.issues, ...issues] };
  const { plan } = compiled;
  if (asked === 'plan') return { issues, plan };
  return { issues, plan, manifest: manifestOf(document, catalogue), prints: printsOf(document) };
}

export const isError = ({ level }: Issue): boolean => level === 'error';
