import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { NodePin, OfferedNode } from './source.ts';

/** What a workspace may use at one moment: it stays as it is while a document is checked and compiled against it. */
export interface WorkspaceNodes {
  /** Every version of every node, in the order of the palette. */
  readonly cards: readonly NodeCard[];
  /** The names of all types, for who misspelt one. */
  readonly types: readonly string[];
  /** The card of a type; without a version of the newest. */
  readonly catalogue: Catalogue;
  /** The same with what carries it out. */
  readonly find: (type: string, version?: number) => OfferedNode | undefined;
}

/** Whether this is what a plan pinned, to its very content. */
export const isPinned = (found: OfferedNode | undefined, { type, version, content }: NodePin): boolean =>
  found?.card.type === type && found.card.version === version && found.card.content === content;

/** Puts together what sources offer. A type belongs to the first source that has it: nobody's own node takes the place of another. */
export function workspaceNodes(lists: readonly (readonly OfferedNode[])[]): WorkspaceNodes {
  const byType = new Map<string, OfferedNode[]>();
  for (const list of lists)
    for (const [type, versions] of Map.groupBy(list, ({ card }) => card.type))
      if (!byType.has(type)) byType.set(type, versions);
  const find: WorkspaceNodes['find'] = (type, version) => {
    const versions = byType.get(type) ?? [];
    if (version !== undefined) return versions.find(({ card }) => card.version === version);
    return versions.reduce<OfferedNode | undefined>(
      (newest, one) => (newest && newest.card.version >= one.card.version ? newest : one),
      undefined,
    );
  };
  return {
    cards: lists.flatMap((list) =>
      list.filter((one) => byType.get(one.card.type)?.includes(one)).map(({ card }) => card),
    ),
    types: [...byType.keys()],
    catalogue: (type, version) => find(type, version)?.card,
    find,
  };
}
