import type { Issue } from '../../flow/document/workflow.ts';

/** The Issue that stands at a place of params, as in `fields[0].value`, or inside it. */
export const issueAt = (issues: readonly Issue[], param: string): Issue | undefined =>
  issues.find(({ where }) => where.param === param) ??
  issues.find(({ where }) => where.param?.startsWith(`${param}.`) || where.param?.startsWith(`${param}[`));
