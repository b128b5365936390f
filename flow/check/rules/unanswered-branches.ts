import type { Wire, Wired } from '../../compile/wiring.ts';
import { isLoop } from '../../compile/wiring.ts';
import { shownOutputs } from '../../document/ports.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { leadingTo } from '../view.ts';
import type { Rule, View } from '../view.ts';

/**
 * Ways of a branch that end without a Respond node, after a start whose caller waits for one: that caller gets an empty 204. Of several ways from
 * one port one that answers is enough; a start that leads to no Respond node at all has an Issue of its own.
 */
export const unansweredBranches: Rule = {
  codes: ['respond-branch-open'],
  *check(view) {
    const nodes = [...view.wiring.nodes.values()];
    const starts = nodes.filter(
      (wired) => wired.card.role === 'start' && isOn(wired) && view.paramsOf(wired)['reply'] === 'respond',
    );
    if (starts.length === 0) return;
    const responds = nodes.filter(({ card }) => card.role === 'respond').map(({ node }) => node.key);
    const answered = leadingTo(view, responds);
    const graph = graphOf(view);
    // A way that several starts come by is told of the first, and walked once.
    const seen = new Set<string>();
    for (const { node } of starts.filter((wired) => answered.has(wired.node.key)))
      for (const { key, port } of openWays(graph, node.key, seen))
        yield openWay(view.nameOf(node.key), key, outputWord(view, key, port));
  },
};

interface Graph {
  readonly view: View;
  /** Where items go from a port of a node. */
  next(key: string, port: string): readonly string[];
  /** Whether what answers can be reached from a node, itself included. */
  leads(key: string): boolean;
  /** Whether a caller is answered whichever way items take from a node on. */
  answers(key: string): boolean;
  /** The ports of which items take one: those of a branch, and what an error leaves by beside the others. */
  waysOf(key: string): Ways;
}

type Ways = readonly (readonly string[])[];

function graphOf(view: View): Graph {
  const wires = Map.groupBy(view.wiring.forward, ({ from }: Wire) => `${from.node} ${from.port}`);
  const next = (key: string, port: string) => (wires.get(`${key} ${port}`) ?? []).map(({ to }) => to.node);
  const ends = [...view.wiring.nodes.values()].filter(isAnswer).map(({ node }) => node.key);
  const leading = comingTo(view, ends);
  const ways = new Map<string, Ways>();
  const known = new Map<string, boolean>();
  const graph: Graph = {
    view,
    next,
    leads: (key) => leading.has(key),
    waysOf(key) {
      const found = ways.get(key) ?? waysOf(view, key);
      ways.set(key, found);
      return found;
    },
    answers: (key) => known.get(key) ?? false,
  };
  // From the ends to the starts: what follows a node is known before it.
  const at = new Set(ends);
  for (const key of view.sorted.toReversed())
    known.set(
      key,
      at.has(key) || graph.waysOf(key).every((ports) => ports.some((port) => next(key, port).some(graph.answers))),
    );
  return graph;
}

const isOn = ({ node }: Wired): boolean => node.settings?.disabled !== true;

/** A run that is stopped with an error tells the caller so. */
const isAnswer = (wired: Wired): boolean => ['respond', 'stop'].includes(wired.card.role ?? '') && isOn(wired);

/** All nodes from which items come to one of some. */
function comingTo({ wiring }: View, ends: readonly string[]): ReadonlySet<string> {
  const before = Map.groupBy([...wiring.forward, ...wiring.back], ({ to }) => to.node);
  const seen = new Set(ends);
  for (const key of seen) for (const { from } of before.get(key) ?? []) seen.add(from.node);
  return seen;
}

function waysOf({ wiring, document, budget }: View, key: string): Ways {
  const wired = wiring.nodes.get(key);
  if (!wired) return [];
  const { card, node } = wired;
  budget.spend(stepsOfWays);
  const ports = shownOutputs(card, node, document.edges).map(({ name }) => name);
  if (node.settings?.disabled === true) return [ports];
  if (card.branches === true) return ports.map((port) => [port]);
  // A loop comes to its other port in the end, whatever its body does.
  const usual = ports.filter((port) => port !== 'error');
  const isFailing = node.settings?.onError === 'port' && !isLoop(card);
  return [usual, ...(isFailing ? [['error']] : [])];
}

/** What the ways out of a node take to be found. */
const stepsOfWays = 40;

/** The ports, nearest to the ends, after which nobody answers, on ways that were not seen yet. */
function openWays(graph: Graph, start: string, seen: Set<string>): { key: string; port: string }[] {
  const open: { key: string; port: string }[] = [];
  const queue = seen.has(start) ? [] : [start];
  seen.add(start);
  for (const key of queue) {
    if (graph.answers(key)) continue;
    const ways = graph.waysOf(key);
    for (const ports of ways) {
      const targets = ports.flatMap((port) => graph.next(key, port));
      if (targets.some(graph.answers)) continue;
      const isOpen = ways.length > 1 && !targets.some(graph.leads);
      // An error output that leads nowhere is said already.
      if (isOpen && ports.length === 1 && (ports[0] !== 'error' || targets.length > 0))
        open.push({ key, port: ports[0]! });
      for (const target of targets.filter((one) => graph.leads(one) && !seen.has(one))) {
        seen.add(target);
        queue.push(target);
      }
    }
  }
  return open;
}

/** An output as the card shows it. */
function outputWord({ wiring, document }: View, key: string, name: string): string {
  const wired = wiring.nodes.get(key);
  const ports = wired ? shownOutputs(wired.card, wired.node, document.edges) : [];
  return ports.find((port) => port.name === name)?.title ?? name;
}

const openWay = (start: string, node: string, port: string): Issue =>
  found(
    'respond-branch-open',
    { node },
    `No Respond node follows ${quote(port)}: the caller of ${start} gets an empty answer there.`,
    `Connect ${quote(port)} to a Respond node.`,
  );
