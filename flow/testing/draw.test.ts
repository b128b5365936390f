import { expect, test } from 'vitest';
import { testCards, testCatalogue } from './cards.ts';
import { draw } from './draw.ts';

test('a drawing becomes nodes and edges in its own order', () => {
  const drawn = draw(
    `hook:start.webhook -> price -> big:rules.if   # the way in
     big.true -> tell:test.effect -> reply
     big.false -> reply.in

     lonely`,
    { price: { params: { keep: 'all' } } },
  );
  expect(drawn.nodes).toEqual([
    { key: 'hook', type: 'start.webhook' },
    { key: 'price', type: 'test.pure', params: { keep: 'all' } },
    { key: 'big', type: 'rules.if' },
    { key: 'tell', type: 'test.effect' },
    { key: 'reply', type: 'test.pure' },
    { key: 'lonely', type: 'test.pure' },
  ]);
  expect(drawn.edges).toEqual([
    { from: 'hook', to: 'price' },
    { from: 'price', to: 'big' },
    { from: 'big.true', to: 'tell' },
    { from: 'tell', to: 'reply' },
    { from: 'big.false', to: 'reply.in' },
  ]);
});

test('a port in the middle of a chain is the one that is entered', () => {
  expect(draw('a -> m.in2:test.merge -> b').edges).toEqual([
    { from: 'a', to: 'm.in2' },
    { from: 'm', to: 'b' },
  ]);
});

test.each([
  ['a -> ', 'Cannot read ""'],
  ['a b -> c', 'Cannot read "a b"'],
  ['a:test.all -> b\nb -> a:test.pure', 'gives a two types'],
])('a drawing that cannot be read is refused: %s', (text, message) => {
  expect(() => draw(text)).toThrow(message);
});

test('more of a node that is not in the drawing is refused', () => {
  expect(() => draw('a', { b: {} })).toThrow('no node b');
});

test('the catalogue knows each card by type, newest first, and no others', () => {
  for (const card of testCards) expect(testCatalogue(card.type)).toBe(card);
  expect(testCatalogue('test.pure', 2)).toBeUndefined();
  expect(testCatalogue('test.nothing')).toBeUndefined();
});
