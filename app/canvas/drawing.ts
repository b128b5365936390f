import { useSyncExternalStore } from 'react';
import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, outputPorts } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { joint, waysOf } from './connect.ts';
import type { End } from './connect.ts';

/** The side of a card on which a port is drawn. */
export type Side = 'in' | 'out';

const nameOf = (side: Side, { key, port }: End): string => `${side} ${key}.${port}`;

let open: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function tell(next: ReadonlySet<string>): void {
  open = next;
  for (const listener of listeners) listener();
}

/** An edge is being drawn from a port: those that take it show it, worked out once and not at every move. */
export function beginDrawing(document: Workflow, catalogue: Catalogue, from: End, side: Side): void {
  tell(openEnds(document, catalogue, from, side));
}

/** The edge was let go. */
export const endDrawing = (): void => tell(new Set());

/** Every port that an edge from this one may lead to, or come from. */
export function openEnds(document: Workflow, catalogue: Catalogue, from: End, side: Side): ReadonlySet<string> {
  const ways = waysOf(document, catalogue);
  const judge = (source: End, target: End) => joint(document, catalogue, source, target, ways);
  const far: Side = side === 'out' ? 'in' : 'out';
  const names = document.nodes.flatMap((node) => {
    const card = catalogue(node.type, node.version);
    const ports = card ? (far === 'in' ? inputPorts : outputPorts)(card, node) : [];
    return ports
      .map(({ name }): End => ({ key: node.key, port: name }))
      .filter((end) => 'edge' in (far === 'in' ? judge(from, end) : judge(end, from)))
      .map((end) => nameOf(far, end));
  });
  return new Set(names);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether the edge that is being drawn may end at this port. */
export function useIsOpen(side: Side, end: End): boolean {
  const name = nameOf(side, end);
  return useSyncExternalStore(subscribe, () => open.has(name));
}
