import { arrival, deliveredBy, itemsOf, nearest, nodeOf } from './items.ts';
import type { View } from './items.ts';
import type { NodeRecord, PortOutput } from './events.ts';

/** An item in the list that a port received, counted over all input ports of the node in order. */
interface Place {
  readonly node: string;
  readonly path: string;
  readonly index: number;
}

/**
 * The single item of node `target` that an item came from (E25): followed back through recorded parents. A target that
 * delivered one item only is that item's ancestor whatever happened between. Undefined when there is no single ancestor.
 */
export function ancestor(view: View, place: Place, target: string): { readonly item: unknown } | undefined {
  const record = nearest(view, target, place.path);
  if (!record) return undefined;
  const all = deliveredBy(view, record);
  if (all.length === 1) return { item: all[0] };
  // Each step goes one node up; a graph has no forward cycle, and loops are left through `done`, where lineage ends.
  for (let at: Place | undefined = place; at !== undefined;) {
    const source = sourceOf(view, at);
    if (!source) return undefined;
    if (source.record.key === target) return { item: itemsOf(view, source.record, source.out)[source.index] };
    at = parentOf(view, source);
  }
  return undefined;
}

interface Source {
  readonly record: NodeRecord;
  readonly out: PortOutput;
  readonly index: number;
}

/** The delivery, upstream, that holds an input item. */
function sourceOf(view: View, { node, path, index }: Place): Source | undefined {
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

/** The input item of a node that one of its output items was made from. */
function parentOf(view: View, { record, out, index }: Source): Place | undefined {
  const place = (parent: number | undefined): Place | undefined =>
    parent === undefined ? undefined : { node: record.key, path: record.path, index: parent };
  if ('pick' in out) return place(out.pick === 'all' ? index : out.pick[index]);
  if (out.from === undefined) return isOneToOne(view, record, out) ? place(index) : undefined;
  const parent = out.from[index];
  if (typeof parent === 'number') return place(parent);
  return parent?.length === 1 ? place(parent[0]) : undefined;
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
