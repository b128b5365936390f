import type { Plan } from '../../flow/compile/plan.ts';
import { isObject } from '../../flow/document/json.ts';

/**
 * Items for a start node from what a caller gave: one item or a list. For a webhook start a value without `body` is taken
 * as the body of a POST, with a path as calls have it. Nothing given is one empty item.
 */
export function startInput(plan: Plan, start: string, given: unknown): unknown[] {
  const items = given === undefined ? [{}] : Array.isArray(given) ? given : [given];
  const node = plan.nodes[start];
  if (node?.type !== 'start.webhook') return items;
  const path = typeof node.params['path'] === 'string' ? node.params['path'] : '';
  const blank = { method: 'POST', path: `/${path}`, headers: {}, query: {}, params: {} };
  // A list given to a webhook is one body that is a list, unless its items are requests.
  if (Array.isArray(given) && given.every((item) => isObject(item) && 'body' in item))
    return given.map((item) => ({ ...blank, ...(item as object) }));
  return [isObject(given) && 'body' in given ? { ...blank, ...given } : { ...blank, body: given ?? {} }];
}
