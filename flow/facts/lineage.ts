import { arrival, deliveredBy, inputsOf, itemsOf, nearest, nodeOf } from './items.ts';
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
  const all = deliveredBy(view, record);
  if (all.length === 1) return { item: all[0] };
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

/** Where the items of a port begin among those of all input ports. */
function startOf(view: View, record: NodeRecord, port: string): number {
  const inputs = Object.entries(inputsOf(view, record.key, record.path));
  const before = inputs.slice(
    0,
    Math.max(
      0,
      inputs.findIndex(([name]) => name === port),
    ),
  );
  return before.reduce((sum, [, items]) => sum + items.length, 0);
}

const isOneToOne = (view: View, record: NodeRecord, out: PortOutput) => {
  const inputs = nodeOf(view.plan, record.key).inputs.filter((input) => !input.back);
  if (inputs.length !== 1) return false;
  const received = inputs[0]!.from.reduce((sum, from) => {
    const got = arrival(view, from, record.path);
    return sum + (typeof got === 'object' ? got.items.length : 0);
  }, 0);
  return received === itemsOf(view, record, out).length;
};
