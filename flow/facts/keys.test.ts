import { expect, test } from 'vitest';
import { seededNumbers, seededRandom } from './keys.ts';

test('random numbers of a seed are the same for ever, and can be gone on with from any place', () => {
  const random = seededRandom('run_1//node');
  const drawn = Array.from({ length: 1_000 }, () => random());
  // As drawn before they had places: stored runs are replayed with them.
  expect(drawn.slice(0, 3)).toEqual([0.9800561072770506, 0.5070130755193532, 0.07507745525799692]);
  const numberAt = seededNumbers('run_1//node');
  expect([0, 1, 2, 500, 999].map(numberAt)).toEqual([0, 1, 2, 500, 999].map((place) => drawn[place]));
});
