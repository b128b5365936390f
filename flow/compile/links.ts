import { isObject } from '../document/json.ts';
import type { Wired, Wiring } from './wiring.ts';

/**
 * Whose link the expressions of each node mean by `$step.resumeUrl` (E13): the nearest node downstream, itself included, that waits to be called,
 * in the same turn of the same loops or outside of them; of two as near, the one whose edge comes first. Nodes that name no link, or have none
 * to name, are left out.
 */
export function linksOf(wiring: Wiring, loops: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const links = new Map<string, string>();
  if (![...wiring.nodes.values()].some(isCallable)) return links;
  const following = after(wiring);
  for (const [key, wired] of wiring.nodes) {
    if (!isCallable(wired) && !namesLink(wired.node.params)) continue;
    const around = loops.get(key) ?? [];
    // A Set's iterator also visits what is added while it runs: nearest first.
    const seen = new Set([key]);
    for (const at of seen) {
      const here = wiring.nodes.get(at);
      const within = loops.get(at) ?? [];
      if (here && isCallable(here) && within.every((loop, index) => loop === around[index])) {
        links.set(key, at);
        break;
      }
      for (const next of following.get(at) ?? []) seen.add(next);
    }
  }
  return links;
}

/** What comes after each node; what goes back into a loop comes out of it by `done`. */
function after({ forward, back }: Wiring): ReadonlyMap<string, readonly string[]> {
  const out = Map.groupBy(forward, ({ from }) => from.node);
  const following = new Map([...out].map(([key, wires]) => [key, wires.map(({ to }) => to.node)]));
  for (const { from, to } of back)
    for (const wire of out.get(to.node) ?? [])
      if (wire.from.port === 'done') following.set(from.node, [...(following.get(from.node) ?? []), wire.to.node]);
  return following;
}

/** Whether a node is set to wait until it is called. */
export const isCallable = ({ node, card }: Wired): boolean =>
  card.callable !== undefined &&
  node.settings?.disabled !== true &&
  { ...card.defaults, ...node.params }[card.callable] === true;

/** Whether a params value may name a link: by its letters, since a link too many costs one fact and one too few a run. */
export function namesLink(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('resumeUrl');
  if (Array.isArray(value)) return value.some(namesLink);
  return isObject(value) && Object.values(value).some(namesLink);
}
