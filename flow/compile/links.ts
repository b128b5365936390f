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
  const nearest = nearestCallable(wiring, loops);
  for (const [key, wired] of wiring.nodes) {
    const link = isCallable(wired) || namesLink(wired.node.params) ? nearest(key) : undefined;
    if (link !== undefined) links.set(key, link);
  }
  return links;
}

/** Tells for a node which callable one is nearest, worked out at once for all nodes in the same loops: 5,000 nodes in a row are not walked 5,000 times. */
function nearestCallable(
  wiring: Wiring,
  loops: ReadonlyMap<string, readonly string[]>,
): (key: string) => string | undefined {
  const following = after(wiring);
  const preceding = new Map<string, string[]>();
  for (const [from, ends] of following)
    for (const to of ends) {
      const known = preceding.get(to);
      if (known) known.push(from);
      else preceding.set(to, [from]);
    }
  const callables = [...wiring.nodes].filter(([, wired]) => isCallable(wired)).map(([key]) => key);
  const byLoops = new Map<string, ReadonlyMap<string, string>>();
  return (key) => {
    const around = loops.get(key) ?? [];
    const name = around.join(' ');
    let nearest = byLoops.get(name);
    if (!nearest) {
      const within = callables.filter((at) => (loops.get(at) ?? []).every((loop, index) => loop === around[index]));
      byLoops.set(name, (nearest = ledTo(within, following, preceding)));
    }
    return nearest.get(key);
  };
}

/** To which of some ends each node comes first, by the way whose edges come first. */
function ledTo(
  ends: readonly string[],
  following: ReadonlyMap<string, readonly string[]>,
  preceding: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string> {
  const far = new Map(ends.map((key) => [key, 0]));
  const led = new Map(ends.map((key) => [key, key]));
  // A Map's iterator also visits what is added while it runs: nearest first.
  for (const [key, distance] of far) {
    const next = following.get(key)?.find((one) => far.get(one) === distance - 1);
    const end = next === undefined ? undefined : led.get(next);
    if (distance > 0 && end !== undefined) led.set(key, end);
    for (const before of preceding.get(key) ?? []) if (!far.has(before)) far.set(before, distance + 1);
  }
  return led;
}

/** What comes after each node; what goes back into a loop comes out of it by `done`. */
function after({ forward, back }: Wiring): ReadonlyMap<string, readonly string[]> {
  const out = Map.groupBy(forward, ({ from }) => from.node);
  const following = new Map([...out].map(([key, wires]) => [key, wires.map(({ to }) => to.node)]));
  for (const { from, to } of back)
    for (const wire of out.get(to.node) ?? [])
      if (wire.from.port === 'done') {
        const known = following.get(from.node);
        if (known) known.push(wire.to.node);
        else following.set(from.node, [wire.to.node]);
      }
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
