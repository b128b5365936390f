import { expect, test } from 'vitest';
import type { CanvasNode } from './flow-model.ts';
import { gestureProps } from './graph.tsx';
import type { Gestures } from './graph.tsx';

const card = { id: 'price', type: 'card', position: { x: 16, y: 32 } } as CanvasNode;

/** Gestures that write down which was made. */
function listening() {
  const made: unknown[] = [];
  const gestures = new Proxy({} as Gestures, {
    get:
      (_, name) =>
      (...told: unknown[]) =>
        made.push([name, ...told]),
  });
  return { made, props: gestureProps(gestures, undefined, { tell: () => {}, hold: () => {}, release: () => {} }) };
}

test('what was chosen together by a frame is copied with Alt held, like a single node, and moved without', () => {
  const { made, props } = listening();
  props.onSelectionDragStop({ altKey: true }, [card]);
  props.onSelectionDragStop({ altKey: false }, [card]);
  const places = new Map([['price', [16, 32]]]);
  expect(made).toEqual([
    ['copyTo', places],
    ['move', places],
  ]);
});

test('the frame around what was chosen together has the menu of its nodes', () => {
  const { made, props } = listening();
  const press = { clientX: 5, clientY: 6, target: null, preventDefault: () => {} };
  props.onSelectionContextMenu(press, [card]);
  expect(made).toEqual([['menu', { x: 5, y: 6 }, { kind: 'node', id: 'price' }]]);
});
