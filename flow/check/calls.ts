import { callStart } from '../compile/call-start.ts';
import { isLoop } from '../compile/wiring.ts';
import type { Wired, Wiring } from '../compile/wiring.ts';
import type { WorkflowCall } from '../document/workflow-call.ts';
import { controlsIn, placesOf } from './params/places.ts';
import type { ParamPlace } from './params/places.ts';

/** What the nodes of a graph call, where it is written out. */
export function callsOf(wiring: Wiring): WorkflowCall[] {
  const calling = [...wiring.nodes.values()].filter(
    (wired) => isOn(wired) && wired.card.needs.includes('workflow') && controlsIn(wired.card.params).has('workflow'),
  );
  if (calling.length === 0) return [];
  const reached = alwaysReached(wiring);
  return calling.flatMap(({ node, card }) =>
    placesOf(card.params, { ...card.defaults, ...node.params }).flatMap((place) => {
      const workflow = calledAt(place);
      return workflow === undefined ? [] : [{ node: node.key, workflow, always: reached.has(node.key) }];
    }),
  );
}

/** The workflow that a place of params calls; undefined when it calls none, or an expression decides. */
export const calledAt = ({ ui, value }: ParamPlace): string | undefined =>
  ui === 'workflow' && typeof value === 'string' && value !== '' && !value.includes('{{') ? value : undefined;

const isOn = ({ node }: Wired): boolean => node.settings?.disabled !== true;

/** The nodes that each run comes to which a call begins. */
function alwaysReached({ nodes, forward }: Wiring): ReadonlySet<string> {
  const starts = [...nodes.values()].filter(({ card }) => card.role === 'start');
  const begin = nodes.get(callStart(starts.map(({ node }) => node)) ?? '');
  if (!begin || !isOn(begin)) return new Set();
  const leaving = Map.groupBy(forward, ({ from }) => from.node);
  // A Set's iterator also visits what is added while it runs.
  const seen = new Set([begin.node.key]);
  for (const key of seen)
    for (const { from, to } of leaving.get(key) ?? [])
      if (from.port !== 'error' && passesAlways(nodes.get(key))) seen.add(to.node);
  return seen;
}

/** What has one output and may pass on less than it got, down to nothing, by what it is set to or given. */
const narrowing: ReadonlySet<string> = new Set(['data.limit', 'data.split-out']);

/** Whether items that come to a node leave it: it neither sends each one way of several, nor asks somebody, nor leaves some out. */
function passesAlways(wired: Wired | undefined): boolean {
  if (!wired) return false;
  const { card, outputs } = wired;
  if (!isOn(wired) || isLoop(card)) return true;
  const ways = outputs.filter(({ name }) => name !== 'error');
  return ways.length === 1 && !narrowing.has(card.type) && !card.needs.includes('review');
}
