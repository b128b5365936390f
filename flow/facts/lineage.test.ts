import { expect, test } from 'vitest';
import type { Plan, PlanInput, PlanNode } from '../compile/plan.ts';
import type { NodeRecord, PortOutput } from './fact.ts';
import type { View } from './items.ts';
import { ancestor } from './lineage.ts';

const node = (key: string, inputs: PlanInput[]): PlanNode => ({
  key,
  type: 'test.node',
  version: 1,
  params: {},
  disabled: false,
  effect: 'pure',
  needs: [],
  mode: 'all',
  inputs,
  outputs: ['out'],
  stage: key,
  loops: [],
  parts: {},
  inDoubt: 'ask',
  runOnEmpty: false,
  onError: 'stop',
  concurrency: 1,
});
const from = (port: string, ...nodes: string[]): PlanInput => ({
  port,
  take: 'all',
  back: false,
  from: nodes.map((key) => ({ node: key, port: 'out' })),
});

/** Two starts into the two ports of a join, and a node behind it; lists tell how often they are looked into. */
function viewOf(outs: Readonly<Record<string, PortOutput>>): View {
  const nodes = {
    a: node('a', []),
    b: node('b', []),
    join: node('join', [from('left', 'a', 'b'), from('right', 'b')]),
    end: node('end', [from('in', 'join')]),
  };
  const plan: Plan = {
    heddle: 1,
    engine: 2,
    fingerprint: '',
    nodes,
    stages: [],
    starts: [],
    settings: { timezone: 'UTC', replyWithinMs: 0 },
  };
  const found = new Map(
    Object.entries(outs).map(([key, out]) => {
      const record: NodeRecord = { key, path: '', status: 'finished', attempt: 1, out: { out } };
      return [key, { record, seq: 1, at: 1 }];
    }),
  );
  return { plan, start: 'a', find: (key) => found.get(key), isSkipped: () => false };
}

test('the way of each item up to its ancestor costs the same however many items there are', () => {
  const looksFor = (count: number): number => {
    let looks = 0;
    const counted = <Item>(items: Item[]): Item[] =>
      new Proxy(items, { get: (list, name) => ((looks += 1), Reflect.get(list, name)) });
    const items = (name: string) => counted(Array.from({ length: count }, (_, n) => `${name}${n}`));
    const view = viewOf({
      a: { items: items('a') },
      b: { items: items('b') },
      join: { items: items('j'), pick: 'all', of: 'right' } as PortOutput,
      end: { items: items('e') },
    });
    for (const index of [0, 1, count - 1])
      expect(ancestor(view, { node: 'end', path: '', index }, 'b')).toEqual({ item: `b${index}` });
    return looks;
  };
  expect(looksFor(10_000)).toBe(looksFor(100));
});

test('a node that delivered one item is the ancestor of all, by whichever port', () => {
  const view = viewOf({ a: { items: [] }, b: { items: ['only'] }, join: { items: [1, 2] }, end: { items: [1, 2] } });
  expect(ancestor(view, { node: 'end', path: '', index: 1 }, 'b')).toEqual({ item: 'only' });
});
