import type { Catalogue } from '../document/card.ts';
import { valuesIn } from '../document/bounds.ts';
import { parseWorkflow } from '../document/parse.ts';
import { quote } from '../document/quote.ts';
import type { Issue } from '../document/workflow.ts';
import { found } from './codes.ts';
import type { IssueCode } from './codes.ts';
import { neverRun } from './rules/starts.ts';
import { rules } from './rules.ts';
import { look } from './view.ts';
import type { CheckContext, Rule, View } from './view.ts';

const most = 1_000;
/** Of a document that is checked: rules take some 3 µs for each. The largest of 6,757 real workflows has a third of it. */
const mostValues = 500_000;
/** One rule must not drown the others. */
const mostOfOneRule = 200;
const weight: Readonly<Record<Issue['level'], number>> = { error: 0, warning: 1, hint: 2 };

/**
 * What is wrong with a document, errors first: where, what, and what mends it; at most 1,000 Issues, 200 of one rule. Takes anything and never
 * throws. What a node that no start leads to is set to is a warning at most. A document whose envelope does not fit gets the Issues of the envelope alone.
 */
export function check(document: unknown, catalogue: Catalogue, context: CheckContext = {}): Issue[] {
  try {
    const parsed = parseWorkflow(document);
    if (!parsed.ok) return [...parsed.issues];
    if (valuesIn(parsed.document, mostValues) > mostValues) return [tooMuch()];
    const view = look(parsed.document, catalogue, context);
    const never = neverRun(view);
    const issues = rules
      .flatMap((rule) => carry(rule, view))
      .map((issue) => (never?.has(issue.where.node ?? '') ? atRest(issue) : issue));
    return issues.toSorted((a, b) => weight[a.level] - weight[b.level]).slice(0, most);
  } catch (error) {
    return [broken(error)];
  }
}

const tooMuch = (): Issue =>
  found(
    'too-much-to-check',
    {},
    `The workflow holds more than ${mostValues.toLocaleString('en')} values, more than can be checked.`,
    'Keep large data in a file or a data table, and read it when it is needed.',
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
function carry(rule: Rule, view: View): readonly Issue[] {
  try {
    return rule.check(view).slice(0, mostOfOneRule);
  } catch (error) {
    return [broken(error)];
  }
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
