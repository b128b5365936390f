import { expect, test } from 'vitest';
import type { NodeCard } from '../document/card.ts';
import type { Node } from '../document/workflow.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { callsOf } from './calls.ts';
import { check } from './check.ts';
import { manifestOf } from './manifest.ts';
import type { KnownWorkflow } from './view.ts';
import { wire } from '../compile/wiring.ts';

const pure = testCards.find(({ type }) => type === 'test.pure') as NodeCard;
const start = testCards.find(({ type }) => type === 'test.start') as NodeCard;
const called = { type: 'object', properties: { workflow: { type: 'string', ui: 'workflow' } } };
const catalogue = catalogueOf([
  ...testCards,
  { ...start, type: 'start.called' },
  { ...pure, type: 'control.call', title: 'Call workflow', needs: ['workflow'], effect: 'idempotent', params: called },
  { ...pure, type: 'rules.filter', outputs: { kept: {}, dropped: {} } },
  { ...pure, type: 'control.wait', branches: true, outputs: { out: {}, timeout: { when: 'called' } } },
  { ...pure, type: 'control.review', needs: ['review'] },
  { ...pure, type: 'data.limit' },
]);

const calling = (workflow: string, more: Partial<Node> = {}) => ({ again: { params: { workflow }, ...more } });
const direct = (drawing: string, nodes: Readonly<Record<string, Partial<Node>>> = {}) =>
  callsOf(wire(draw(drawing, { ...calling('Own'), ...nodes }), catalogue).wiring);

test.each([
  ['at once', 'in:start.called -> again:control.call', {}],
  ['after nodes that pass on what they get', 'in:start.called -> a -> b -> again:control.call', {}],
  ['after a wait for a time', 'in:start.called -> w:control.wait -> again:control.call', {}],
  ['in a loop', 'each:test.loop\nin:start.called -> each.in\neach.each -> again:control.call -> each.next', {}],
  [
    'after a filter that is disabled',
    'in:start.called -> f:rules.filter -> again:control.call',
    { f: { settings: { disabled: true } } },
  ],
  ['one way around a filter', 'in:start.called -> f:rules.filter -> again:control.call\nin -> a -> again', {}],
  ['from the only start', 'in:test.start -> again:control.call', {}],
])('each run comes to a call %s', (_where, drawing, nodes) => {
  expect(direct(drawing, nodes)).toEqual([{ node: 'again', workflow: 'Own', always: true }]);
});

test.each([
  ['a filter', 'in:start.called -> f:rules.filter -> again:control.call', {}],
  ['the other way of a filter', 'in:start.called -> f:rules.filter\nf.dropped -> a -> again:control.call', {}],
  ['an approval', 'in:start.called -> r:control.review -> again:control.call', {}],
  ['a limit', 'in:start.called -> l:data.limit -> again:control.call', {}],
  ['a wait for a call', 'in:start.called -> w:control.wait -> again:control.call', { w: { params: { called: true } } }],
  [
    'an error',
    'in:start.called -> a\na.error -> again:control.call',
    { a: { settings: { onError: 'port' as const } } },
  ],
  ['another start than that of calls', 'in:start.called -> a\nhook:test.start -> again:control.call', {}],
])('not each run comes to a call after %s', (_where, drawing, nodes) => {
  expect(direct(drawing, nodes)).toEqual([{ node: 'again', workflow: 'Own', always: false }]);
});

test('a call that is disabled, or that an expression decides, is none', () => {
  const drawing = 'in:start.called -> again:control.call';
  expect(direct(drawing, calling('Own', { settings: { disabled: true } }))).toEqual([]);
  expect(direct(drawing, calling('{{ $json.next }}'))).toEqual([]);
  expect(manifestOf(draw(drawing, calling('B')), catalogue).calls).toHaveLength(1);
});

const always = (workflow: string) => [{ node: 'n', workflow, always: true }];
const sometimes = (workflow: string) => [{ node: 'n', workflow, always: false }];
const own = { id: 'w_own', name: 'Own', isPublished: false };

/** The Issues of a document named Own that calls a workflow in each run, among others. */
const issues = (workflow: string, others: readonly KnownWorkflow[], before = '') =>
  check({ ...draw(`in:start.called -> ${before}again:control.call`, calling(workflow)), name: 'Own' }, catalogue, {
    workflows: [own, ...others],
    id: own.id,
  }).filter(({ code }) => code === 'endless-recursion');

test.each([
  ['itself by its id', 'w_own', []],
  ['itself by its name', 'Own', []],
  ['one that calls it', 'B', [{ id: 'w_b', name: 'B', isPublished: true, calls: always('w_own') }]],
  [
    'one that calls another that calls it',
    'w_b',
    [
      { id: 'w_b', name: 'B', isPublished: true, calls: [...sometimes('w_own'), ...always('C')] },
      { id: 'w_c', name: 'C', isPublished: true, calls: [...always('w_b'), ...always('Own')] },
    ],
  ],
])('a workflow that calls %s in each run is told, as a warning at its call', (_whom, workflow, others) => {
  const between = others.map(({ name }) => `“${name}”, which runs `).join('');
  expect(issues(workflow, others)).toEqual([
    {
      level: 'warning',
      code: 'endless-recursion',
      where: { node: 'again', param: 'workflow' },
      message: `Each run comes to Call workflow, which runs ${between}this workflow again, and so on without an end.`,
      mend: 'Put an If, Switch, Filter, Limit or Ask for approval before it, to stop when nothing is left to do.',
    },
  ]);
});

test.each([
  ['another', 'B', [{ id: 'w_b', name: 'B', isPublished: true, calls: [] }]],
  ['what is not there', 'B', []],
  ['one that calls it on a condition', 'B', [{ id: 'w_b', name: 'B', isPublished: true, calls: sometimes('Own') }]],
  ['one that is not published', 'w_b', [{ id: 'w_b', name: 'B', isPublished: false, calls: always('Own') }]],
  ['one that calls itself: that is told there', 'B', [{ id: 'w_b', name: 'B', isPublished: true, calls: always('B') }]],
  ['one of which it is not known what it calls', 'B', [{ id: 'w_b', name: 'B', isPublished: true }]],
  ['one of its own name, by its id', 'w_b', [{ id: 'w_b', name: 'Own', isPublished: true, calls: [] }]],
])('a workflow that calls %s is right', (_whom, workflow, others) => {
  expect(issues(workflow, others)).toEqual([]);
});

test('a circle with a condition in the workflow itself is right', () => {
  expect(issues('Own', [], 'f:rules.filter -> ')).toEqual([]);
});

test('a circle of ten thousand workflows is found in a moment, and its message stays short', () => {
  const others = Array.from({ length: 10_000 }, (_, n) => ({
    id: `w_${n}`,
    name: `W${n}`,
    isPublished: true,
    calls: always(n === 9_999 ? 'Own' : `W${n + 1}`),
  }));
  const [issue] = issues('W0', others);
  expect(issue?.message).toContain('“W4”, which runs others, the last of which runs this workflow again');
});
