import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { useCalledWorkflows } from './called-workflows.ts';

/** Says in one line what a node's params say. */
export type LineOf = (card: NodeCard, node: Node) => string;

/** The line of a card while nothing can work one out. */
export const summaryOf: LineOf = ({ summary }) => summary;

const listeners = new Set<() => void>();
let make: ((workflows?: readonly KnownWorkflow[]) => LineOf) | undefined;
let asked: Promise<void> | undefined;

/** Lines are expressions: an empty canvas does without the 150 kB that work them out, the first card asks for them. */
async function ask(): Promise<void> {
  try {
    const loaded = await import('./card-line.ts');
    make = (workflows) => kept((card, node) => loaded.lineOf(card, node, workflows));
    for (const listener of listeners) listener();
  } catch {
    asked = undefined;
  }
}

/** Nodes are never changed, only replaced: what was worked out for one holds for as long as it is there. */
function kept(work: LineOf): LineOf {
  const lines = new WeakMap<Node, { card: NodeCard; line: string }>();
  return (card, node) => {
    const known = lines.get(node);
    if (known?.card === card) return known.line;
    const line = work(card, node);
    lines.set(node, { card, line });
    return line;
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The lines of cards: summaries at first, what the params say once there are cards and the expressions are loaded. */
export function useLineOf(document: Workflow): LineOf {
  const hasCards = document.nodes.length > 0;
  useEffect(() => {
    if (hasCards) asked ??= ask();
  }, [hasCards]);
  const workflows = useCalledWorkflows(document);
  const made = useSyncExternalStore(subscribe, () => make);
  return useMemo(() => made?.(workflows) ?? summaryOf, [made, workflows]);
}
