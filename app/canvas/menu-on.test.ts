import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { mayRun } from '../commands/command.ts';
import { commandById } from './commands/editor-commands.ts';
import { select } from './editing.ts';
import { menuOn } from './menu-on.ts';
import { edgeId } from '../graph/selection.ts';
import { deskOver } from './testing/desk.ts';

const drawing = {
  ...draw('hook:start.webhook -> price:data.set'),
  notes: [{ id: 'note-1', text: 'Hello', at: [0, 200] as [number, number] }],
};
const [edge] = drawing.edges;

describe('a menu under the right button offers nothing that is always off', () => {
  test.each([
    ['node', { nodes: new Set(['price']) }],
    ['note', { notes: new Set(['note-1']) }],
    ['edge', { edges: new Set([edge ? edgeId(edge) : '']) }],
    [undefined, {}],
  ] as const)('on %s', (kind, chosen) => {
    const { desk, store } = deskOver(drawing);
    select(store, chosen);
    const off = menuOn(kind)
      .flat()
      .filter((id) => !mayRun(commandById(id), desk));
    // A pin needs something that the node gave.
    expect(off).toEqual(kind === 'node' ? ['node.pin'] : []);
  });
});
