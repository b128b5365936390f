import type { NodeEntry } from '../../flow/contract/node.ts';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { remembered } from './remembered.ts';

/**
 * Finds cards by type and version; the newest without one. A type that is only in the index has what its entry tells: enough to draw it and to wire
 * it (`isShort`).
 */
export function catalogueOf(cards: readonly NodeCard[], index: readonly NodeEntry[] = []): Catalogue {
  const byType = Map.groupBy(cards, ({ type }) => type);
  const entries = new Map(index.map((entry) => [entry.type, entry]));
  return (type, version) => {
    const list = byType.get(type);
    const entry = entries.get(type);
    if (!list) return entry && shortCard(entry);
    if (version !== undefined) return list.find((card) => card.version === version);
    return list.reduce((newest, card) => (card.version > newest.version ? card : newest));
  };
}

const short = new WeakSet<NodeCard>();

/** Whether only the entry of a node is here: its form, its checks and its help come with its card. */
export const isShort = (card: NodeCard | undefined): boolean => card !== undefined && short.has(card);

/** The card of a node of which the index is known: the same for as long as the entry is. */
const shortCard = remembered((entry: NodeEntry): NodeCard => {
  const card: NodeCard = {
    ...entry,
    mode: 'all',
    params: {},
    checks: [],
    runOnEmpty: false,
    asTool: false,
    examples: [],
  };
  short.add(card);
  return card;
});

/** The types of documents, each once. */
export const typesOf = (...documents: readonly (Workflow | undefined)[]): string[] => [
  ...new Set(documents.flatMap((document) => document?.nodes.map(({ type }) => type) ?? [])),
];
