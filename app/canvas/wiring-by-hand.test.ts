import '../../flow/document/edits/rename-texts.ts';
import { describe, expect, test } from 'vitest';
import { apply } from '../../flow/document/edits/apply.ts';
import { draw } from '../../flow/testing/draw.ts';
import { nearestOn } from './commands/walk-commands.ts';
import { addition, splicing } from './add-node.ts';
import { joint, jointWith } from './connect.ts';
import { openEnds } from './drawing.ts';
import { isAtHand } from '../graph/node-icon.tsx';
import { heldLinks, openLinks } from './link-choices.ts';
import { card, cards, catalogue } from './testing/cards.ts';

const orders = draw(
  `hook:start.webhook -> price:data.set -> big:rules.if
   big.true -> tell:connect.http-request
   spare:data.sort`,
);

describe('two nodes that are there are connected from a list', () => {
  const told = (key: string) =>
    openLinks(orders, catalogue, key).map(({ edge, says }) => `${edge.from}>${edge.to} ${says}`);

  test('which has each output with each input that takes it, and nothing that goes round or is there already', () => {
    expect(told('big').toSorted()).toEqual([
      'big.false>spare false → input',
      'big.false>tell false → input',
      'big>spare true → input',
    ]);
    expect(told('tell')).toEqual(['tell>spare output → input']);
    expect(told('hook').some((line) => line.includes('>price'))).toBe(false);
  });

  test('and parted from a list of what they hold', () => {
    expect(heldLinks(orders, catalogue, 'big').map(({ far, says }) => `${far.key}: ${says}`)).toEqual([
      'tell: true → input',
      'price: comes from output → input',
    ]);
    expect(heldLinks(orders, catalogue, 'spare')).toEqual([]);
  });
});

test('while an edge is drawn, the ports that take it are those that the judge lets pass', () => {
  const into = openEnds(orders, catalogue, { key: 'big', port: 'false' }, 'out');
  expect([...into].toSorted()).toEqual(['in spare.in', 'in tell.in']);
  const outOf = openEnds(orders, catalogue, { key: 'price', port: 'in' }, 'in');
  expect([...outOf].toSorted()).toEqual(['out spare.out']);
});

test('an edge drawn from an input onto another input said that “Code gives nothing”: it finds an output, or says what is true', () => {
  const told = (here: string, side: 'in' | 'out', key: string, port = side === 'in' ? 'in' : 'out') => {
    const made = jointWith(orders, catalogue, { key: here, port }, side, key);
    return 'no' in made ? made.no : `${made.edge.from}>${made.edge.to}`;
  };
  expect(told('spare', 'in', 'price')).toBe('price>spare');
  // The first output that leads nowhere yet.
  expect(told('spare', 'in', 'big')).toBe('big.false>spare');
  expect(told('price', 'out', 'tell')).toBe('price>tell');
  // The first input that nothing leads to yet: the second edge onto a Merge went to the same one.
  const joined = draw('hook:start.webhook -> a:data.set -> both:control.merge\nhook -> b:data.sort');
  expect(jointWith(joined, catalogue, { key: 'b', port: 'out' }, 'out', 'both')).toEqual({
    edge: { from: 'b', to: 'both.in2' },
  });
  expect(told('hook', 'in', 'big')).toBe('Webhook takes no input: it starts a run.');
  expect(told('price', 'in', 'tell')).toMatch(/^That would go round in a circle/);
  const ended = draw('hook:start.webhook -> stop:control.stop\nprice:data.set');
  expect(jointWith(ended, catalogue, { key: 'price', port: 'in' }, 'in', 'stop')).toEqual({
    no: 'Stop has no output.',
  });
  expect(joint(orders, catalogue, { key: 'price', port: 'in' }, { key: 'spare', port: '' })).toEqual({
    no: 'Set fields has no port in on that side.',
  });
});

test('a node of the palette stands where it was dropped on an edge, as far as the room allows', () => {
  const wide = {
    ...orders,
    nodes: orders.nodes.map((node, index): typeof node => ({ ...node, at: [index * 640, index === 1 ? 480 : 0] })),
  };
  const { key, edit } = addition(wide, catalogue, card('data.sort'), { edge: wide.edges[0]!, at: [440, 320] });
  const outcome = apply(wide, edit);
  const node = 'document' in outcome ? outcome.document.nodes.find((one) => one.key === key) : undefined;
  expect(node?.at).toEqual([352, 288]);
});

test('a node that hangs loose goes into an edge; one that is wired, or starts runs, does not', () => {
  const edge = orders.edges[0]!;
  const edits = splicing(orders, catalogue, 'spare', edge, [0, 0]);
  const outcome = edits && apply(orders, { do: 'batch', edits });
  expect(outcome && 'document' in outcome && outcome.document.edges.map(({ from, to }) => `${from}>${to}`)).toEqual(
    expect.arrayContaining(['hook>spare', 'spare>price']),
  );
  expect(splicing(orders, catalogue, 'tell', edge, [0, 0])).toBeUndefined();
  const twoStarts = draw('hook:start.webhook -> price:data.set\nother:start.manual');
  expect(splicing(twoStarts, catalogue, 'other', twoStarts.edges[0]!, [0, 0])).toBeUndefined();
});

test('arrows go to what lies nearest in their direction, along the row before across it', () => {
  const places = new Map<string, readonly [number, number]>([
    ['here', [0, 0]],
    ['right', [240, 16]],
    ['below', [0, 120]],
    ['far', [260, 400]],
  ]);
  expect(['right', 'down', 'left'].map((way) => nearestOn(places, 'here', way as 'right'))).toEqual([
    'right',
    'below',
    undefined,
  ]);
  expect(nearestOn(places, 'below', 'up')).toBe('here');
});

test('the picture of every shipped node is at hand', () => {
  expect(cards.filter(({ icon }) => !isAtHand(icon)).map(({ type, icon }) => `${type} ${icon}`)).toEqual([]);
});
