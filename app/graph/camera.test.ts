import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calmView, leastCalm, leastWhole, nudge } from './camera.ts';
import type { Area } from './camera.ts';

const room: Area = { left: 44, top: 44, right: 844, bottom: 644 };
const card = (left: number, top: number): Area => ({ left, top, right: left + 176, bottom: top + 52 });

describe('the camera', () => {
  test.each([
    ['a card that is seen whole stays where it is', card(300, 300), [0, 0]],
    ['half under the right edge: to the left', card(760, 300), [-108, 0]],
    ['half over the left edge: to the right', card(0, 300), [60, 0]],
    ['above: down', card(300, 0), [0, 60]],
    ['its foot under the lower edge: up', card(300, 580), [0, -20]],
    ['in a corner: both ways', card(760, 0), [-108, 60]],
    ['larger than the room: its top left', { left: 100, top: 300, right: 1_100, bottom: 352 }, [-40, 0]],
  ])('%s', (_, box, by) => {
    expect(nudge(room, box)).toEqual(by);
  });

  test('after it moved once, nothing moves any more', () => {
    const place = fc.integer({ min: -3_000, max: 3_000 });
    const length = fc.integer({ min: 1, max: 1_500 });
    fc.assert(
      fc.property(place, place, length, length, (left, top, width, height) => {
        const box = { left, top, right: left + width, bottom: top + height };
        const [dx, dy] = nudge(room, box);
        const moved = { left: left + dx, top: top + dy, right: box.right + dx, bottom: box.bottom + dy };
        const [again, over] = nudge(room, moved);
        expect([Math.abs(again), Math.abs(over)]).toEqual([0, 0]);
      }),
    );
  });
});

describe('what is shown unasked', () => {
  const row = (many: number) =>
    Array.from({ length: many }, (_, at): Area => ({ left: at * 240, top: 0, right: at * 240 + 176, bottom: 52 }));

  test('a graph that fits is shown whole and in the middle', () => {
    const { x, y, zoom } = calmView(row(3), 1_200, 800);
    expect(zoom).toBe(1);
    expect([x + 328, y + 26]).toEqual([600, 400]);
  });

  test('a larger one is never shown smaller than it can be read, but from its beginning', () => {
    const { x, y, zoom } = calmView(row(11), 1_200, 800);
    expect(zoom).toBe(leastCalm);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(100);
    expect(y + 26 * zoom).toBe(400);
  });

  test('one that fits a little smaller is not cut at both ends: a run of five nodes beside its panels', () => {
    const { x, zoom } = calmView(row(5), 786, 480);
    expect(zoom).toBeGreaterThanOrEqual(leastWhole);
    expect(x).toBeGreaterThanOrEqual(24);
    expect(x + (4 * 240 + 176) * zoom).toBeLessThanOrEqual(786 - 24);
  });

  test('whatever the graph and the room: never unreadable, whole and in the middle where that can be, else begun at its left', () => {
    const many = fc.integer({ min: 1, max: 30 });
    const size = fc.integer({ min: 300, max: 2_400 });
    fc.assert(
      fc.property(many, size, size, (cards, width, height) => {
        const boxes = row(cards);
        const wide = (cards - 1) * 240 + 176;
        const { x, zoom } = calmView(boxes, width, height);
        expect(zoom).toBeGreaterThanOrEqual(leastWhole);
        expect(zoom).toBeLessThanOrEqual(1);
        const end = x + wide * zoom;
        if (wide * leastWhole <= width - 48) expect(x + end).toBeCloseTo(width, 6);
        else expect([x > 0, x < 48, zoom]).toEqual([true, true, leastCalm]);
        if (wide * leastWhole <= width - 48) expect(x).toBeGreaterThanOrEqual(23.9);
      }),
    );
  });
});
