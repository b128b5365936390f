import { expect, test } from 'vitest';
import { panelLimits } from './panel-limits.ts';
import { widthAfter, within } from '../ui/widths.ts';

test.each([
  [1440, undefined, 320],
  [1440, 500, 500],
  [1440, 5_000, 720],
  [1440, 10, 280],
  // An edge that is dragged out of the window.
  [1440, -280, 280],
  [1024, undefined, 300],
  [1024, 720, 620],
  // A width that was chosen on a large screen is there again on it.
  [1920, 720, 720],
])('in a window of %i the node panel that was wanted %o wide is %i', (room, wanted, width) => {
  expect(within(panelLimits(room), room, wanted).width).toBe(width);
});

test('the canvas keeps its room at every width, and the line says how far it goes', () => {
  for (const room of [800, 1024, 1200, 1201, 1440, 2560]) {
    const { most, least } = within(panelLimits(room), room, 9_999);
    expect(room - most, String(room)).toBeGreaterThanOrEqual(404);
    expect(most).toBeGreaterThanOrEqual(least);
  }
});

test('arrows move the line by a step, Home and End to its ends, and other keys are not taken', () => {
  const now = { width: 400, least: 280, most: 720 };
  expect(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Tab'].map((key) => widthAfter(key, now))).toEqual([
    424,
    376,
    280,
    720,
    undefined,
  ]);
});
