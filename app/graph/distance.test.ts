import { expect, test } from 'vitest';
import { distanceAt } from './distance.ts';

test.each([
  [2, 'near'],
  [0.5, 'near'],
  [0.49, 'middle'],
  [0.25, 'middle'],
  [0.24, 'far'],
  [0.1, 'far'],
])('at a zoom of %d the canvas is seen from %s', (zoom, distance) => {
  expect(distanceAt(zoom)).toBe(distance);
});
