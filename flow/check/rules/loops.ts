import { bodyPort, isLoop } from '../../compile/wiring.ts';
import type { Wire, Wired } from '../../compile/wiring.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { findIn, mostLoops } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Circles that no loop turns, edges that slip past a loop, and loops without a body. The compiler's own findings. */
export const loops: Rule = {
  codes: ['cycle', 'loop-leak', 'loop-back', 'loop-empty', 'loop-open', 'too-many-loops'],
  *check(view) {
    const nodes = [...view.wiring.nodes.values()].filter(({ card }) => isLoop(card));
    yield* circle(view);
    if (nodes.length > mostLoops) yield tooManyLoops(nodes.length);
    yield* view.loops.issues;
    const ends = loopEnds(view);
    yield* findIn(view, nodes, (wired) => [...emptyLoop(view, wired, ends), ...openLoop(view, wired, ends)]);
  },
};

/** The first circle that is found; the others show when it is mended. */
function circle({ wiring, sorted, nameOf }: View): Issue[] {
  const free = new Set(sorted);
  const before = new Map<string, string>();
  for (const { from, to } of wiring.forward)
    if (!free.has(from.node) && !free.has(to.node)) before.set(to.node, from.node);
  // What only follows a circle has a stuck node before it too: going backwards ends up in the circle itself.
  const walked = new Set<string>();
  let key = [...before.keys()][0];
  for (; key !== undefined && !walked.has(key); key = before.get(key)) walked.add(key);
  if (key === undefined) return [];
  const order = [...walked];
  const members = order.slice(order.indexOf(key)).toReversed();
  const names = members.slice(0, 8).map(nameOf);
  const shown = members.length > 8 ? [...names, '…'] : names;
  const message = `These nodes feed each other in a circle: ${[...shown, names[0]].join(' → ')}.`;
  return [
    found(
      'cycle',
      { node: key },
      message,
      'Only a Loop or a Repeat node can loop: connect the edge that goes back to its input “next”.',
    ),
  ];
}

const tooManyLoops = (count: number): Issue =>
  found(
    'too-many-loops',
    {},
    `The workflow has ${count} loops; up to ${mostLoops} can be followed.`,
    'Move some of them into a workflow of their own, and call it.',
  );

/** What goes out of which ports, forwards and back into a loop, and which ends edges have, by `key.port`. */
interface LoopEnds {
  readonly forward: ReadonlySet<string>;
  readonly back: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
}

function loopEnds({ wiring, document }: View): LoopEnds {
  const outOf = (wires: readonly Wire[]) => new Set(wires.map(({ from }) => `${from.node}.${from.port}`));
  return {
    forward: outOf(wiring.forward),
    back: outOf(wiring.back),
    to: new Set(document.edges.map(({ to }) => to)),
  };
}

function emptyLoop({ nameOf }: View, { node, card }: Wired, { forward, back }: LoopEnds): Issue[] {
  const port = bodyPort(card);
  if (forward.has(`${node.key}.${port}`) || back.has(`${node.key}.${port}`)) return [];
  const mend = `Connect its output “${port}” to the first node of an iteration, and the last one back to its input “next”.`;
  return [found('loop-empty', { node: node.key }, `${nameOf(node.key)} has no body.`, mend)];
}

/** A body that goes nowhere: every iteration runs, and what it made is lost. An iteration may go back by an edge that is wrong otherwise. */
function openLoop({ nameOf }: View, { node, card }: Wired, { forward, to }: LoopEnds): Issue[] {
  if (!forward.has(`${node.key}.${bodyPort(card)}`) || to.has(`${node.key}.next`)) return [];
  const lost =
    card.role === 'repeat'
      ? 'so there is nothing that its conditions could match.'
      : 'so its output “done” passes on no items, whatever the iterations make.';
  const mend = 'Connect the last node of an iteration back to its input “next”.';
  return [found('loop-open', { node: node.key }, `Nothing comes back into ${nameOf(node.key)}, ${lost}`, mend)];
}
