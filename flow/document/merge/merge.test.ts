import '../edits/rename-texts.ts';
import { expect, test } from 'vitest';
import { draw } from '../../testing/draw.ts';
import { edited } from '../../testing/edited.ts';
import type { Edit } from '../edits/edit.ts';
import { merge } from './merge.ts';

const base = draw('hook:start.webhook -> price', { price: { params: { url: 'a', method: 'GET' } } });
const params = (key: string, value: Record<string, unknown>): Edit => ({ do: 'set-params', key, params: value });

test('two fields of one node are both kept; one field that both wrote is a clash with both sides', () => {
  const ours = edited(base, [params('price', { url: 'b', method: 'GET' })]);
  const theirs = edited(base, [params('price', { url: 'c', method: 'PUT' })]);
  const { document, open } = merge({ base, ours, theirs });
  expect(open).toEqual([
    { id: 'node:price.params.url', node: 'price', path: ['params', 'url'], ours: 'b', theirs: 'c' },
  ]);
  expect(document.nodes[1]?.params).toEqual({ url: 'c', method: 'PUT' });
  const settled = merge({ base, ours, theirs }, { 'node:price.params.url': 'ours' });
  expect(settled.document.nodes[1]?.params).toEqual({ url: 'b', method: 'PUT' });
});

test('a node that one took away and the other wired on is asked for; whoever wins, no edge hangs in the air', () => {
  const ours = edited(base, [
    { do: 'add-node', node: { key: 'tell', type: 'test.effect' } },
    { do: 'connect', edge: { from: 'price', to: 'tell' } },
  ]);
  const theirs = edited(base, [{ do: 'remove-node', key: 'price' }]);
  const { document, open } = merge({ base, ours, theirs });
  expect(open).toMatchObject([{ id: 'node:price', path: [], theirs: undefined }]);
  expect([document.nodes.map(({ key }) => key), document.edges]).toEqual([['hook', 'tell'], []]);
  const kept = merge({ base, ours, theirs }, { 'node:price': 'ours' }).document;
  expect(kept.edges).toEqual(ours.edges);
});

test('two people who each add a node of one kind keep both: ours takes a fresh key, with what refers to it', () => {
  const add = (title: string, from: string): Edit[] => [
    { do: 'add-node', node: { key: 'set', type: 'data.set', title } },
    { do: 'add-node', node: { key: from, type: 'test.effect', params: { text: "{{ $('set').item.id }}" } } },
    { do: 'connect', edge: { from: 'price', to: 'set' } },
  ];
  const ours = edited(base, add('Mine', 'my_end'));
  const theirs = edited(base, add('Theirs', 'your_end'));
  const { document, clashes } = merge({ base, ours, theirs });
  expect(clashes).toEqual([]);
  const by = new Map(document.nodes.map((node) => [node.key, node]));
  expect([by.get('set')?.title, by.get('set_2')?.title]).toEqual(['Theirs', 'Mine']);
  expect(by.get('my_end')?.params).toEqual({ text: "{{ $('set_2').item.id }}" });
  expect(by.get('your_end')?.params).toEqual({ text: "{{ $('set').item.id }}" });
  expect(document.edges).toContainEqual({ from: 'price', to: 'set_2' });
});

test('a key that one renamed is renamed in what the other wrote meanwhile', () => {
  const ours = edited(base, [{ do: 'rename-key', key: 'price', to: 'cost' }]);
  const theirs = edited(base, [
    params('price', { url: 'c', method: 'GET' }),
    { do: 'add-node', node: { key: 'tell', type: 'test.effect', params: { text: "{{ $('price').item.id }}" } } },
  ]);
  for (const three of [
    { base, ours, theirs },
    { base, ours: theirs, theirs: ours },
  ]) {
    const { document, clashes } = merge(three);
    expect(clashes).toEqual([]);
    expect(document.nodes).toMatchObject([{ key: 'hook' }, { key: 'cost', params: { url: 'c' } }, { key: 'tell' }]);
    expect(document.nodes[2]?.params).toEqual({ text: "{{ $('cost').item.id }}" });
    expect(document.edges).toEqual([{ from: 'hook', to: 'cost' }]);
  }
});

test('the pin of a node that one took away is not asked for a second time once the node stays', () => {
  const pinned = edited(base, [{ do: 'set-pin', key: 'price', pinned: [1] }]);
  const three = {
    base: pinned,
    ours: edited(pinned, [{ do: 'set-pin', key: 'price', pinned: [2] }]),
    theirs: edited(pinned, [{ do: 'remove-node', key: 'price' }]),
  };
  const settled = merge(three, { 'node:price': 'ours' });
  expect(settled.open).toEqual([]);
  expect(settled.document.pins).toEqual({ price: [2] });
});

test('a group that one took away while the other put a node into it is asked for', () => {
  const grouped = edited(base, [{ do: 'add-group', group: { id: 'g', title: 'Prices', nodes: ['hook'] } }]);
  const three = {
    base: grouped,
    ours: edited(grouped, [{ do: 'set-group', group: { id: 'g', title: 'Prices', nodes: ['hook', 'price'] } }]),
    theirs: edited(grouped, [{ do: 'remove-group', id: 'g' }]),
  };
  expect(merge(three).open).toMatchObject([{ id: 'groups:g', theirs: undefined }]);
  expect(merge(three, { 'groups:g': 'ours' }).document.groups).toEqual(three.ours.groups);
  expect(merge({ ...three, ours: edited(grouped, [{ do: 'remove-node', key: 'hook' }]) }).clashes).toEqual([]);
});

test('a null that one wrote is not taken for nothing', () => {
  const ours = edited(base, [params('price', { url: 'a', method: 'GET', note: null })]);
  const theirs = edited(base, [params('price', { url: 'a', method: 'PUT' })]);
  expect(merge({ base, ours, theirs }).document.nodes[1]?.params).toEqual({ url: 'a', method: 'PUT', note: null });
});

test('settings of two kinds are not mixed into one that nobody chose', () => {
  const auth = (value: object): Edit => params('price', { auth: value });
  const ours = edited(base, [auth({ kind: 'basic', credential: 'mine' })]);
  const theirs = edited(base, [auth({ kind: 'hmac', prefix: 'v1=' })]);
  const three = { base: edited(base, [auth({ kind: 'none' })]), ours, theirs };
  expect(merge(three).document.nodes[1]?.params).toEqual({ auth: { kind: 'hmac', prefix: 'v1=' } });
  expect(merge(three).open).toMatchObject([{ path: ['params', 'auth'], ours: { credential: 'mine' } }]);
});
