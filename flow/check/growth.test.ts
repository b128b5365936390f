import { expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { NodeCard } from '../document/card.ts';
import type { Node, Workflow } from '../document/workflow.ts';
import { nearlyExpression } from '../expression/nearly.ts';
import { brokenAt } from '../values/broken-json.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { check } from './check.ts';
import { brokenTemplateAt } from './params/json-template.ts';

// What is four times as large takes some four times as long, and not sixteen times.

const start = testCards.find(({ type }) => type === 'test.start') as NodeCard;
const catalogue = catalogueOf([...testCards, { ...start, type: 'start.webhook' }]);
const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const pure = (n: number, more: Partial<Node> = {}): Node => ({ key: `n${n}`, type: 'test.pure', ...more });

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Processor time of this thread, the least of three: what the machine does beside it does not count. */
function worked(work: () => unknown): number {
  return Math.min(
    ...range(3).map(() => {
      const began = processorMs();
      work();
      return processorMs() - began;
    }),
  );
}

const row = (count: number, more: Partial<Node> = {}): Workflow => ({
  heddle: 1,
  name: 'Row',
  nodes: [{ key: 'begin', type: 'test.start' }, ...range(count).map((n) => pure(n, more))],
  edges: range(count).map((n) => ({ from: n === 0 ? 'begin' : `n${n - 1}`, to: `n${n}` })),
});

/** Webhooks that wait for an answer, all of which lead to all Respond nodes by way of one node. */
const callers = (count: number): Workflow => ({
  heddle: 1,
  name: 'Callers',
  nodes: [
    ...range(count).map((n) => ({
      key: `h${n}`,
      type: 'start.webhook',
      params: { reply: n % 2 === 0 ? 'respond' : 'last', path: `p${n}` },
    })),
    pure(0),
    ...range(count).map((n) => ({ key: `r${n}`, type: 'test.respond' })),
  ],
  edges: range(count).flatMap((n) => [
    { from: `h${n}`, to: 'n0' },
    { from: 'n0', to: `r${n}` },
  ]),
});

const told = (count: number): Workflow => {
  const { nodes, edges, ...rest } = row(count, { params: { text: '{{ $step.resumeUrl }}' } });
  return {
    ...rest,
    nodes: [...nodes, { key: 'wait', type: 'test.called' }],
    edges: [...edges, { from: `n${count - 1}`, to: 'wait' }],
  };
};

/** Each node gets its items from the four before it. */
const woven = (count: number): Workflow => ({
  ...row(count),
  edges: range(count).flatMap((n) =>
    [1, 2, 3, 4].map((back) => ({ from: back > n ? 'begin' : `n${n - back}`, to: `n${n}` })),
  ),
});

const checked = (document: Workflow) => () => check(document, catalogue);
/** Each edge once, or it is not compiled. */
const compiled = ({ edges, ...document }: Workflow) => {
  const unlike = [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
  return () => compile({ ...document, edges: unlike }, catalogue);
};

test.each<[string, number, (count: number) => () => unknown]>([
  ['the check of webhooks that all lead to all Respond nodes', 300, (count) => checked(callers(count))],
  ['the plan of a row of nodes with four edges each', 1_200, (count) => compiled(woven(count))],
  ['the links that are told in a row of nodes', 1_200, (count) => compiled(told(count))],
  [
    'a text that names data again and again',
    3_000,
    (count) => {
      const text = '$json.a '.repeat(count);
      return () => nearlyExpression(text);
    },
  ],
])('%s grows with the document alone', (_what, count, make) => {
  const [less, more] = [worked(make(count)), worked(make(count * 4))];
  expect(more / Math.max(less, 1)).toBeLessThan(6.5);
});

test('JSON with expressions is read a few times, however many there are', () => {
  const text = `[${'{"a": {{ $json.a }}, "b": 1},'.repeat(3_300)}x]`;
  expect(brokenTemplateAt(text, false)).toBe(text.length - 2);
  const once = worked(() => brokenAt(text.replaceAll('{{ $json.a }}', 'null')));
  expect(worked(() => brokenTemplateAt(text, false)) / Math.max(once, 1)).toBeLessThan(200);
});
