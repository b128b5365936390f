import type { PlanInput } from '../compile/plan.ts';
import { arrival, itemsOf, nearest, nodeOf, portArrival } from './items.ts';
import type { View } from './items.ts';
import type { NodeRecord, PortOutput } from './fact.ts';

/** An item in the list that a port received, counted over all input ports of the node in order. */
interface ItemPosition {
  readonly node: string;
  readonly path: string;
  readonly index: number;
}

/**
 * The single item of node `target` that an item came from (E25): followed back through recorded parents. A target that
 * delivered one item only is that item's ancestor whatever happened between. Undefined when there is no single ancestor.
 */
export function ancestor(view: View, place: ItemPosition, target: string): { readonly item: unknown } | undefined {
  const record = nearest(view, target, place.path);
  if (!record) return undefined;
  const lists = Object.values(record.out).map((out) => itemsOf(view, record, out));
  if (countOf(lists) === 1) return { item: lists.find((items) => items.length === 1)?.[0] };
  const source = sourceAt(view, place, target, new Map());
  return source && { item: itemsOf(view, source.record, source.out)[source.index] };
}

/**
 * The one delivery of the target that a place leads back to. Each step goes one node up; a graph has no forward cycle, and loops are left
 * through `done`, where lineage ends. An item made of several has an ancestor when all of them lead to the same one; what is known of a
 * place is kept, because branches that part and meet again would otherwise double the way each time.
 */
function sourceAt(
  view: View,
  place: ItemPosition,
  target: string,
  known: Map<string, Source | undefined>,
): Source | undefined {
  const name = `${place.node}@${place.path}#${place.index}`;
  if (known.has(name)) return known.get(name);
  const source = sourceOf(view, place);
  const found = source?.record.key === target ? source : source && common(view, source, target, known);
  known.set(name, found);
  return found;
}

function common(
  view: View,
  source: Source,
  target: string,
  known: Map<string, Source | undefined>,
): Source | undefined {
  let only: Source | undefined;
  for (const parent of parentsOf(view, source)) {
    const found = sourceAt(view, parent, target, known);
    if (!found || (only && (found.out !== only.out || found.index !== only.index))) return undefined;
    only = found;
  }
  return only;
}

interface Source {
  readonly record: NodeRecord;
  readonly out: PortOutput;
  readonly index: number;
}

/** The delivery, upstream, that holds an input item. */
function sourceOf(view: View, { node, path, index }: ItemPosition): Source | undefined {
  let left = index;
  for (const input of nodeOf(view.plan, node).inputs) {
    if (input.back) continue;
    for (const from of input.from) {
      const got = arrival(view, from, path);
      if (typeof got !== 'object') continue;
      if (left >= got.items.length) {
        left -= got.items.length;
        continue;
      }
      const record = nearest(view, from.node, path);
      const out = record?.out[from.port];
      return record && out ? { record, out, index: left } : undefined;
    }
  }
  return undefined;
}

/** The input items of a node that one of its output items was made from. */
function parentsOf(view: View, { record, out, index }: Source): ItemPosition[] {
  const place = (parent: number): ItemPosition => ({ node: record.key, path: record.path, index: parent });
  if ('pick' in out) {
    const picked = out.pick === 'all' ? index : out.pick[index];
    return picked === undefined ? [] : [place(startOf(view, record, out.of) + picked)];
  }
  if (out.from === undefined) return isOneToOne(view, record, out) ? [place(index)] : [];
  const parents = out.from[index] ?? [];
  return (typeof parents === 'number' ? [parents] : parents).map(place);
}

/** Where the items of a port begin among those of all input ports. Each item asks: lists are counted, never joined. */
function startOf(view: View, record: NodeRecord, port: string): number {
  const inputs = nodeOf(view.plan, record.key).inputs.filter((input) => !input.back);
  const at = inputs.findIndex((input) => input.port === port);
  return inputs.slice(0, Math.max(0, at)).reduce((sum, input) => sum + receivedAt(view, input, record.path), 0);
}

/** How many items a port received. */
function receivedAt(view: View, input: PlanInput, path: string): number {
  if (input.take === 'all') return arrivedBy(view, input, path);
  const got = portArrival(view, input, path);
  return typeof got === 'object' ? got.items.length : 0;
}

/** How many items came over the edges to a port, whichever of them it takes. */
const arrivedBy = (view: View, { from }: PlanInput, path: string): number =>
  from.reduce((sum, edge) => {
    const got = arrival(view, edge, path);
    return sum + (typeof got === 'object' ? got.items.length : 0);
  }, 0);

const countOf = (lists: readonly (readonly unknown[])[]): number => lists.reduce((sum, { length }) => sum + length, 0);

const isOneToOne = (view: View, record: NodeRecord, out: PortOutput) => {
  const inputs = nodeOf(view.plan, record.key).inputs.filter((input) => !input.back);
  return inputs.length === 1 && arrivedBy(view, inputs[0]!, record.path) === itemsOf(view, record, out).length;
};
