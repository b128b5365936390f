import type { Wired } from '../../compile/wiring.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { labelOf, titleText } from '../params/titles.ts';
import { findIn, leadingTo, reachable } from '../view.ts';
import type { Rule, TakenPath, View } from '../view.ts';

const startsOf = ({ wiring }: View): Wired[] =>
  [...wiring.nodes.values()].filter(({ card, node }) => card.role === 'start' && node.settings?.disabled !== true);

/** The nodes that no start leads to, so that they never run; undefined while there is no start, or may be one among nodes of unknown types. */
export function neverRun(view: View): ReadonlySet<string> | undefined {
  const begin = startsOf(view).map(({ node }) => node.key);
  if (begin.length === 0) return undefined;
  const reached = reachable(view, begin);
  // A part does not fire: it is reached when its owner is.
  const parts = new Set(view.wiring.parts.filter(({ to }) => reached.has(to.node)).map(({ from }) => from.node));
  return new Set(view.document.nodes.map(({ key }) => key).filter((key) => !reached.has(key) && !parts.has(key)));
}

/** A workflow that nothing starts, nodes that no start leads to, and starts that lead to no node. */
export const starts: Rule = {
  codes: ['no-start', 'unreachable', 'start-alone'],
  *check(view) {
    const never = neverRun(view);
    // Where a type is unknown, a start may be among those: one Issue is enough.
    const isWhole = view.wiring.nodes.size === view.document.nodes.length;
    if (!never) {
      if (isWhole) yield noStart;
      return;
    }
    const isOff = new Set(
      view.document.nodes.filter(({ settings }) => settings?.disabled === true).map(({ key }) => key),
    );
    yield* findIn(view, never, (key) => (isOff.has(key) ? [] : [unreachable(key, view.nameOf(key))]));
    const leading = leadingOn(view, isOff);
    yield* findIn(view, startsOf(view), (wired) => {
      const { key, type } = wired.node;
      // That a caller waits for a node that does not follow is said already.
      const isSaid = view.paramsOf(wired)['reply'] === 'respond';
      return mayStandAlone.has(type) || leading.has(key) || isSaid ? [] : [startAlone(key, view.nameOf(key))];
    });
  },
};

/** Whoever presses Run, or calls the workflow, asks for what comes back at once: nothing runs behind their back. */
const mayStandAlone = new Set(['start.manual', 'start.called']);

/** The nodes that lead to another which is on. */
function leadingOn(view: View, isOff: ReadonlySet<string>): ReadonlySet<string> {
  const on = [...view.preceding].filter(([key]) => !isOff.has(key));
  return leadingTo(
    view,
    on.flatMap(([key, before]) => before.filter((other) => other !== key)),
  );
}

const startAlone = (key: string, name: string): Issue =>
  found(
    'start-alone',
    { node: key },
    `${name} leads to no node: a run that it starts does nothing.`,
    'Connect it to the node that is to run next, or disable it.',
  );

const noStart = found(
  'no-start',
  {},
  'Nothing starts this workflow.',
  'Add a start: Start by hand, Schedule, Webhook, Form, When called or When a run fails.',
);

const unreachable = (key: string, name: string): Issue =>
  found(
    'unreachable',
    { node: key },
    `No start leads to ${name}, so it never runs.`,
    'Connect it, disable it, or remove it.',
  );

/** Starts that listen on one path, replies nobody gives, and replies nobody hears. */
export const paths: Rule = {
  codes: ['path-twice', 'path-taken', 'reply-without-respond', 'respond-unheard'],
  *check(view) {
    yield* pathsTwice(view);
    yield* pathsTaken(view);
    yield* unanswered(view);
    yield* unheard(view);
  },
};

/** A path as calls know it: a parameter takes any segment, whatever its name. */
const shapeOf = (path: string): string => path.replaceAll(/:[^/]+/g, ':');

function pathsTwice(view: View): Iterable<Issue> {
  const seen = new Map<string, string>();
  return findIn(view, startsOf(view), (wired): Issue[] => {
    const { path, methods } = view.paramsOf(wired);
    if (typeof path !== 'string') return [];
    const names = (Array.isArray(methods) ? methods : ['']).map(
      (method) => `${wired.card.type} ${String(method)} ${shapeOf(path)}`,
    );
    const other = names.map((name) => seen.get(name)).find((key) => key !== undefined);
    for (const name of names) seen.set(name, wired.node.key);
    if (other === undefined) return [];
    const message = `${view.nameOf(wired.node.key)} listens on the path ${quote(path)}, as ${view.nameOf(other)} does.`;
    return [
      found(
        'path-twice',
        { node: wired.node.key, param: 'path' },
        message,
        'Give one of them another path or other methods.',
      ),
    ];
  });
}

/** What publishing would refuse: said while somebody draws. */
function pathsTaken(view: View): Iterable<Issue> {
  const taken = Map.groupBy(view.context.taken ?? [], ({ type, path }) => `${type} ${shapeOf(path)}`);
  return findIn(view, startsOf(view), (wired): Issue[] => {
    const { path, methods } = view.paramsOf(wired);
    if (typeof path !== 'string' || path === '') return [];
    // A form has no methods to choose: whoever has its path has it whole.
    const meets = (one: TakenPath) =>
      one.methods === undefined || !Array.isArray(methods) || one.methods.some((method) => methods.includes(method));
    const holder = taken.get(`${wired.card.type} ${shapeOf(path)}`)?.find(meets);
    if (!holder) return [];
    const message = `The workflow ${quote(holder.by)} listens on the path ${quote(path)}.`;
    const mend = 'Enter another path, or turn that workflow off before you publish this one.';
    return [found('path-taken', { node: wired.node.key, param: 'path' }, message, mend)];
  });
}

const waits = new Set<unknown>(['respond', 'stream']);

const isRespond = ({ node, card }: Wired): boolean => card.role === 'respond' && node.settings?.disabled !== true;

const respondsOf = ({ wiring }: View): Wired[] => [...wiring.nodes.values()].filter(isRespond);

function unanswered(view: View): Iterable<Issue> {
  const answered = leadingTo(
    view,
    respondsOf(view).map(({ node }) => node.key),
  );
  return findIn(view, startsOf(view), (wired): Issue[] => {
    const { node } = wired;
    if (view.paramsOf(wired)['reply'] !== 'respond' || answered.has(node.key)) return [];
    const name = view.nameOf(node.key);
    const message = `The caller of ${name} waits for a Respond node, and ${name} leads to none.`;
    return [
      found(
        'reply-without-respond',
        { node: node.key, param: 'reply' },
        message,
        `Add a Respond node, or choose something else for “${titleText(wired.card.params, ['reply'])}”.`,
      ),
    ];
  });
}

/**
 * A Respond node that a caller's start leads to, and no caller waits for. A start by hand beside it hears nothing either: it gets the
 * node's items, as from any node.
 */
function unheard(view: View): Iterable<Issue> {
  const open = startsOf(view).filter((wired) => 'reply' in view.paramsOf(wired));
  const waiting = open.filter((wired) => waits.has(view.paramsOf(wired)['reply']));
  const heard = reachable(
    view,
    waiting.map(({ node }) => node.key),
  );
  const callers = firstToReach(view, open);
  return findIn(view, respondsOf(view), ({ node: { key } }): Issue[] => {
    const first = callers.get(key);
    return first === undefined || heard.has(key) ? [] : [neverUsed(view, key, first)];
  });
}

/** The first of some nodes from which each key is reached; what one reaches is walked once. */
function firstToReach(view: View, nodes: readonly Wired[]): ReadonlyMap<string, Wired> {
  const first = new Map<string, Wired>();
  for (const wired of nodes) {
    const open = [wired.node.key];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (first.has(key)) continue;
      first.set(key, wired);
      const ends = view.following.get(key) ?? [];
      view.budget.spend(1 + ends.length);
      open.push(...ends);
    }
  }
  return first;
}

function neverUsed(view: View, key: string, start: Wired): Issue {
  const { params } = start.card;
  const name = view.nameOf(start.node.key);
  const now = view.paramsOf(start)['reply'] === 'last' ? 'when the last node finishes' : 'immediately';
  const message = `${view.nameOf(key)} is never used: ${name} responds ${now}.`;
  const mend = `Set “${titleText(params, ['reply'])}” of ${name} to “${labelOf(params, ['reply'], 'respond')}”.`;
  return found('respond-unheard', { node: key }, message, mend);
}
