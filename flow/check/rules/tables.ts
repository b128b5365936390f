import { decisionTableIssues } from '../decision-table.ts';
import { fullBudget } from '../table-budget.ts';
import type { Rule } from '../view.ts';
import { enabled, findIn } from '../view.ts';

/** No real workflow has come near this many. */
const mostRows = 2_000;

/** Decision tables that leave cases open, or hold rows that never decide or contradict each other. */
export const tables: Rule = {
  codes: ['table.gap', 'table.unreachable', 'table.overlap', 'table.too-large'],
  check(view) {
    let left = mostRows;
    const budget = fullBudget(view.budget);
    const tables = enabled(view).filter(({ card }) => card.type === 'rules.decision-table');
    return findIn(view, tables, (wired) => {
      const params = view.paramsOf(wired);
      left -= Array.isArray(params['rows']) ? params['rows'].length : 0;
      return left < 0 ? [] : decisionTableIssues(params, wired.node.key, budget);
    });
  },
};
