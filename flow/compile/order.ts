import { nameInText } from '../document/node-name.ts';
import type { Issue } from '../document/workflow.ts';
import { bodyPort, isLoop, problem } from './wiring.ts';
import type { Wire, Wiring } from './wiring.ts';

/** Keys in topological order (back edges left out), ties in the author's order; nodes on a cycle come back as Issues. */
export function order(wiring: Wiring): { keys: string[]; issues: Issue[] } {
  const incoming = new Map<string, number>([...wiring.nodes.keys()].map((key) => [key, 0]));
  const outgoing = Map.groupBy(wiring.forward, (wire) => wire.from.node);
  for (const wire of wiring.forward) incoming.set(wire.to.node, (incoming.get(wire.to.node) ?? 0) + 1);
  const keys: string[] = [];
  const ready = [...incoming].filter(([, count]) => count === 0).map(([key]) => key);
  for (let key = ready.shift(); key !== undefined; key = ready.shift()) {
    keys.push(key);
    for (const { to } of outgoing.get(key) ?? []) {
      const left = (incoming.get(to.node) as number) - 1;
      incoming.set(to.node, left);
      if (left === 0) ready.push(to.node);
    }
  }
  const stuck = [...incoming].filter(([, count]) => count > 0).map(([key]) => key);
  const issues = stuck.length === 0 ? [] : [cycle(stuck[0] as string, called(wiring, stuck[0] as string))];
  return { keys, issues };
}

/** The loops around each node, outermost first: a body is all that its `each` (or `try`) reaches without passing the loop node. */
export function loopsAround(wiring: Wiring): { loops: Map<string, string[]>; issues: Issue[] } {
  const bodies = new Map<string, Set<string>>();
  const outgoing = Map.groupBy(wiring.forward, (wire) => wire.from.node);
  for (const [key, { card }] of wiring.nodes) if (isLoop(card)) bodies.set(key, reach(outgoing, key, bodyPort(card)));
  const byWidth = [...bodies].toSorted((a, b) => b[1].size - a[1].size);
  const loops = new Map<string, string[]>([...wiring.nodes.keys()].map((key) => [key, []]));
  for (const [loop, body] of byWidth) for (const key of body) loops.get(key)?.push(loop);
  return { loops, issues: leaks(wiring, loops) };
}

function reach(outgoing: ReadonlyMap<string, readonly Wire[]>, loop: string, port: string): Set<string> {
  const seen = new Set<string>();
  const queue = (outgoing.get(loop) ?? []).filter((wire) => wire.from.port === port).map((wire) => wire.to.node);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (key === loop || seen.has(key)) continue;
    seen.add(key);
    for (const wire of outgoing.get(key) ?? []) queue.push(wire.to.node);
  }
  return seen;
}

/** An edge may enter a body from outside only through its loop, and may leave it only by `done` (or as the loop's own back edge). */
function leaks(wiring: Wiring, loops: ReadonlyMap<string, readonly string[]>): Issue[] {
  const issues: Issue[] = [];
  for (const wire of wiring.forward) {
    const from = loops.get(wire.from.node) ?? [];
    const to = loops.get(wire.to.node) ?? [];
    const isBody = to.length === from.length + 1 && to.at(-1) === wire.from.node;
    const isWithin = to.length >= from.length && from.every((loop, index) => to[index] === loop);
    const isDone = isLoopNode(wiring, wire.from.node) && wire.from.port === 'done';
    if (isBody && isDone) issues.push(leak(wire.index, called(wiring, wire.from.node)));
    else if (!isWithin)
      issues.push(leak(wire.index, called(wiring, from.find((loop, index) => to[index] !== loop) as string)));
  }
  for (const wire of wiring.back) {
    const from = loops.get(wire.from.node) ?? [];
    const to = loops.get(wire.to.node) ?? [];
    const isOwn = from.length === to.length + 1 && from.at(-1) === wire.to.node;
    const isSelf = wire.from.node === wire.to.node && wire.from.port !== 'done';
    if (!isOwn && !isSelf)
      issues.push(
        problem(
          'loop-back',
          { edge: wire.index },
          `This edge goes back into ${called(wiring, wire.to.node)} from outside its body.`,
          "Go back from a node of the loop's own body.",
        ),
      );
  }
  return issues;
}

const isLoopNode = (wiring: Wiring, key: string) => {
  const wired = wiring.nodes.get(key);
  return wired !== undefined && isLoop(wired.card);
};

const leak = (edge: number, loop: string) =>
  problem(
    'loop-leak',
    { edge },
    `This edge leaves the body of ${loop} other than through ${loop}.`,
    `Go back to its input “next”, and go on from its output “done”.`,
  );

/** What people call a node, for a sentence. */
function called({ nodes }: Wiring, key: string): string {
  const wired = nodes.get(key);
  return wired ? nameInText(() => wired.card, wired.node) : key;
}

const cycle = (key: string, name: string) =>
  problem(
    'cycle',
    { node: key },
    `${name} is on a circle.`,
    'A circle may only go back into the input “next” of a Loop or a Repeat node.',
  );
