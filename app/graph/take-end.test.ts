import { afterEach, expect, test, vi } from 'vitest';
import type { MouseEvent, TouchEvent } from 'react';
import { takeAnchor, takeEnd } from './take-end.ts';

afterEach(() => void vi.unstubAllGlobals());

const edge = { id: 'a→b', source: 'a', target: 'b', targetHandle: 'in' };

/** A page with the anchor of that edge: what was pressed on it, and how. */
function page() {
  class Part {
    readonly pressed: unknown[] = [];
    querySelector = () => this;
    closest = () => this;
    dispatchEvent = (event: unknown) => this.pressed.push(event);
  }
  const anchor = new Part();
  vi.stubGlobal('Element', Part);
  vi.stubGlobal('CSS', { escape: String });
  vi.stubGlobal('document', { querySelector: () => anchor });
  vi.stubGlobal('window', {
    MouseEvent: class {
      constructor(type: string, { clientX, clientY }: MouseEventInit) {
        Object.assign(this, { type, at: [clientX, clientY] });
      }
    },
  });
  return anchor;
}

const stopPropagation = vi.fn<() => void>();
const fingers = (...places: [number, number][]) => {
  const touches = places.map(([clientX, clientY]) => ({ clientX, clientY }));
  return { touches, stopPropagation } as unknown as TouchEvent;
};
const mouse = (button: number) => ({ clientX: 5, clientY: 6, button, stopPropagation }) as unknown as MouseEvent;

test('a finger on an input with an edge began a new edge: it takes the end of the edge, as a mouse does', () => {
  const anchor = page();
  takeEnd(fingers([5, 6]), [edge], { key: 'b', port: 'in' });
  takeEnd(mouse(0), [edge], { key: 'b', port: 'in' });
  expect(anchor.pressed).toMatchObject([
    { type: 'mousedown', at: [5, 6] },
    { type: 'mousedown', at: [5, 6] },
  ]);
  expect(stopPropagation).toHaveBeenCalledTimes(2);
});

test('a finger on the end of an edge takes it too; two fingers zoom, and the second button asks for a menu', () => {
  const anchor = page();
  const finger = Object.assign(fingers([1, 2]), { target: anchor });
  takeAnchor(finger);
  expect(anchor.pressed).toMatchObject([{ type: 'mousedown', at: [1, 2] }]);
  takeEnd(fingers([5, 6], [9, 9]), [edge], { key: 'b', port: 'in' });
  takeEnd(mouse(2), [edge], { key: 'b', port: 'in' });
  takeEnd(fingers([5, 6]), [edge], { key: 'b', port: 'other' });
  takeEnd(fingers([5, 6]), [edge, { ...edge, id: 'c→b', source: 'c' }], { key: 'b', port: 'in' });
  expect(anchor.pressed).toHaveLength(1);
});
