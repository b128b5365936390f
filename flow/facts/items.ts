import type { Plan, PlanInput, PlanNode, Stage } from '../compile/plan.ts';
import type { NodeRecord, PortOutput } from './fact.ts';
import { cutPath, outerPath, turnPath } from './path.ts';
import { instanceKey, outputKey } from './state.ts';
import type { RunState } from './state.ts';

/** Where items are looked up: a plan, and what its nodes have delivered so far. */
export interface View {
  readonly plan: Plan;
  readonly start: string;
  /** What a node delivered at exactly this path. */
  find(
    node: string,
    path: string,
  ): { readonly record: NodeRecord; readonly seq: number; readonly at: number } | undefined;
  isSkipped(stage: string, path: string): boolean;
  /** What came back into loops, by `loop@path`, as far as it was asked for: once a turn is over it does not change. */
  readonly backs?: Map<string, (readonly unknown[])[]>;
}

/** What has arrived over one edge: not yet settled, settled without a delivery, or a list (maybe empty). */
export type Arrival =
  | 'pending'
  | 'skipped'
  | { readonly items: readonly unknown[]; readonly seq: number; readonly at: number };

/** The view of a folded state. */
export const viewOf = (plan: Plan, state: RunState): View => ({
  plan,
  start: state.started?.start ?? '',
  find: (node, path) => state.outputs.get(outputKey(node, path)),
  isSkipped: (stage, path) => state.instances.get(instanceKey(stage, path))?.ending === 'skipped',
  backs: backsOf(state),
});

/** Beside a state and not of it: it follows from the outputs, to which a fold only adds. */
const backs = new WeakMap<RunState['outputs'], Map<string, (readonly unknown[])[]>>();

function backsOf({ outputs }: RunState): Map<string, (readonly unknown[])[]> {
  const known = backs.get(outputs) ?? new Map<string, (readonly unknown[])[]>();
  backs.set(outputs, known);
  return known;
}

/** The node of a plan; a key that is not there is a bug, not a fault. */
export function nodeOf(plan: Plan, key: string): PlanNode {
  const node = plan.nodes[key];
  if (!node) throw new Error(`the plan has no node ${key}`);
  return node;
}

/** From so many on a stage is found by an index of its plan: in a short list it is found sooner by looking. */
const manyStages = 16;
const byId = new WeakMap<Plan, ReadonlyMap<string, Stage>>();

/** The stage of a plan; undefined when it has none of that name. */
export function stageOf(plan: Plan, id: string): Stage | undefined {
  if (plan.stages.length < manyStages) return plan.stages.find((stage) => stage.id === id);
  let stages = byId.get(plan);
  if (!stages) {
    stages = new Map(plan.stages.map((stage) => [stage.id, stage]));
    byId.set(plan, stages);
  }
  return stages.get(id);
}

/** What has arrived from one end of an edge at a consumer that stands at `path`. */
export function arrival(view: View, from: { node: string; port: string }, path: string): Arrival {
  const source = nodeOf(view.plan, from.node);
  const at = sourcePath(source, from.port, path);
  const output = view.find(from.node, at);
  if (output) {
    const out = output.record.out[from.port];
    return out === undefined ? 'skipped' : { items: itemsOf(view, output.record, out), seq: output.seq, at: output.at };
  }
  if (source.role === 'start' && source.key !== view.start) return 'skipped';
  return view.isSkipped(source.stage, cutPath(path, source.loops.length)) ? 'skipped' : 'pending';
}

/** Where a source delivered what a consumer at `path` reads: a loop feeds its body in the turn, everything else outside it. */
const sourcePath = (source: PlanNode, port: string, path: string) =>
  cutPath(path, source.loops.length + (source.mode === 'turn' && port !== 'done' && port !== 'error' ? 1 : 0));

/** What has arrived on a port: pending while any edge is; joined in edge order, or the first delivery when it takes the first. */
export function portArrival(view: View, input: PlanInput, path: string): Arrival {
  const [only] = input.from;
  // As most ports have: of 100,000 steps no list is made.
  if (only !== undefined && input.from.length === 1) return arrival(view, only, path);
  const arrivals = input.from.map((from) => arrival(view, from, path));
  const delivered = arrivals.filter((one) => typeof one === 'object');
  if (input.take === 'first') {
    const winner = delivered.filter((one) => one.items.length > 0).toSorted((a, b) => a.seq - b.seq)[0];
    if (winner) return winner;
  }
  if (arrivals.includes('pending')) return 'pending';
  if (delivered.length === 0) return 'skipped';
  if (delivered.length === 1) return delivered[0]!;
  return {
    items: delivered.flatMap((one) => one.items),
    seq: Math.max(...delivered.map((one) => one.seq)),
    at: Math.max(...delivered.map((one) => one.at)),
  };
}

/** The items on each input port of a node at a path; ports that got nothing are empty. Back ports are left out. */
export function inputsOf(view: View, key: string, path: string): Record<string, readonly unknown[]> {
  const inputs: Record<string, readonly unknown[]> = {};
  for (const input of nodeOf(view.plan, key).inputs) {
    if (input.back) continue;
    const got = portArrival(view, input, path);
    inputs[input.port] = typeof got === 'object' ? got.items : [];
  }
  return inputs;
}

/** What came back into a loop at `outer`, a list for each of its first `turns` turns. */
export function backOf(view: View, loop: string, outer: string, turns: number): (readonly unknown[])[] {
  const back = nodeOf(view.plan, loop).inputs.find((input) => input.back);
  const key = outputKey(loop, outer);
  const known = view.backs?.get(key) ?? [];
  // A head asks once its last turn is over: of 10,000 turns only that one is new.
  for (let turn = known.length; turn < turns; turn++) {
    const got = back ? portArrival(view, { ...back, take: 'all' }, turnPath(outer, loop, turn)) : 'skipped';
    known.push(typeof got === 'object' ? got.items : []);
  }
  view.backs?.set(key, known);
  return known.slice(0, turns);
}

const resolved = new WeakMap<PortOutput, readonly unknown[]>();

/** The items of one recorded port; a selection is read from the node's own inputs. */
export function itemsOf(view: View, record: NodeRecord, out: PortOutput): readonly unknown[] {
  if ('items' in out) return out.items;
  if ('$blob' in out) throw new Error(`the items of ${record.key} are in a blob that was not loaded`);
  const known = resolved.get(out);
  if (known) return known;
  const source = inputsOf(view, record.key, record.path)[out.of] ?? [];
  const items = out.pick === 'all' ? source : out.pick.map((index) => source[index]);
  resolved.set(out, items);
  return items;
}

/** When a stage whose first node this is became ready: the latest of what it waited for (E18). */
export function readyAt(view: View, key: string, path: string, startedAt: number): number {
  let ready = startedAt;
  for (const input of nodeOf(view.plan, key).inputs) {
    if (input.back && path === '') continue;
    const one = input.back ? backArrival(view, key, input, path) : portArrival(view, input, path);
    if (typeof one === 'object' && one.at > ready) ready = one.at;
  }
  return ready;
}

function backArrival(view: View, key: string, input: PlanInput, path: string): Arrival {
  const turn = Number(path.slice(path.lastIndexOf(':') + 1));
  return turn > 0 ? portArrival(view, input, turnPath(outerPath(path), key, turn - 1)) : 'skipped';
}

/** The output of a node as something at `path` sees it: at the nearest enclosing path, then outwards. */
export function nearest(view: View, key: string, path: string): NodeRecord | undefined {
  if (!view.plan.nodes[key]) return undefined;
  for (let at = path; ; at = outerPath(at)) {
    const output = view.find(key, at);
    if (output) return output.record;
    if (at === '') return undefined;
  }
}

/** All items that a record delivered, port after port. */
export const deliveredBy = (view: View, record: NodeRecord): unknown[] =>
  Object.values(record.out).flatMap((out) => itemsOf(view, record, out));

/** What `$('key')` reads of a node: the items of its first port that delivered any. A filter's `dropped` is not what it kept. */
export const seenOf = (view: View, record: NodeRecord): readonly unknown[] =>
  Object.values(record.out)
    .map((out) => itemsOf(view, record, out))
    .find((items) => items.length > 0) ?? [];
