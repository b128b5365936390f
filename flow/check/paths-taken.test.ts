import { expect, test } from 'vitest';
import type { NodeCard } from '../document/card.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { check } from './check.ts';

const start = testCards.find(({ type }) => type === 'test.start') as NodeCard;
const catalogue = catalogueOf([...testCards, { ...start, type: 'test.hook', params: {} }]);
const context = {
  taken: [{ type: 'test.hook', path: 'bill/:nr', methods: ['POST', 'PUT'], by: 'Bill' }],
};

test('a path of another workflow is none of this one where it answers to other methods, is longer, or is of another kind of start', () => {
  const taken = (path: string, methods: string[], type = 'test.hook') =>
    check(draw(`a:${type} -> c`, { a: { params: { path, methods } } }), catalogue, context).filter(
      ({ code }) => code === 'path-taken',
    ).length;
  expect(taken('bill/:nr', ['PUT', 'GET'])).toBe(1);
  expect(taken('bill/:nr', ['GET'])).toBe(0);
  expect(taken('bill/:nr/lines', ['POST'])).toBe(0);
  expect(taken('bill/:nr', ['POST'], 'test.start')).toBe(0);
});
