import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { apply } from '../../flow/document/edits/apply.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogueOf } from '../graph/catalogue.ts';
import { draw } from '../../flow/testing/draw.ts';
import { applied } from '../../flow/testing/edited.ts';
import { nothing } from '../graph/selection.ts';
import { removal } from './piece.ts';
import { card, cards } from './testing/cards.ts';

// A node with parts under it, as an agent has its tools.
const agent: NodeCard = { ...card('data.set'), type: 'test.agent', inputs: { in: {}, tools: { kind: 'part' } } };
const catalogue = catalogueOf([...cards, agent]);
const without = (document: Workflow, key: string): Workflow =>
  applied(document, removal(document, { ...nothing, nodes: new Set([key]) }, catalogue)!);
const edgesOf = ({ edges }: Workflow) => edges.map(({ from, to }) => `${from} -> ${to}`);

const loop = draw(
  `hook:start.manual -> loop:control.loop
   loop.each -> send:connect.http-request -> store:data.set -> loop.next
   loop.done -> tell:data.sort`,
);
const repeat = draw(
  'hook:start.manual -> loop:control.repeat\nloop.try -> send:data.set -> loop.next\nloop -> tell:data.sort',
);
const onError = { settings: { onError: 'port' as const } };

test.each<[string, Workflow, string, string[]]>([
  [
    'a Loop goes with its way back: only what came in meets what it led to',
    loop,
    'loop',
    ['send -> store', 'hook -> tell'],
  ],
  ['a Repeat does too', repeat, 'loop', ['hook -> tell']],
  [
    'in a body the way back stays a way back',
    loop,
    'store',
    ['hook -> loop', 'loop.each -> send', 'send -> loop.next', 'loop.done -> tell'],
  ],
  [
    'the last node of a body leaves the body empty, with its edge to put another into',
    repeat,
    'send',
    ['hook -> loop', 'loop.try -> loop.next', 'loop -> tell'],
  ],
  [
    'of several branches the first goes on: no item takes all of them',
    draw('hook:start.manual -> big:rules.if\nbig.true -> a:data.set\nbig.false -> b:data.set'),
    'big',
    ['hook -> a'],
  ],
  [
    'the branch that leads somewhere is the first',
    draw('hook:start.manual -> big:rules.if\nbig.false -> b:data.set'),
    'big',
    ['hook -> b'],
  ],
  [
    'two branches that met are one edge',
    draw('hook:start.manual -> big:rules.if\nbig.true -> b:data.set\nbig.false -> b'),
    'big',
    ['hook -> b'],
  ],
  [
    'what followed an error has none to follow',
    draw('hook:start.manual -> ask:connect.http-request -> a:data.set\nask.error -> b:data.set', { ask: onError }),
    'ask',
    ['hook -> a'],
  ],
  [
    'each of several inputs goes on, in the order in which they came',
    draw('x:data.set -> both:control.merge\ny:data.sort -> both.in2\nboth -> out:data.limit'),
    'both',
    ['x -> out', 'y -> out'],
  ],
  [
    'what is joined already is joined once, named or not',
    draw('a:data.set -> b:data.sort -> c:data.limit\na.out -> c.in'),
    'b',
    ['a.out -> c.in'],
  ],
  [
    'a part goes on nowhere without its owner',
    draw('a:data.set -> agent:test.agent -> b:data.sort\ntool:connect.http-request -> agent.tools'),
    'agent',
    ['a -> b'],
  ],
  [
    'what led into a part is no part in its place',
    draw('x:data.set -> agent:test.agent\na:connect.http-request -> tool:connect.http-request -> agent.tools'),
    'tool',
    ['x -> agent'],
  ],
  [
    'a node that feeds itself takes that edge along',
    draw('a:data.set -> b:data.sort -> b\nb -> c:data.limit'),
    'b',
    ['a -> c'],
  ],
])('%s', (_, document, key, edges) => {
  expect(edgesOf(without(document, key))).toEqual(edges);
});

test('the edge that closes the gap stands where the old one stood: an input that takes the first takes the same', () => {
  const lists = draw('x:start.manual -> a:data.set -> all:data.limit\nb:data.sort -> all');
  expect(edgesOf(without(lists, 'a'))).toEqual(['x -> all', 'b -> all']);
});

test('no node of any of them leaves a circle behind, and undoing brings all of it back', () => {
  const codes = (document: Workflow) => check(document, catalogue).map(({ code }) => code);
  for (const document of [loop, repeat])
    for (const { key } of document.nodes) {
      const edit = removal(document, { ...nothing, nodes: new Set([key]) }, catalogue)!;
      const outcome = apply(document, edit);
      if ('refused' in outcome) throw new Error(outcome.refused.message);
      expect(codes(outcome.document), key).not.toContain('cycle');
      expect(applied(outcome.document, outcome.undo)).toEqual(document);
    }
});
