import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { calledAt, callsOf } from '../calls.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import { findIn } from '../view.ts';
import type { KnownWorkflow, Rule, View } from '../view.ts';

/**
 * Calls by which a workflow begins itself again, directly or through others, in each of its runs. A warning, as for what else follows from other
 * workflows: they change without this one, code between may decide what no check sees, and its runs end in a fault all the same (E14).
 */
export const recursion: Rule = {
  codes: ['endless-recursion'],
  check(view) {
    const { workflows, id = '' } = view.context;
    if (!workflows) return [];
    const calls = callsOf(view.wiring).filter(({ always }) => always);
    if (calls.length === 0) return [];
    // Of the one that is drawn counts what is drawn: published, it would be that.
    const own: KnownWorkflow = { id, name: view.document.name, isPublished: true, calls };
    const find = finder([own, ...workflows.filter((one) => one.id !== id)]);
    return findIn(view, calls, ({ node, workflow }): Issue[] => {
      const between = wayBack(view, find(workflow), own, find);
      return between ? [endless(view, { node, workflow }, between)] : [];
    });
  },
};

type Find = (wanted: string) => KnownWorkflow | undefined;

/** By id or by name, as a call finds them when it is made. */
function finder(workflows: readonly KnownWorkflow[]): Find {
  const published = workflows.filter(({ isPublished }) => isPublished);
  const byName = new Map(published.toReversed().map((one) => [one.name, one]));
  const byId = new Map(workflows.map((one) => [one.id, one]));
  return (wanted) => {
    const meant = byId.get(wanted) ?? byName.get(wanted);
    return meant?.isPublished ? meant : undefined;
  };
}

const stepsACall = 5;

/** The names of those that lie between a workflow that is called and the one that is to be come back to, by the shortest way. */
function wayBack(
  { budget }: View,
  first: KnownWorkflow | undefined,
  own: KnownWorkflow,
  find: Find,
): readonly string[] | undefined {
  if (!first) return undefined;
  const cameFrom = new Map<KnownWorkflow, KnownWorkflow | undefined>([[first, undefined]]);
  for (const at of cameFrom.keys()) {
    if (at === own) break;
    for (const { workflow, always } of at.calls ?? []) {
      budget.spend(stepsACall);
      const next = always ? find(workflow) : undefined;
      if (next && !cameFrom.has(next)) cameFrom.set(next, at);
    }
  }
  if (!cameFrom.has(own)) return undefined;
  const names: string[] = [];
  for (let at = cameFrom.get(own); at; at = cameFrom.get(at)) names.push(at.name);
  return names.toReversed();
}

const mostNamed = 5;

function endless(
  { wiring, nameOf, placesOf }: View,
  { node, workflow }: { readonly node: string; readonly workflow: string },
  between: readonly string[],
): Issue {
  const wired = wiring.nodes.get(node);
  const place = wired && placesOf(wired).find((one) => calledAt(one) === workflow);
  const names = between.slice(0, mostNamed).map((name) => `${quote(name)}, which runs `);
  const more = between.length > mostNamed ? 'others, the last of which runs ' : '';
  return found(
    'endless-recursion',
    { node, ...(place ? { param: pathText(place.path) } : {}) },
    `Each run comes to ${nameOf(node)}, which runs ${names.join('')}${more}this workflow again, and so on without an end.`,
    'Put an If, Switch, Filter, Limit or Ask for approval before it, to stop when nothing is left to do.',
  );
}
