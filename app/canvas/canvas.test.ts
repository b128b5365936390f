import '../../flow/document/edits/rename-texts.ts';
import { describe, expect, test } from 'vitest';
import { outputPorts } from '../../flow/document/ports.ts';
import type { Edge, Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { applied } from '../../flow/testing/edited.ts';
import { addition } from './add-node.ts';
import type { Spot } from './add-node.ts';
import { lineOf } from '../graph/card-line.ts';
import { joint } from './connect.ts';
import { faceOf, freePlace, heightOf } from '../graph/geometry.ts';
import { pasteEdit, pieceOf, readPiece, removal } from './piece.ts';
import { nothing } from '../graph/selection.ts';
import { placesOf } from '../graph/placement.ts';
import { card, catalogue } from './testing/cards.ts';

const orders = draw(
  `hook:start.webhook -> price:data.set -> big:rules.if
   big.true -> tell:connect.http-request -> reply:control.respond
   big.false -> reply`,
);

const end = (text: string) => {
  const [key = '', port = ''] = text.split('.');
  return { key, port };
};

describe('an edge that is being drawn', () => {
  const loop = draw('hook:start.manual -> loop:control.loop\nloop.each -> send:connect.http-request');
  test.each([
    [orders, 'hook', 'tell', { edge: { from: 'hook', to: 'tell' } }],
    [orders, 'big.false', 'tell', { edge: { from: 'big.false', to: 'tell' } }],
    [orders, 'hook.out', 'price.in', { no: 'They are connected already.' }],
    [orders, 'tell', 'hook', { no: 'Webhook takes no input: it starts a run.' }],
    [orders, 'tell', 'tell', { no: 'A node cannot feed itself.' }],
    [orders, 'tell', 'price', { no: 'That would go round in a circle. Loops go back into a Loop or Repeat node.' }],
    [loop, 'send', 'loop.next', { edge: { from: 'send', to: 'loop.next' } }],
    [loop, 'send', 'loop.in', { no: 'That would go round in a circle. Loops go back into a Loop or Repeat node.' }],
  ])('%#: from %s to %s', (document, from, to, gives) => {
    expect(joint(document, catalogue, end(from), end(to))).toEqual(gives);
  });
});

describe('a new node', () => {
  const add = (type: string, spot: Spot) => {
    const { key, edit } = addition(orders, catalogue, card(type), spot);
    return { key, document: applied(orders, edit) };
  };

  test('stands beside the chosen one and is wired to its first port that leads nowhere', () => {
    const { key, document } = add('data.set', { after: 'reply' });
    expect(document.edges.at(-1)).toEqual({ from: 'reply', to: key });
    const places = placesOf(orders, catalogue);
    expect(document.nodes.at(-1)?.at?.[0]).toBeGreaterThan(places.get('reply')![0]);
  });

  test('cuts the edge that it is put on, and covers nothing', () => {
    const { key, document } = add('data.set', { edge: { from: 'hook', to: 'price' } });
    expect(document.edges.slice(0, 2)).toEqual([
      { from: 'hook', to: key },
      { from: key, to: 'price' },
    ]);
  });

  test('pushes what follows to the right, with the notes at it, and leaves what comes before', () => {
    const at: Record<string, [number, number]> = {
      hook: [0, 0],
      price: [240, 0],
      big: [480, 0],
      tell: [720, 0],
      reply: [960, 0],
    };
    const row: Workflow = {
      ...orders,
      nodes: orders.nodes.map((node) => ({ ...node, at: at[node.key] ?? [0, 0] })),
      notes: [
        { id: 'start', text: 'before', at: [0, 80], size: [176, 64] },
        { id: 'far', text: 'after', at: [720, 64], size: [176, 64] },
      ],
    };
    const { key, edit } = addition(row, catalogue, card('data.set'), { edge: { from: 'price', to: 'big' } });
    const document = applied(row, edit);
    const places = Object.fromEntries(document.nodes.map((node) => [node.key, node.at?.[0]]));
    expect(places).toEqual({ hook: 0, price: 240, [key]: 480, big: 720, tell: 960, reply: 1_200 });
    expect(document.notes?.map(({ id, at: place }) => [id, place?.[0]])).toEqual([
      ['start', 0],
      ['far', 960],
    ]);
  });

  test('takes the loose end of an edge, from either side', () => {
    const from = add('connect.http-request', { from: { key: 'big', port: 'false' }, at: [900, 400] });
    expect(from.document.edges.at(-1)).toEqual({ from: 'big.false', to: from.key });
    const into = add('data.set', { into: { key: 'reply', port: '' }, at: [0, 400] });
    expect(into.document.edges.at(-1)).toEqual({ from: into.key, to: 'reply' });
  });

  test('put after a Loop hung on its end: it begins the body, and what comes next goes on from the end', () => {
    const bare = draw('hook:start.manual -> loop:control.loop');
    const put = (document: Workflow) => {
      const { key, edit } = addition(document, catalogue, card('data.set'), { after: 'loop' });
      return { key, document: applied(document, edit) };
    };
    const first = put(bare);
    expect(first.document.edges.at(-1)).toEqual({ from: 'loop.each', to: first.key });
    const second = put(first.document);
    expect(second.document.edges.at(-1)).toEqual({ from: 'loop', to: second.key });
  });

  test('that cannot be wired, such as a trigger, is added alone', () => {
    expect(add('start.schedule', { after: 'price' }).document.edges).toEqual(orders.edges);
  });
});

test('two nodes were both called “Code” in every list: a new one has a number in its title when the name is taken', () => {
  const drawing = draw('a:code.javascript -> b:data.set');
  const added = (document: Workflow) =>
    applied(document, addition(document, catalogue, card('code.javascript'), { after: 'b' }).edit);
  const once = added(drawing);
  expect(once.nodes.at(-1)?.title).toBe('Code 2');
  expect(added(once).nodes.at(-1)?.title).toBe('Code 3');
  expect(addition(drawing, catalogue, card('data.sort'), { after: 'b' }).edit).toMatchObject({
    edits: expect.arrayContaining([expect.objectContaining({ node: expect.not.objectContaining({ title: 'Sort' }) })]),
  });
});

test('an approval without a time limit showed an output Timeout that nothing can leave by', () => {
  const ports = (params: Record<string, unknown>, ...edges: Edge[]) =>
    faceOf(card('control.review'), { key: 'ask', type: 'control.review', params }, edges).rows.map(
      ({ output }) => output?.name,
    );
  expect(ports({})).toEqual(['approved', 'declined']);
  expect(ports({ within: '' })).toEqual(['approved', 'declined']);
  expect(ports({ within: '3d' })).toEqual(['approved', 'declined', 'timeout']);
  // What was wired stays in sight.
  expect(ports({}, { from: 'ask.timeout', to: 'b' })).toEqual(['approved', 'declined', 'timeout']);
});

test('places: no two cards cover each other, and starts stand left of what follows', () => {
  const places = placesOf(orders, catalogue);
  expect(places.get('hook')![0]).toBeLessThan(places.get('price')![0]);
  const height = heightOf(card('rules.if'), orders.nodes[2]!);
  expect(height).toBe(52 + 2 * 22 + 5);
  const boxes = [{ at: [0, 0] as const, width: 176, height }];
  const [, y] = freePlace([8, 8], 52, boxes);
  expect(y).toBeGreaterThanOrEqual(height + 24);
});

test('the face of a node: one output on the edge, several in rows, and a node of unknown type keeps its edges in sight', () => {
  expect(faceOf(card('data.set'), orders.nodes[1]!)).toMatchObject({
    input: { name: 'in' },
    output: { name: 'out' },
    rows: [],
  });
  const rows = faceOf(card('control.loop'), { key: 'l', type: 'control.loop' }).rows;
  expect(rows.map(({ input, output }) => [input?.name, output?.name])).toEqual([
    ['in', 'done'],
    ['next', 'each'],
  ]);
  expect(faceOf(undefined, orders.nodes[0]!)).toMatchObject({ input: { name: '' }, output: { name: '' } });
});

test.each([
  ['connect.http-request', { method: 'POST', url: '{{ $json.base }}/orders' }, 'POST {{ $json.base }}/orders'],
  ['connect.http-request', { url: 'http://x.example/line/{{$json.n}}' }, 'GET http://x.example/line/{{ $json.n }}'],
  ['control.review', { title: 'Pay invoice {{ $json.number }}?' }, 'Pay invoice {{ $json.number }}?'],
  ['rules.if', { where: { left: 'n {{ $json.n }}', op: 'gt', right: '{{ $json.m }}' } }, 'n {{ $json.n }} > m'],
  ['rules.if', { where: { all: [{ left: '{{ $json.total }}', op: 'gt', right: 500 }] } }, 'total > 500'],
  ['rules.if', { where: { all: [{ left: '', op: 'equals', right: '' }] } }, card('rules.if').summary],
  ['rules.if', { where: { left: '{{ $json.total }}', op: 'empty', right: '1.05 kg' } }, 'total is empty'],
  [
    'rules.if',
    { where: { any: [{ left: 'a', op: 'not-in', right: 'b gt c' }, { all: [] }] } },
    'a is none of b gt c or (…)',
  ],
  ['start.webhook', { path: 'orders' }, 'POST /orders'],
  ['start.webhook', { path: '/orders in?' }, 'POST /orders in?'],
  ['start.webhook', { path: '' }, 'POST /'],
  ['data.set', { fields: [{ name: 'a' }, { name: 'b' }] }, 'a, b'],
  ['start.schedule', { rules: [{ cron: '0 9 * * 1' }] }, '0 9 * * 1'],
  ['start.schedule', { rules: [{ unit: 'days' }, { unit: 'weeks', every: 2 }] }, 'every day, every 2 weeks'],
  ['control.merge', undefined, 'Append'],
  ['control.merge', { mode: 'match' }, 'By matching fields'],
  ['control.merge', { mode: '{{ $json.mode }}' }, '{{ $json.mode }}'],
  ['control.stop', { message: 'No lines' }, 'Failed: No lines'],
  ['data.date', { operation: 'add', value: '{{ $json.at }}' }, 'Add or subtract time {{ $json.at }}'],
  ['data.summarize', { sums: [{ op: 'count' }, { op: 'sum', field: 'amount' }] }, 'Count, Sum amount'],
  ['data.to-file', { format: 'csv', name: 'orders.csv' }, 'CSV orders.csv'],
  ['rules.decision-table', undefined, card('rules.decision-table').summary],
])('the line of %s says its params', (type, params, line) => {
  expect(lineOf(card(type), { key: 'a', type, ...(params ? { params } : {}) })).toBe(line);
});

test('the card of a call names the workflow, never its id', () => {
  const called = { key: 'a', type: 'control.call', params: { workflow: 'wf_1', mode: 'each' } };
  const bill = { id: 'wf_1', name: 'Bill a customer', isPublished: true };
  expect(lineOf(card('control.call'), called, [bill])).toBe('Bill a customer, once for each item');
  expect(lineOf(card('control.call'), called)).toBe(card('control.call').summary);
});

describe('copy and paste', () => {
  const chosen = { ...nothing, nodes: new Set(['big', 'tell']) };

  test('a piece is JSON that can be read again, with the edges among what was chosen', () => {
    const text = JSON.stringify(pieceOf(orders, chosen));
    expect(readPiece(text)).toMatchObject({ edges: [{ from: 'big.true', to: 'tell' }] });
    expect(readPiece('no piece')).toEqual({ refused: { message: 'There are no nodes in the clipboard.' } });
    expect(readPiece(JSON.stringify(orders))).toMatchObject({ nodes: { length: 5 } });
  });

  test('what was pasted has keys of its own and is chosen', () => {
    const pasted = pasteEdit(orders, catalogue, pieceOf(orders, chosen)!, undefined);
    if ('refused' in pasted) throw new Error(pasted.refused.message);
    expect([...pasted.selection.nodes]).toEqual(['big_2', 'tell_2']);
    expect(
      applied(orders, pasted.edit)
        .nodes.slice(-2)
        .map(({ title }) => title),
    ).toEqual(['If 2', 'HTTP request 2']);
    expect(applied(orders, pasted.edit).edges.at(-1)).toEqual({ from: 'big_2.true', to: 'tell_2' });
  });

  test('deleting takes edges along, and delete-and-reconnect joins what was around', () => {
    const gone = applied(orders, removal(orders, { ...nothing, nodes: new Set(['price']) })!);
    expect(gone.edges.some(({ from, to }) => from === 'price' || to === 'price')).toBe(false);
    const mended = applied(orders, removal(orders, { ...nothing, nodes: new Set(['price']) }, catalogue)!);
    expect(mended.edges[0]).toEqual({ from: 'hook', to: 'big' });
    expect(removal(orders, nothing)).toBeUndefined();
  });
});

test('a rule without a name has a port that goes by its id, not one without a label', () => {
  const rules = [
    { id: 'r1', name: '' },
    { id: 'r2', name: 'Large' },
  ];
  const outputs = outputPorts(card('rules.switch'), { key: 'a', type: 'rules.switch', params: { rules } });
  expect(outputs.slice(0, 2)).toEqual([{ name: 'r1' }, { name: 'r2', title: 'Large' }]);
});
