import { check, checkLimits } from '../../flow/check/check.ts';
import type { CheckContext } from '../../flow/check/view.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { Budget } from '../../flow/facts/budget.ts';

/** Nobody can type while the page checks: what takes longer is left to the server, which looks at the whole when it saves and publishes. */
const mostMs = 2_000;

const clock = (): number => performance.now();

/** The check as the page makes it: what it did not get to keeps nobody from running or publishing. */
export function checkHere(document: Workflow, catalogue: Catalogue, context: CheckContext, now = clock): Issue[] {
  const budget = new Budget({ ...checkLimits, ms: mostMs }, now);
  const issues = check(document, catalogue, { ...context, budget });
  return budget.over ? issues.map(leftToTheServer) : issues;
}

const leftToTheServer = (issue: Issue): Issue =>
  issue.code === 'too-much-to-check'
    ? {
        ...issue,
        level: 'warning',
        message: 'The workflow takes long to check: not all of it was looked at here.',
        mend: 'Nothing to do: it is looked at whole when you publish it. Several smaller workflows are quicker to edit.',
      }
    : issue;
