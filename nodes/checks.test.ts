import { expect, test } from 'vitest';
import { holdsOver } from '../flow/check/params/condition.ts';
import { allNodes } from './all.ts';
import { cardOf } from './kit/card.ts';
import type { AnyNode } from './kit/define-node.ts';

const brokenChecks = (node: AnyNode, params: Record<string, unknown>) => {
  const { checks, defaults } = cardOf(node);
  return checks.filter(({ when }) => holdsOver(when, { ...defaults, ...params }));
};

const broken = (type: string, params: Record<string, unknown>): string[] => {
  const node = allNodes.find((candidate) => candidate.type === type);
  if (!node) throw new Error(type);
  return brokenChecks(node, params).map(({ param }) => param ?? '');
};

test.each([
  ['control.merge', {}, []],
  ['control.merge', { mode: 'match' }, ['on']],
  ['control.merge', { mode: 'match', on: [{ left: 'a', right: 'b' }], inputs: 3 }, ['inputs']],
  ['control.merge', { mode: 'match', on: '{{ $vars.on }}' }, []],
  ['control.wait', {}, ['for']],
  ['control.wait', { for: '2h' }, []],
  ['control.wait', { until: '{{ $json.due }}' }, []],
  ['start.failed', { watch: 'listed' }, ['workflows']],
])('%s with %j breaks the rules about %j', (type, params, expected) => {
  expect(broken(type, params)).toEqual(expected);
});

test('no example that works breaks a rule of its node', () => {
  for (const node of allNodes) {
    for (const { params, gives } of node.examples) {
      const promisesFault = 'fault' in gives && typeof gives.fault === 'string';
      expect(promisesFault ? [] : brokenChecks(node, { ...(params as object) })).toEqual([]);
    }
  }
});
