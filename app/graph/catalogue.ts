import type { Catalogue, NodeCard } from '../../flow/document/card.ts';

/** Finds cards by type and version; the newest without one. */
export function catalogueOf(cards: readonly NodeCard[]): Catalogue {
  const byType = Map.groupBy(cards, ({ type }) => type);
  return (type, version) => {
    const list = byType.get(type);
    if (version !== undefined) return list?.find((card) => card.version === version);
    return list?.reduce((newest, card) => (card.version > newest.version ? card : newest));
  };
}
