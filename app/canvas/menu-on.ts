import type { MenuThing } from '../graph/graph.tsx';

const whole = [
  ['node.add', 'run.one', 'run.up-to-here', 'node.pin'],
  ['node.connect', 'node.disconnect'],
  ['node.rename', 'node.disable'],
  ['selection.copy', 'selection.cut', 'canvas.paste', 'selection.duplicate', 'canvas.note'],
  ['selection.all', 'canvas.tidy'],
  ['node.delete-and-reconnect', 'selection.delete'],
];

const lines: Readonly<Record<MenuThing['kind'], readonly (readonly string[])[]>> = {
  node: whole,
  note: [['selection.copy', 'selection.cut', 'selection.duplicate'], ['selection.delete']],
  edge: [['edge.insert'], ['selection.delete']],
};

/** Where there is nothing: what can be put or done there. */
const nowhere = [
  ['node.add', 'canvas.paste', 'canvas.note'],
  ['selection.all', 'canvas.tidy', 'view.fit'],
];

/** The commands of the menu under the right button, in groups: on a thing, or without one on the bare canvas. */
export const menuOn = (on: MenuThing['kind'] | undefined): readonly (readonly string[])[] => (on ? lines[on] : nowhere);
