import { useEffect, useSyncExternalStore } from 'react';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Node } from '../../flow/document/workflow.ts';

/** Says in one line what a node's params say. */
export type LineOf = (card: NodeCard, node: Node) => string;

/** The line of a card while nothing can work one out. */
export const summaryOf: LineOf = ({ summary }) => summary;

const listeners = new Set<() => void>();
let lineOf: LineOf = summaryOf;
let asked: Promise<void> | undefined;

/** Lines are expressions: an empty canvas does without the 150 kB that work them out, the first card asks for them. */
async function ask(): Promise<void> {
  try {
    const loaded = await import('./card-line.ts');
    lineOf = kept(loaded.lineOf);
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
export function useLineOf(hasCards: boolean): LineOf {
  useEffect(() => {
    if (hasCards) asked ??= ask();
  }, [hasCards]);
  return useSyncExternalStore(subscribe, () => lineOf);
}
