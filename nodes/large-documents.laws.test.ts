import { expect, test } from 'vitest';
import { check } from '../flow/check/check.ts';
import { comparisons } from '../flow/check/rules/comparisons.ts';
import { look } from '../flow/check/view.ts';
import { workflow } from '../flow/document/workflow.ts';
import { catalogue } from './all.ts';

const document = (type: string, params: object) => ({
  heddle: 1,
  name: 'Large',
  nodes: [
    { key: 'start', type: 'start.manual' },
    { key: 'large', type, params },
  ],
  edges: [{ from: 'start', to: 'large' }],
});

test('a workflow of more values than can be checked is told so in one Issue that keeps it from running', () => {
  const fields = Array.from({ length: 260_000 }, (_, at) => at);
  const large = document('data.set', {
    fields: [
      { name: 'a', value: fields },
      { name: 'b', value: fields },
    ],
  });
  expect(check(large, catalogue)).toMatchObject([{ code: 'too-much-to-check', level: 'error', where: {} }]);
});

test('of a hundred thousand conditions only so many are read for what their expressions give: 4 s once', () => {
  const all = Array.from({ length: 20_000 }, (_, at) => ({ left: `{{ "a" + ${at} }}`, op: 'gt', right: 1 }));
  const view = look(workflow.parse(document('rules.if', { where: { all } })), catalogue, {});
  const told = [...comparisons.check(view)].filter(({ code }) => code === 'condition-kinds');
  expect(told.length).toBeGreaterThan(3_000);
  expect(told.length).toBeLessThan(5_000);
});
