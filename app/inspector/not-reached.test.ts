import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { notReached } from './not-reached.ts';

const node = (key: string, more: object = {}) => ({ key, type: 'data.noop', at: [0, 0] as [number, number], ...more });
const ran = (...keys: string[]) => keys.map((key) => ({ key }));

test('a run that failed says what it did not get to: all that comes after, and nothing else', () => {
  const nodes = ['start', 'send', 'answer', 'log', 'other', 'others'].map((key) => node(key));
  const edges = [
    { from: 'start', to: 'send' },
    { from: 'send.reply', to: 'answer' },
    { from: 'answer', to: 'log' },
    { from: 'log', to: 'send' },
    { from: 'other', to: 'others' },
  ];
  expect(notReached({ nodes, edges }, ran('start', 'send'))).toEqual(['answer', 'log']);
  expect(notReached({ nodes, edges }, ran('start', 'send', 'answer', 'log'))).toEqual([]);
  expect(notReached({ nodes, edges }, [])).toEqual([]);
});

test('a node that is off would not have run either, and what comes after it would have', () => {
  const nodes = [node('start'), node('off', { settings: { disabled: true } }), node('end')];
  const edges = [
    { from: 'start', to: 'off' },
    { from: 'off', to: 'end' },
  ];
  expect(notReached({ nodes, edges }, ran('start'))).toEqual(['end']);
});

test('the more of a graph ran, the less is left; what ran is never told as not reached', () => {
  const keys = Array.from({ length: 8 }, (_, n) => `n${n}`);
  const some = fc.subarray(keys);
  const edge = fc.record({ from: fc.constantFrom(...keys), to: fc.constantFrom(...keys) });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 14 }), some, fc.constantFrom(...keys), (edges, first, next) => {
      const graph = { nodes: keys.map((key) => node(key)), edges };
      const left = notReached(graph, ran(...first));
      expect(left.filter((key) => first.includes(key))).toEqual([]);
      if (left.includes(next))
        expect(notReached(graph, ran(...first, next))).toEqual(left.filter((key) => key !== next));
    }),
  );
});
