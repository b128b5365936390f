import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { NodeCard } from '../document/card.ts';
import type { Node, Workflow } from '../document/workflow.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { anyJson, someWorkflow } from '../testing/documents.ts';
import { check } from './check.ts';

const pure = testCards.find(({ type }) => type === 'test.pure') as NodeCard;
const testCatalogue = catalogueOf([...testCards, { ...pure, type: 'rules.decision-table' }]);
const context = { types: testCards.map(({ type }) => type), credentials: [], workflows: [] };
const codes = (document: unknown) => check(document, testCatalogue, context).map(({ code }) => code);

test('whatever it is given, it gives Issues in sentences and breaks no rule', () => {
  const damaged = fc
    .tuple(
      someWorkflow,
      fc.constantFrom('nodes', 'edges', 'notes', 'groups', 'pins', 'settings', 'tests', '__proto__'),
      anyJson,
    )
    .map(([document, section, value]) => ({ ...document, [section]: value }));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.json(), someWorkflow, damaged), (input) => {
      for (const issue of check(input, testCatalogue, context)) {
        expect(issue.code).not.toBe('check-failed');
        expect(`${issue.message} ${issue.mend}`.trim()).toMatch(/^\S[^]*\.$/);
      }
    }),
    { numRuns: 500 },
  );
});

/** Small graphs that are often right: edges run forwards, and only loops are gone back to. */
const graph: fc.Arbitrary<Workflow> = fc
  .record({
    types: fc.array(fc.constantFrom('test.pure', 'test.two', 'test.merge', 'test.loop', 'test.repeat', 'test.effect'), {
      minLength: 2,
      maxLength: 7,
    }),
    picks: fc.array(
      fc.tuple(
        fc.nat(7),
        fc.nat(7),
        fc.constantFrom('', '.out', '.a', '.done', '.each', '.try'),
        fc.constantFrom('', '.next', '.in2'),
      ),
      { maxLength: 9 },
    ),
  })
  .map(({ types, picks }) => {
    const nodes: Node[] = ['test.start', ...types].map((type, index) => ({ key: `n${index}`, type }));
    const key = (index: number) => `n${index % nodes.length}`;
    return {
      heddle: 1,
      name: 'Graph',
      nodes,
      edges: picks.map(([from, to, out, into]) => ({ from: key(from) + out, to: key(to) + into })),
    };
  });

test('what has no error compiles', () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(graph, (document) => {
      const isRight = !check(document, testCatalogue).some(({ level }) => level === 'error');
      seen[isRight ? 'right' : 'wrong']++;
      expect(isRight && !compile(document, testCatalogue).ok).toBe(false);
    }),
    { numRuns: 2_000 },
  );
  expect(seen.right).toBeGreaterThan(50);
  expect(seen.wrong).toBeGreaterThan(50);
});

const many = (count: number, node: (n: number) => Partial<Node>, edges: (n: number) => Workflow['edges']): Workflow => {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    heddle: 1,
    name: 'Big',
    nodes: [
      { key: 'begin', type: 'test.start' },
      ...numbers.map((n) => ({ key: `n${n}`, type: 'test.pure', ...node(n) })),
    ],
    edges: [{ from: 'begin', to: 'n0' }, ...numbers.flatMap(edges)],
  };
};
const chain = (n: number) => (n === 0 ? [] : [{ from: `n${n - 1}`, to: `n${n}` }]);
const star = (n: number) => (n === 0 ? [] : [{ from: 'begin', to: `n${n}` }]);
const base = (params: unknown): Workflow =>
  many(
    1,
    () => ({ params: { a: params } }),
    () => [],
  );
const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as unknown;

/** Steps of one row each in as many columns as there are: nothing overlaps wholly, much does in part. */
const table = (rows: number, columns: number): Partial<Node> => ({
  type: 'rules.decision-table',
  params: {
    columns: Array.from({ length: columns }, (_, c) => ({ id: `c${c}`, type: 'number' })),
    rows: Array.from({ length: rows }, (_, r) => ({
      when: Object.fromEntries(
        Array.from({ length: columns }, (_, c) => [
          `c${c}`,
          { gte: (r * (c + 3)) % rows, lt: ((r * (c + 5)) % rows) + rows / 3 },
        ]),
      ),
      then: { r },
    })),
  },
});

const hostile: readonly [string, () => unknown, string[]][] = [
  [
    '4,999 nodes in a row, each reading the first',
    () => many(4_999, () => ({ params: { a: "{{ $('n0').item }}" } }), chain),
    ['reference-later'],
  ],
  ['4,999 nodes on one port', () => many(4_999, () => ({}), star), []],
  [
    '4,999 nodes in one circle',
    () => {
      const big = many(4_999, () => ({}), chain);
      return { ...big, edges: [...big.edges, { from: 'n4998', to: 'n0' }] };
    },
    ['cycle'],
  ],
  ['4,999 loops', () => many(4_999, () => ({ type: 'test.loop' }), chain), ['too-many-loops']],
  [
    '100 loops in each other, around 4,000 nodes',
    () =>
      many(
        4_100,
        (n) => ({ type: n < 100 ? 'test.loop' : 'test.pure' }),
        (n) => (n === 0 ? [] : [{ from: n <= 100 ? `n${n - 1}.each` : `n${n - 1}`, to: `n${n}` }]),
      ),
    [],
  ],
  [
    '20,000 edges between two nodes',
    () => ({
      ...many(
        2,
        () => ({}),
        () => [],
      ),
      edges: Array.from({ length: 20_000 }, () => ({ from: 'n0', to: 'n1' })),
    }),
    ['edge-twice'],
  ],
  [
    '20,000 edges to nowhere',
    () => ({ ...base(1), edges: Array.from({ length: 20_000 }, (_, n) => ({ from: `x${n}`, to: `y${n}` })) }),
    ['edge-end'],
  ],
  [
    '20,000 edges to nowhere beside 5,000 keys',
    () => ({
      ...many(
        4_999,
        (n) => ({ params: { a: `{{ $('m${n}').item }}` } }),
        () => [],
      ),
      edges: Array.from({ length: 20_000 }, (_, n) => ({ from: `x${n % 5_000}`, to: `y${n}` })),
    }),
    ['edge-end', 'reference-unknown'],
  ],
  ['5,000 unknown types', () => many(4_999, (n) => ({ type: `tset.pure${n}` }), chain), ['unknown-type']],
  ['ten megabytes of text', () => base('x'.repeat(10_000_000)), ['large-params']],
  ['ten megabytes of brackets', () => base('{{'.repeat(5_000_000)), ['unchecked-expressions']],
  ['ten megabytes of expressions', () => base('{{ $json.a }}'.repeat(750_000)), ['unchecked-expressions']],
  [
    'a hundred and fifty thousand characters of expressions',
    () => base('{{ $json.a }}'.repeat(11_000)),
    ['large-params'],
  ],
  [
    'expressions in a hundred thousand texts',
    () => base(Array.from({ length: 100_000 }, (_, n) => `{{ $('x${n}').item }}`)),
    ['reference-unknown'],
  ],
  ['params nested 90 deep', () => base(nested(90)), []],
  ['params nested 5,000 deep', () => base(nested(5_000)), ['document.too-deep']],
  [
    'a hundred thousand patterns',
    () => base(Array.from({ length: 100_000 }, (_, n) => ({ op: 'matches', right: `(x${n}` }))),
    ['pattern-unusable'],
  ],
  [
    'a table of 500 rows and 2 columns',
    () =>
      many(
        1,
        () => table(500, 2),
        () => [],
      ),
    ['table.too-large'],
  ],
  [
    'a table of 500 rows and 12 columns',
    () =>
      many(
        1,
        () => table(500, 12),
        () => [],
      ),
    ['table.too-large'],
  ],
  ['1,000 tables', () => many(1_000, () => table(20, 6), chain), ['table.gap']],
  [
    'names that turn and hide',
    () =>
      many(
        1,
        () => ({ type: 'rules.if\u202E\u200B', title: '\u202Eevil' }),
        () => [],
      ),
    ['unknown-type'],
  ],
  [
    'emoji for a key',
    () =>
      many(
        1,
        () => ({ key: '🎈' }),
        () => [],
      ),
    ['document.invalid'],
  ],
  [
    'a key of every prototype',
    () =>
      many(
        1,
        () => ({ key: 'constructor' }),
        () => [],
      ),
    ['document.invalid'],
  ],
  [
    '__proto__ in params',
    () => JSON.stringify(base(1)).replace('"a":1', '"__proto__":{"polluted":true}'),
    ['document.forbidden-key'],
  ],
  [
    'ports without end',
    () =>
      many(
        1,
        () => ({ type: 'test.merge', params: { inputs: 1e9 } }),
        () => [],
      ),
    [],
  ],
];

test.each(hostile)('hostile: %s, answered before anybody gives up', (_, make, expected) => {
  const document = make();
  const started = performance.now();
  const got = codes(document);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(got).toEqual(expect.arrayContaining(expected));
  expect(got).not.toContain('check-failed');
  expect(got.length).toBeLessThanOrEqual(1_000);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
