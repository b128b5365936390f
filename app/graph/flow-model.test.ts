import { expect, test } from 'vitest';
import { found } from '../../flow/check/codes.ts';
import { draw } from '../../flow/testing/draw.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { canvasEdges, canvasNodes } from './flow-model.ts';
import type { Scene } from './flow-model.ts';
import { nothing } from './selection.ts';

const document = draw(
  'go:start.manual -> loop.in:control.loop\nloop.each -> send:connect.http-request -> loop.next\nloop.done -> send',
);
const scene: Scene = {
  document,
  catalogue,
  selection: nothing,
  issues: new Map(),
  picture: undefined,
  isReadOnly: false,
};

test('two edges of one Loop were called the same to a screen reader: they name their ports', () => {
  expect(canvasEdges(scene).map(({ ariaLabel }) => ariaLabel)).toEqual([
    'From Start by hand to Loop (in)',
    'From Loop (each) to HTTP request',
    'From HTTP request to Loop (next)',
    'From Loop (done) to HTTP request',
  ]);
});

test('a card says how its node stands in the run that is shown, and what is wrong with it', () => {
  const open = found('loop-open', { node: 'loop' }, 'Nothing comes back into Loop.', 'Connect it.');
  const nodes = new Map([['loop', { mark: 'ok' as const, foot: '5 done', attempts: 1 }]]);
  const shown = { ...scene, picture: { nodes, edges: new Map() } } as Scene;
  const loopIn = (one: Scene) => canvasNodes(one).find(({ id }) => id === 'loop');
  for (const known of [{ issues: new Map([['loop', [open]]]) }, { quiet: new Map([['loop', [open]]]) }])
    expect(loopIn({ ...shown, ...known })?.ariaLabel).toMatch(/finished, 5 done, Nothing comes back into Loop\./);
});
