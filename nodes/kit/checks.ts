import type { NodeCard } from '../../flow/document/card.ts';
import { compileValue } from '../../flow/expression/compile.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { holds } from './conditions.ts';
import { where } from './fields.ts';
import { holdsTemplate } from './prepare-params.ts';

export type Check = NodeCard['checks'][number];

const conditions = where({ title: 'When' });

/**
 * The cross-field rules of a card that stored params break. In a rule `$json` is the params, defaults filled in. A rule about a param that
 * is an expression is left alone: what it will be is not known yet.
 */
export function brokenChecks(
  card: Pick<NodeCard, 'checks' | 'defaults'>,
  params: Readonly<Record<string, unknown>>,
): Check[] {
  const filled = { ...card.defaults, ...params };
  const scope = scopeOver(filled);
  return card.checks.filter((check) => {
    if (check.param !== undefined && holdsTemplate(filled[check.param])) return false;
    return holds(conditions.parse(compileValue(check.when)(scope)));
  });
}
