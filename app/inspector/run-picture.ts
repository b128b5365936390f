import type { Catalogue } from '../../flow/document/card.ts';
import { canonical } from '../../flow/document/canonical.ts';
import { shownOutputs, splitEnd } from '../../flow/document/ports.ts';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import type { RunStep as Step } from '../api/run-shapes.ts';
import { edgeId } from '../graph/selection.ts';
import { count, errors, items, iterations } from '../ui/figures.ts';
import { counting, countIn, countOn, heldTo, loudestIn, openLoops, turnsOf, turnsOn } from './iterations.ts';
import type { OpenLoop } from './iterations.ts';
import { timesOf, tookOf } from './step-bars.ts';
import { failedOf, stepMark } from './status-words.ts';
import type { EdgeState, NodeState, RunPicture } from '../graph/picture.ts';

/** What of a run is drawn. */
interface Drawn {
  /** The path of one turn of a loop: what stands in that loop is held to it. */
  readonly turn?: string | undefined;
  /** Nothing more will happen in it: what it did not reach is passed by for good. */
  readonly isOver?: boolean;
  /** The document that ran, where another is drawn: an edge that came later carried nothing. */
  readonly ran?: Workflow;
  /** When its steps waited: what a step took has its waits in it. */
  readonly waits?: Waits | undefined;
}

/** Lays the steps of a run over a document. The last attempt at each path counts and items of all turns add up. */
export function pictureOf(
  document: Workflow,
  all: readonly Step[],
  catalogue: Catalogue,
  { turn, isOver = false, ran = document, waits }: Drawn = {},
): RunPicture {
  const held = heldTo(all, turn);
  const byKey = Map.groupBy(counting(held), ({ key }) => key);
  const attempts = Map.groupBy(held, ({ key }) => key);
  const known = new Map(document.nodes.map((node) => [node.key, node]));
  const portsOf = (key: string) => portsIn(document, catalogue, known.get(key));
  const took = (step: Step) =>
    step.finishedAt === null ? '' : tookOf(timesOf(step, waits?.of(`${step.key}${step.path}`), step.finishedAt));
  const nodes = new Map(
    [...byKey].map(([key, list]) => {
      const foot = (speaking: Step) => footOf(speaking, list, portsOf(key), took);
      return [key, stateOf(list, foot, mostAttempts(attempts.get(key) ?? []))];
    }),
  );
  // Of a loop inside another, what it does in the iteration that is looked at.
  const open = openLoops(held);
  for (const [key, loop] of open) tellOpen(nodes, key, { ...loop, isOver, turn });
  const told = new Set(
    all.flatMap(({ turns = [] }) => turns.flatMap(({ at }) => (at === undefined ? [] : [loopAt(at)]))),
  );
  const carriedBy = (end: string): number | undefined => {
    const { key, port } = splitEnd(end);
    const list = byKey.get(key) ?? [];
    const ports = portsOf(key);
    const name = port ?? ports[0]?.name ?? Object.keys(list.at(-1)?.output ?? {})[0] ?? '';
    return told.has(key) && isUntold(all, key, ports, name) ? undefined : delivered(list, name);
  };
  passOver(document, nodes, (end) => {
    const { key } = splitEnd(end);
    const isDone = byKey.get(key)?.every(({ status }) => status === 'finished' || status === 'skipped');
    return isDone !== false && !open.has(key) && carriedBy(end) === 0;
  });
  if (ran !== document) tellEdited(nodes, known, ran);
  const edges = new Map<string, EdgeState>();
  const wasThere = new Set(ran.edges.map(edgeId));
  for (const edge of document.edges.filter((one) => wasThere.has(edgeId(one)))) {
    const before = nodes.get(splitEnd(edge.from).key);
    if (!before) {
      if (isOver) edges.set(edgeId(edge), passedBy);
      continue;
    }
    const carried = carriedBy(edge.from);
    const after = nodes.get(splitEnd(edge.to).key)?.mark;
    edges.set(edgeId(edge), {
      count: carried,
      isLive: after === 'running' && carried !== 0,
      isFailed: after === 'failed' && carried !== 0,
      isSkipped: carried === 0 && (isOver || !underWay.has(before.mark)),
    });
  }
  return { nodes, edges };
}

const passedBy: EdgeState = { count: 0, isLive: false, isFailed: false, isSkipped: true };

const loopAt = (at: string) => at.slice(at.lastIndexOf('/') + 1, at.lastIndexOf(':'));

/** What leaves such a node is not decided. */
const underWay: ReadonlySet<NodeState['mark']> = new Set(['running', 'waiting', 'queued', 'doubt']);

/** Marks of a loop whose head gave something; one that runs whole in one stage is at work all the while. */
const inOrAt: ReadonlySet<NodeState['mark']> = new Set(['ok', 'erred', 'running']);

/** A run that is in a loop, or broke off in it, is not done with it, whatever its head gave so far; looked at alone, an iteration may be. */
function tellOpen(
  nodes: Map<string, NodeState>,
  key: string,
  { turns, isAt, isOver, turn = '' }: OpenLoop & { readonly isOver: boolean; readonly turn: string | undefined },
): void {
  const state = nodes.get(key);
  if (!state || !inOrAt.has(state.mark) || turnsOn(turn).some(({ at }) => at.endsWith(`/${key}`))) return;
  nodes.set(key, {
    ...state,
    mark: isOver ? 'skipped' : isAt,
    foot: `${isOver ? 'Stopped in' : 'In'} iteration ${turns}`,
  });
}

/** The body of a loop that was passed over, or had no iteration, has no steps: what nothing can have reached was passed over too. */
function passOver(document: Workflow, nodes: Map<string, NodeState>, gaveNothing: (end: string) => boolean): void {
  const isPast = (end: string) => nodes.has(splitEnd(end).key) && gaveNothing(end);
  // What leads back into a loop comes after what the loop sent out.
  const into = Map.groupBy(
    document.edges.filter(({ to }) => splitEnd(to).port !== 'next'),
    ({ to }) => splitEnd(to).key,
  );
  for (let isMore = true; isMore;) {
    const found = document.nodes.filter(
      ({ key }) => !nodes.has(key) && into.has(key) && (into.get(key) ?? []).every(({ from }) => isPast(from)),
    );
    for (const { key } of found) nodes.set(key, { mark: 'skipped', foot: 'No items came in', attempts: 1 });
    isMore = found.length > 0;
  }
}

const noPorts: readonly NamedPort[] = [];

const portsIn = ({ edges }: Workflow, catalogue: Catalogue, node: Node | undefined): readonly NamedPort[] => {
  const card = node && catalogue(node.type, node.version);
  return node && card ? shownOutputs(card, node, edges) : noPorts;
};

/** What did not run as it stands now says so, once it is at rest: a green mark on it would speak for what nobody tried. */
function tellEdited(nodes: Map<string, NodeState>, known: ReadonlyMap<string, Node>, ran: Workflow): void {
  for (const before of ran.nodes) {
    const state = nodes.get(before.key);
    const node = known.get(before.key);
    if (!state || !node || node === before || ['running', 'waiting', 'queued'].includes(state.mark)) continue;
    if (doing(node) !== doing(before))
      nodes.set(before.key, { ...state, foot: 'Edited since this run', isEdited: true });
  }
}

/** What a node does, apart from how it is called and where it stands. */
const doing = ({ type, version, params, settings }: Node) => canonical({ type, version, params, settings });

/** Only what a step delivered went anywhere: what was made on the way to a failure did not. */
const delivered = (steps: readonly Step[], port: string): number =>
  steps.reduce((sum, step) => sum + (step.status === 'finished' || step.turns ? countOn(step, port) : 0), 0);

/** A loop's feed of its body where the run did not record it: runs of older builds whose loop went whole in one stage. */
function isUntold(all: readonly Step[], key: string, ports: readonly NamedPort[], port: string): boolean {
  const isFeed = ports.length === 2 && ports[0]?.name === 'done' && ports[1]?.name === port;
  const says = (step: Step) => port in step.output || (step.turns ?? []).some(({ out }) => port in out);
  return isFeed && !all.some((step) => step.key === key && says(step));
}

const mostAttempts = (steps: readonly Step[]) =>
  Math.max(1, ...steps.map(({ attempt, tries = 1 }) => Math.max(attempt, tries)));

function stateOf(steps: readonly Step[], foot: (speaking: Step) => string, attempts: number): NodeState {
  const speaking = loudestIn(steps) ?? steps.at(-1)!;
  return { mark: stepMark(speaking), foot: foot(speaking), attempts };
}

/** Up to so many ports are all named under a card, those that got nothing too. */
const fewPorts = 3;

function footOf(step: Step, steps: readonly Step[], ports: readonly NamedPort[], took: (step: Step) => string): string {
  if (step.error && step.status !== 'finished') return step.error.message;
  if (step.status === 'skipped') return 'No items came in';
  if (step.status === 'cancelled') return 'Cancelled';
  if (step.status === 'in-doubt') return 'May have happened';
  if (step.status === 'queued') return '';
  if (step.status === 'waiting') return 'Waiting';
  if (step.status === 'running') return items(countIn(step));
  const failed = steps.reduce((sum, one) => sum + failedOf(one), 0);
  const wrong = failed > 0 ? [errors(failed)] : [];
  // What left by `error` is what failed, and is said as that.
  const named = portsSaid(steps, ports).filter(({ name }) => name !== 'error' || failed === 0);
  const words = named.map(({ name, title }) => `${count(delivered(steps, name))} ${title ?? name}`);
  if (named.length > 1) return [...words, ...wrong].join(' · ');
  const turns = Math.max(steps.filter(({ status }) => status === 'finished').length, turnsOf(step));
  const more = turns > 1 ? iterations(turns) : took(step);
  return [items(delivered(steps, named[0]?.name ?? '')), ...wrong, more].filter(Boolean).join(' · ');
}

/** The ports that are named, in the order of the card; of many only those that got something. */
function portsSaid(steps: readonly Step[], ports: readonly NamedPort[]): readonly NamedPort[] {
  const found = new Set(
    steps.flatMap(({ output, turns = [] }) => [output, ...turns.map(({ out }) => out)].flatMap(Object.keys)),
  );
  const all = [
    ...ports,
    ...[...found].filter((name) => !ports.some((port) => port.name === name)).map((name) => ({ name })),
  ];
  if (all.length <= fewPorts) return all;
  const full = all.filter(({ name }) => delivered(steps, name) > 0);
  return full.length > 0 ? full : all.slice(0, 1);
}
