import type { PlanNode } from '../../flow/compile/plan.ts';
import { references } from '../../flow/expression/references.ts';
import { itemsOf, type View } from '../../flow/facts/items.ts';
import { outerPath } from '../../flow/facts/path.ts';
import type { NodeRecord, PortOutput } from '../../flow/facts/fact.ts';
import type { Batch } from '../../nodes/kit/call.ts';
import type { NodeOutcome } from '../../nodes/kit/perform.ts';
import type { Call, Ready } from '../engine/carry-node.ts';
import { Turns } from '../text/turns.ts';
import { turning } from './protocol.ts';
import type { NodeJob, OutcomeData, ParamsJob, PortSlice, ViewSlice } from './protocol.ts';
import { listAt, ValueTable } from './values.ts';

/** What a node with its batch is sent as, and the values that its places point into. */
export async function nodeJob(call: Call, { batch }: Ready): Promise<{ job: NodeJob; values: readonly unknown[] }> {
  const { table, turns } = { table: new ValueTable(), turns: new Turns() };
  const inputs: Record<string, ReturnType<ValueTable['put']>> = {};
  for (const [port, items] of Object.entries(batch.inputs)) {
    inputs[port] = table.put(items);
    await turns.taken();
  }
  const { attempt, first, onError, now, zone, turn, back } = batch;
  const job: NodeJob = {
    what: 'node',
    ...(await worldOf(call, batch, { table, turns })),
    batch: {
      attempt,
      first,
      onError,
      now,
      zone,
      inputs,
      ...(turn === undefined ? {} : { turn }),
      ...(back === undefined ? {} : { back: back.map((items) => table.put(items)) }),
    },
  };
  return { job, values: table.added };
}

/** Expressions of a node for items of its batch, as they are sent: of the items only those that are asked for, unless the expressions reach all. */
export async function paramsJob(
  call: Call,
  { batch }: Ready,
  asked: readonly number[],
): Promise<{ job: ParamsJob; values: readonly unknown[] }> {
  const { table, turns } = { table: new ValueTable(), turns: new Turns() };
  const items = batch.inputs[batch.first] ?? [];
  const places = table.put(reachedBy(call.node).input ? items : asked.map((index) => items[index]));
  await turns.taken();
  const world = await worldOf(call, batch, { table, turns });
  return { job: { what: 'params', ...world, count: items.length, asked, items: places }, values: table.added };
}

/** Into what values go that are sent, and how. */
interface Sending {
  readonly table: ValueTable;
  readonly turns: Turns;
}

/** The node and what its expressions see beside its items. */
async function worldOf(
  { view, node, path, carriage }: Call,
  batch: Batch,
  { table, turns }: Sending,
): Promise<Pick<NodeJob, 'node' | 'engine' | 'run' | 'root' | 'path' | 'scope' | 'view'>> {
  const {
    json: _json,
    items: _items,
    itemIndex: _index,
    node: _node,
    random: _random,
    budget: _budget,
    ...scope
  } = batch.scope;
  return {
    node,
    engine: view.plan.engine,
    run: carriage.run,
    root: carriage.state().started?.root ?? carriage.run,
    path,
    scope,
    view: await sliceOf(view, node, path, table, turns),
  };
}

/** Params that are longer are not searched for what they name: everything may be. */
const searchedMost = 32 * 1024;
const reached = new WeakMap<object, Reached>();

/** What a node's expressions reach beside the item that they stand at. */
interface Reached {
  /** The nodes that they name; undefined when that may be any. */
  readonly keys: readonly string[] | undefined;
  /** Whether other items of its own batch are among it. */
  readonly input: boolean;
}

function reachedBy({ params }: PlanNode): Reached {
  const known = reached.get(params);
  if (known) return known;
  const found = isLonger(params, searchedMost) ? undefined : references(params);
  const made = {
    keys: found?.dynamic === false ? found.keys : undefined,
    input: found === undefined || found.roots.includes('$input'),
  };
  reached.set(params, made);
  return made;
}

/** Whether a value's texts are longer than that together. */
function isLonger(value: unknown, most: number): boolean {
  let left = most;
  const open: unknown[] = [value];
  while (open.length > 0 && left >= 0) {
    const one = open.pop();
    if (typeof one === 'string') left -= one.length;
    else if (typeof one === 'object' && one !== null) {
      left -= 8;
      for (const key in one) open.push(Reflect.get(one, key));
    }
  }
  return left < 0;
}

/**
 * As much of the run as the node's expressions can reach. `$('key')` reads the items of a node, and `.item` follows an item's way up to it: so the
 * nodes that are named go with their values, those on the way with how their items were made, and nothing goes where nothing is named.
 */
async function sliceOf(view: View, node: PlanNode, path: string, table: ValueTable, turns: Turns): Promise<ViewSlice> {
  const { plan, start } = view;
  const keys = reachedBy(node).keys ?? Object.keys(plan.nodes);
  const valued = new Set(keys.filter((key) => plan.nodes[key]));
  if (valued.size === 0) return { start, nodes: { [node.key]: bare(node) }, records: [], skipped: [] };
  const nodes = [...above(view, [node.key, ...valued])].map((key) => plan.nodes[key]!);
  const paths = [...pathsAbove(path)];
  const records: ViewSlice['records'][number][] = [];
  for (const { key } of nodes)
    for (const at of paths) {
      const found = view.find(key, at);
      if (!found) continue;
      const out: Record<string, PortSlice> = {};
      for (const [port, output] of Object.entries(found.record.out))
        out[port] = portSlice(view, found.record, output, valued.has(key) ? table : undefined);
      records.push({ key, path: at, seq: found.seq, at: found.at, out });
      await turns.taken();
    }
  const stages = new Set(nodes.map(({ stage }) => stage));
  const skipped = [...stages].flatMap((stage) =>
    paths.filter((at) => view.isSkipped(stage, at)).map((at) => `${stage}@${at}`),
  );
  return { start, nodes: Object.fromEntries(nodes.map((one) => [one.key, bare(one)])), records, skipped };
}

function portSlice(view: View, record: NodeRecord, out: PortOutput, table: ValueTable | undefined): PortSlice {
  const items = itemsOf(view, record, out);
  return {
    count: items.length,
    ...(table ? { values: table.put(items) } : {}),
    ...('pick' in out ? { pick: out.pick, of: out.of } : out.from === undefined ? {} : { from: out.from }),
  };
}

/** A node without its params, which only it reads itself. */
const bare = (node: PlanNode): PlanNode => ({ ...node, params: {} });

/** These nodes and all from which items can have come to them. */
function above({ plan }: View, keys: readonly string[]): Set<string> {
  const found = new Set<string>(keys);
  for (const key of found)
    for (const { from } of plan.nodes[key]?.inputs ?? []) for (const { node } of from) found.add(node);
  return found;
}

/** A path and those around it: items never come from a turn beside. */
function* pathsAbove(path: string): Generator<string> {
  for (let at = path; ; at = outerPath(at)) {
    yield at;
    if (at === '') return;
  }
}

/** What came back, made of the values that this side kept and those that came. */
export function outcomeOf({ out, turn, ...rest }: OutcomeData, values: readonly unknown[]): NodeOutcome {
  return {
    ...rest,
    out: Object.fromEntries(
      Object.entries(out).map(([port, { values: places, count: _count, ...how }]) => [
        port,
        { items: places ? listAt(values, places) : [], ...how },
      ]),
    ),
    ...(turn && { turn: turning(turn, (places) => listAt(values, places)) }),
  };
}
