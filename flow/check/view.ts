import { loopsAround, order } from '../compile/order.ts';
import { isLoop, wire } from '../compile/wiring.ts';
import type { Wired, Wiring } from '../compile/wiring.ts';
import type { Catalogue } from '../document/card.ts';
import { splitEnd } from '../document/ports.ts';
import { nameInText } from '../document/node-name.ts';
import { nearest } from '../document/quote.ts';
import type { Issue, Workflow } from '../document/workflow.ts';
import { Budget } from '../facts/budget.ts';
import type { WorkflowCall } from '../document/workflow-call.ts';
import type { IssueCode } from './codes.ts';
import { placesOf } from './params/places.ts';
import type { ParamPlace } from './params/places.ts';
import { upstreamOf } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** What a check knows beyond the document. What is left out is not checked. */
export interface CheckContext {
  /** Names of the credentials that this workspace has. */
  readonly credentials?: readonly string[];
  /** Those of them that only prove callers: no node can send them. */
  readonly unsent?: readonly string[];
  /** The workflows of this workspace. A call may name one by its id or by its name. */
  readonly workflows?: readonly KnownWorkflow[];
  /** The document's own id among them. */
  readonly id?: string;
  /** What other workflows of this workspace listen on. */
  readonly taken?: readonly TakenPath[];
  /** Whether answers have an address of their own, so that they may set cookies; they have none when left out. */
  readonly hasOwnAddress?: boolean;
  /** The types that the catalogue holds, to say which one was meant. */
  readonly types?: readonly string[];
  /** What the check may use: over its time it ends, and where it may leave it throws `TooLong`. Without one it has all the time there is. */
  readonly budget?: Budget;
}

/** A workflow as those who call it know it. */
export interface KnownWorkflow {
  readonly id: string;
  readonly name: string;
  readonly isPublished: boolean;
  /** What its starts listen on, where that is known. */
  readonly listens?: readonly Omit<TakenPath, 'by'>[];
  /** What its published version calls, where that is known. */
  readonly calls?: readonly WorkflowCall[];
}

/** A path that a start of a published workflow listens on. */
export interface TakenPath {
  /** The type of the start: webhooks and forms have addresses of their own. */
  readonly type: string;
  readonly path: string;
  readonly methods?: readonly string[] | undefined;
  /** The name of the workflow. */
  readonly by: string;
}

/** A document with all that more than one rule needs to know of it. */
export interface View {
  readonly document: Workflow;
  readonly catalogue: Catalogue;
  readonly context: CheckContext;
  /** The nodes whose types are known, and the edges whose ends exist. */
  readonly wiring: Wiring;
  /** Keys in topological order; nodes on a cycle, and what follows them, are missing. */
  readonly sorted: readonly string[];
  /** The loops around each node, outermost first, and what is wrong with bodies; nothing when there are too many loops. */
  readonly loops: ReturnType<typeof loopsAround>;
  /** Keys of all nodes that edges lead to from a node, back edges and parts too, whatever is known of them. */
  readonly following: ReadonlyMap<string, readonly string[]>;
  /** The same the other way round. */
  readonly preceding: ReadonlyMap<string, readonly string[]>;
  /** How any node stands to any other; worked out when it is first asked for. */
  upstream(): Upstream;
  /** What the check may use, which is told of whatever grows with the document. */
  readonly budget: Budget;
  /** What people call the node of a key, for a sentence. */
  nameOf(key: string): string;
  /** The known word that was most likely meant; undefined when none is near, and once a check has compared enough. */
  meant(word: string, known: ReadonlySet<string>): string | undefined;
  /** The params of a known node with its card's defaults. */
  paramsOf(wired: Wired): Readonly<Record<string, unknown>>;
  /** The places in the params of a known node, as they are written; walked once, whichever rules ask. */
  placesOf(wired: Wired): readonly ParamPlace[];
}

/**
 * One rule: the codes it may report, and what it finds, no more of it than is taken. Finds nothing where it has not what it needs; throws nothing but
 * the end of its budget.
 */
export interface Rule {
  readonly codes: readonly IssueCode[];
  check(view: View): Iterable<Issue>;
}

/** Following a body costs a walk over the graph; no real workflow has come near ten loops. */
export const mostLoops = 100;

/** Without end. */
const allTheTime = { ms: Infinity, bytes: Infinity, items: Infinity };

/** Looks at a document that parsed. */
export function look(document: Workflow, catalogue: Catalogue, context: CheckContext): View {
  const budget = context.budget ?? new Budget(allTheTime, () => 0);
  const remembered = remember(catalogue);
  // Some 10 µs a node and 2 an edge, of which no part can be interrupted.
  budget.about(document.nodes.length * 200 + document.edges.length * 40);
  const { wiring } = wire(document, remembered);
  const loopCount = [...wiring.nodes.values()].filter(({ card }) => isLoop(card)).length;
  budget.about(Math.min(loopCount, mostLoops) * (document.nodes.length + document.edges.length) * 3);
  const following = new Map<string, string[]>();
  const preceding = new Map<string, string[]>();
  for (const edge of document.edges) {
    const [from, to] = [splitEnd(edge.from).key, splitEnd(edge.to).key];
    listed(following, from).push(to);
    listed(preceding, to).push(from);
  }
  const sorted = order(wiring).keys;
  let upstream: Upstream | undefined;
  return {
    document,
    catalogue: remembered,
    context,
    budget,
    wiring,
    sorted,
    upstream: () => (upstream ??= upstreamOf(wiring, sorted, budget)),
    loops: loopCount > mostLoops ? { loops: new Map(), issues: [] } : loopsAround(wiring),
    following,
    preceding,
    nameOf: naming(document, remembered),
    meant: meaning(budget),
    paramsOf: once(({ node, card }) => ({ ...card.defaults, ...node.params })),
    placesOf: once(({ node, card }) => placesOf(card.params, node.params ?? {}, budget)),
  };
}

/** The list of a key, made when it is first asked for. */
function listed(lists: Map<string, string[]>, key: string): string[] {
  const known = lists.get(key) ?? [];
  if (known.length === 0) lists.set(key, known);
  return known;
}

/** Of nodes that have one name the key says which. */
function naming({ nodes }: Workflow, catalogue: Catalogue): View['nameOf'] {
  let known: ReadonlyMap<string, string> | undefined;
  const named = () => {
    const names = new Map(nodes.map((node) => [node.key, nameInText(catalogue, node)]));
    const times = Map.groupBy(names.values(), (name) => name);
    return new Map([...names].map(([key, name]) => [key, times.get(name)?.length === 1 ? name : `${name} (${key})`]));
  };
  return (key) => (known ??= named()).get(key) ?? key;
}

/** Made once for each node, whichever rules ask: params may have many fields. */
function once<Made extends object>(make: (wired: Wired) => Made): (wired: Wired) => Made {
  const known = new Map<Wired, Made>();
  return (wired) => {
    const made = known.get(wired) ?? make(wired);
    known.set(wired, made);
    return made;
  };
}

/** Twenty thousand dangling edges beside five thousand keys would be a hundred million comparisons. */
const mostComparisons = 300_000;

/** A comparison of short words takes so many steps, of words of 80 letters a hundred times that. */
const stepsAComparison = 10;

function meaning(budget: Budget): View['meant'] {
  let left = mostComparisons;
  return (word, known) => {
    const each = 1 + (word.length / 8) ** 2;
    left -= known.size * each;
    if (left < 0) return undefined;
    budget.spend(known.size * each * stepsAComparison);
    return nearest(word, known);
  };
}

/** Asks the catalogue once for each type and version: a catalogue may read from a store. */
function remember(catalogue: Catalogue): Catalogue {
  const known = new Map<string, ReturnType<Catalogue>>();
  return (type, version) => {
    const name = `${version ?? ''} ${type}`;
    if (!known.has(name)) known.set(name, catalogue(type, version));
    return known.get(name);
  };
}

/** What a rule finds part by part, as it is taken; the budget is told of each part. */
export function* findIn<Part>(
  { budget }: View,
  parts: Iterable<Part>,
  find: (part: Part) => Iterable<Issue>,
): Generator<Issue> {
  for (const part of parts) {
    budget.spend(stepsAPart);
    yield* find(part);
  }
}

/** A node, an edge or a place, for one rule. */
const stepsAPart = 10;

/** All keys that can be reached from some, themselves included. */
export const reachable = (view: View, from: Iterable<string>): Set<string> => walked(view, from, view.following);

/** All keys from which some can be reached, themselves included. */
export const leadingTo = (view: View, ends: Iterable<string>): Set<string> => walked(view, ends, view.preceding);

function walked({ budget }: View, from: Iterable<string>, next: View['following']): Set<string> {
  const seen = new Set(from);
  // A Set's iterator also visits what is added while it runs.
  for (const key of seen) {
    const ends = next.get(key) ?? [];
    budget.spend(1 + ends.length);
    for (const end of ends) seen.add(end);
  }
  return seen;
}

/** The known nodes that are not disabled: what a disabled one is set to can wait. */
export const enabled = ({ wiring }: View): Wired[] =>
  [...wiring.nodes.values()].filter(({ node }) => node.settings?.disabled !== true);
