import { expect, test } from 'vitest';
import { cardsText, keptCards } from './keep-cards.ts';

test('the app is tested with the cards that there are (node scripts/with-node.js scripts/keep-cards.ts writes them anew)', () => {
  expect(JSON.parse(keptCards())).toEqual(JSON.parse(cardsText()));
});
