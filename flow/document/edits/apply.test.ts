import './rename-texts.ts';
import { expect, test } from 'vitest';
import { draw } from '../../testing/draw.ts';
import { applied } from '../../testing/edited.ts';
import type { Workflow } from '../workflow.ts';
import { apply } from './apply.ts';
import type { Edit } from './edit.ts';

test('an edge that leads nowhere comes back when its going is undone', () => {
  const start: Workflow = { heddle: 1, name: 'Broken', nodes: [], edges: [{ from: 'a', to: 'b' }] };
  const outcome = apply(start, { do: 'disconnect', edge: { from: 'a', to: 'b' } });
  expect('refused' in outcome ? outcome : applied(outcome.document, outcome.undo)).toEqual(start);
});

const orders = draw('hook:test.start -> price -> big:test.two\nbig.a -> tell:test.effect\nbig.b -> reply', {
  tell: { params: { url: "https://x.y/{{ $('price').item.id }}", text: "price {{ $json.price }} 'price'" } },
});

test('renaming a key rewrites every reference, and only references', () => {
  const marked: Workflow = {
    ...orders,
    groups: [{ id: 'g', title: 'price', nodes: ['price', 'big'] }],
    pins: { price: [1] },
    tests: [{ name: 'price', start: 'hook', with: { price: [2] } }],
  };
  const document = applied(marked, { do: 'rename-key', key: 'price', to: 'cost' });
  expect(document.nodes.map(({ key }) => key)).toEqual(['hook', 'cost', 'big', 'tell', 'reply']);
  expect(document.nodes[3]!.params).toEqual({
    url: "https://x.y/{{ $('cost').item.id }}",
    text: "price {{ $json.price }} 'price'",
  });
  expect(document.edges.slice(0, 2)).toEqual([
    { from: 'hook', to: 'cost' },
    { from: 'cost', to: 'big' },
  ]);
  expect(document.groups).toEqual([{ id: 'g', title: 'price', nodes: ['cost', 'big'] }]);
  expect(document.pins).toEqual({ cost: [1] });
  expect(document.tests).toEqual([{ name: 'price', start: 'hook', with: { cost: [2] } }]);
});

test('a node put on an edge takes its place in the order of edges', () => {
  const document = applied(orders, {
    do: 'insert-on-edge',
    edge: { from: 'big.a', to: 'tell' },
    node: { key: 'check', type: 'test.two' },
    output: 'b',
  });
  expect(document.edges.slice(2)).toEqual([
    { from: 'big.a', to: 'check' },
    { from: 'check.b', to: 'tell' },
    { from: 'big.b', to: 'reply' },
  ]);
});

test('what is pasted gets free keys, and refers to itself, not to what it was copied from', () => {
  const document = applied(orders, {
    do: 'paste',
    nodes: [orders.nodes[1]!, orders.nodes[3]!],
    edges: [{ from: 'price', to: 'tell' }],
    by: [10, 10],
  });
  expect(document.nodes.slice(5).map(({ key }) => key)).toEqual(['price_2', 'tell_2']);
  expect(document.nodes[6]!.params!['url']).toBe("https://x.y/{{ $('price_2').item.id }}");
  expect(document.edges.at(-1)).toEqual({ from: 'price_2', to: 'tell_2' });
});

test('removing a node takes its edges, pin and membership along', () => {
  const marked: Workflow = { ...orders, groups: [{ id: 'g', title: '', nodes: ['big'] }], pins: { big: { a: [] } } };
  const document = applied(marked, { do: 'remove-node', key: 'big' });
  expect(document.edges).toEqual([{ from: 'hook', to: 'price' }]);
  expect(document.groups).toEqual([{ id: 'g', title: '', nodes: [] }]);
  expect(document.pins).toBeUndefined();
});

test.each<[Edit, string]>([
  [{ do: 'remove-node', key: 'ghost' }, 'There is no node “ghost”.'],
  [{ do: 'rename-key', key: 'price', to: 'big' }, 'The key “big” is taken.'],
  [{ do: 'connect', edge: { from: 'hook', to: 'price' } }, 'The edge “hook → price” is taken.'],
  [{ do: 'connect', edge: { from: 'hook', to: 'ghost' } }, 'There is no node “ghost”.'],
  [{ do: 'set-note', note: { id: 'n', text: '' } }, 'There is no note “n”.'],
  [{ do: 'reorder-edges', from: 0, to: 9 }, 'There is no such place in the order of edges.'],
])('an edit that does not fit is refused in words: %j', (change, message) => {
  expect(apply(orders, change)).toMatchObject({ refused: { message } });
});

test('a batch is carried out whole or not at all', () => {
  const edits: Edit[] = [
    { do: 'set-name', name: 'New' },
    { do: 'remove-node', key: 'ghost' },
  ];
  expect(apply(orders, { do: 'batch', edits })).toHaveProperty('refused');
  expect(orders.name).toBe('Drawing');
});
