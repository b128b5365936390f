import type { Catalogue } from '../document/card.ts';
import { valuesIn } from '../document/bounds.ts';
import { parseWorkflow } from '../document/parse.ts';
import { quote } from '../document/quote.ts';
import type { Issue, Workflow } from '../document/workflow.ts';
import { isOverBudget, OverBudget, TooLong } from '../facts/budget.ts';
import type { BudgetLimits } from '../facts/budget.ts';
import { found } from './codes.ts';
import type { IssueCode } from './codes.ts';
import { neverRun } from './rules/starts.ts';
import { rules } from './rules.ts';
import { look } from './view.ts';
import type { CheckContext, Rule, View } from './view.ts';

/** What one check may use, wherever it is made: the largest of 6,757 real workflows takes a fortieth of it. */
export const checkLimits: BudgetLimits = { ms: 5_000, bytes: Infinity, items: Infinity };

const most = 1_000;
/** Of a document that is checked: rules take some 3 µs for each. The largest of 6,757 real workflows has a third of it. */
const mostValues = 500_000;
/** One rule must not drown the others. */
const mostOfOneRule = 200;
const weight: Readonly<Record<Issue['level'], number>> = { error: 0, warning: 1, hint: 2 };

/**
 * What is wrong with a document, errors first: where, what, and what mends it; at most 1,000 Issues, 200 of one rule. Takes anything and throws
 * nothing but `TooLong`, where its budget says that it may leave. What a node that no start leads to is set to is a warning at most. A document whose
 * envelope does not fit gets the Issues of the envelope alone; one whose check takes longer than it may, that Issue beside those found so far.
 */
export function check(document: unknown, catalogue: Catalogue, context: CheckContext = {}): Issue[] {
  try {
    const parsed = parseWorkflow(document);
    if (!parsed.ok) return [...parsed.issues];
    if (valuesIn(parsed.document, mostValues) > mostValues) return [tooMuch()];
    return findAll(parsed.document, catalogue, context)
      .toSorted((a, b) => weight[a.level] - weight[b.level])
      .slice(0, most);
  } catch (error) {
    if (error instanceof TooLong) throw error;
    return [broken(error)];
  }
}

function findAll(document: Workflow, catalogue: Catalogue, context: CheckContext): Issue[] {
  const issues: Issue[] = [];
  try {
    const view = look(document, catalogue, context);
    const never = neverRun(view);
    for (const rule of rules)
      for (const issue of carry(rule, view)) issues.push(never?.has(issue.where.node ?? '') ? atRest(issue) : issue);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    issues.unshift(tooLong());
  }
  return issues;
}

const tooMuch = (): Issue =>
  found(
    'too-much-to-check',
    {},
    `The workflow holds more than ${mostValues.toLocaleString('en')} values, more than can be checked.`,
    'Keep large data in a file or a data table, and read it when it is needed.',
  );

/** The Issue of a document whose check took longer than it may. */
export const tooLong = (): Issue =>
  found(
    'too-much-to-check',
    {},
    'The workflow takes too long to check: not all of it was looked at.',
    'Split it into several workflows, or give its nodes fewer and shorter fields.',
  );

/** How a node that never runs is set is wrong for nobody yet: it keeps no run and no version from going on. How the graph hangs together does. */
const atRest = (issue: Issue): Issue =>
  issue.level === 'error' && !ofTheGraph.has(issue.code) ? { ...issue, level: 'warning' } : issue;

const ofTheGraph: ReadonlySet<string> = new Set<IssueCode>([
  'unknown-type',
  'edge-end',
  'edge-kind',
  'edge-twice',
  'cycle',
  'loop-leak',
  'loop-back',
  'too-many-loops',
  'param-ports',
]);

/** A rule that breaks must not hide what the others find. */
function* carry(rule: Rule, view: View): Generator<Issue> {
  let left = mostOfOneRule;
  try {
    for (const issue of rule.check(view)) {
      yield issue;
      if (--left === 0) break;
    }
  } catch (error) {
    if (isOverBudget(error)) throw error;
    yield broken(error);
  }
  view.budget.verify();
}

function broken(error: unknown): Issue {
  const why = error instanceof Error ? error.message : 'it threw';
  const message = `Something went wrong in Heddle: a check failed (${quote(why)}).`;
  return found(
    'check-failed',
    {},
    message,
    'The document may be right. Please report it, so that we can fix the check.',
  );
}
