import * as z from 'zod';
import { entryOf } from '../../../flow/contract/node.ts';
import { nodeCard } from '../../../flow/document/card.ts';
import type { NodeCard } from '../../../flow/document/card.ts';
import { catalogueOf } from '../../graph/catalogue.ts';
import written from './cards.json' with { type: 'json' };

/** Some cards as the server sends them, for tests: the app may not import nodes. */
export const cards: readonly NodeCard[] = z.array(nodeCard).parse(written);

export const catalogue = catalogueOf(cards);

/** What the editor opens with when all of them are here. */
export const known = {
  index: [...Map.groupBy(cards, ({ type }) => type).keys()].flatMap((type) => catalogue(type) ?? []).map(entryOf),
  cards,
};

/** A card that the test knows to be there. */
export function card(type: string): NodeCard {
  const found = catalogue(type);
  if (!found) throw new Error(`The test cards lack ${type}.`);
  return found;
}
