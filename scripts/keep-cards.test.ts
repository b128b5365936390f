import { expect, test } from 'vitest';
import { cardsText, keptCards } from './keep-cards.ts';

test('the app is tested with the cards that there are (npm run docs:nodes writes them anew)', () => {
  expect(JSON.parse(keptCards())).toEqual(JSON.parse(cardsText()));
});
