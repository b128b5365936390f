import { splitEnd } from '../ports.ts';
import type { Edge, Workflow } from '../workflow.ts';
import type { Edit } from './edit.ts';

/** Whether an edge begins or ends at a key. */
export const touches = ({ from, to }: Edge, key: string): boolean =>
  splitEnd(from).key === key || splitEnd(to).key === key;

/** Edits that bring back whatever names a key, be there a node with it or not: a hand-written document may name what it lacks. */
export function tracesOf({ edges, groups = [], pins = {} }: Workflow, key: string): Edit[] {
  const pin = Object.hasOwn(pins, key) ? pins[key] : undefined;
  return [
    ...(edges.some((edge) => touches(edge, key)) ? [{ do: 'replace-edges' as const, edges }] : []),
    ...groups.filter(({ nodes }) => nodes.includes(key)).map((group) => ({ do: 'set-group' as const, group })),
    ...(pin === undefined ? [] : [{ do: 'set-pin' as const, key, pinned: pin }]),
  ];
}

/** Several edits as one. */
export const together = (edits: Edit[]): Edit => (edits.length === 1 ? edits[0]! : { do: 'batch', edits });
