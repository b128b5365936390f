import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionTableIssues } from '../../flow/check/decision-table.ts';
import { axesOf, maskOf, opaque } from '../../flow/check/table-axes.ts';
import type { Axis, Region } from '../../flow/check/table-axes.ts';
import { fullBudget, TooLarge } from '../../flow/check/table-budget.ts';
import { gapsOf } from '../../flow/check/table-gaps.ts';
import type { Box } from '../../flow/check/table-gaps.ts';
import { collectResults, columnValues, rowHolds } from './decision-rows.ts';
import type { Row } from './decision-rows.ts';

const columns = [
  { id: 'n', type: 'whole' as const },
  { id: 'tier', type: 'choice' as const, choices: ['gold', 'silver', 'none'] },
  { id: 'vip', type: 'boolean' as const },
];
const bound = fc.integer({ min: 0, max: 5 });
const numberCell = fc.oneof(
  fc.constantFrom(null, '-', ''),
  bound,
  fc.array(bound, { minLength: 1, maxLength: 3 }),
  fc.record({ gte: bound, lt: bound }, { requiredKeys: [] }),
  fc.record({ gt: bound, lte: bound }, { requiredKeys: [] }),
  fc.record({ 'not-equals': bound }),
  fc.record({ 'not-in': fc.array(bound, { maxLength: 2 }) }),
);
const tier = fc.constantFrom('gold', 'silver', 'none');
const tierCell = fc.oneof(
  fc.constant(null),
  tier,
  fc.array(tier, { minLength: 1, maxLength: 2 }),
  fc.record({ 'not-equals': tier }),
);
const vipCell = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.constantFrom({ 'is-true': true }, { 'is-true': false }, { 'is-false': true }),
);
const when = fc.record({ n: numberCell, tier: tierCell, vip: vipCell }, { requiredKeys: [] });
const rows = fc
  .array(when, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((one, at): Row => ({ when: one, then: { row: at } })));

const cases = [-1, 0, 1, 2, 3, 4, 5, 6].flatMap((n) =>
  ['gold', 'silver', 'none'].flatMap((word) => [true, false].map((vip) => ({ n, tier: word, vip }))),
);
type Case = (typeof cases)[number];
const valuesOf = (one: Case): ReadonlyMap<string, unknown> =>
  columnValues(
    [
      { ...columns[0]!, value: one.n },
      { ...columns[1]!, value: one.tier },
      { ...columns[2]!, value: one.vip },
    ],
    { zone: 'utc', engine: 2 },
  );
const heldBy = (list: readonly Row[], one: Case): Row[] =>
  list.filter((row) => rowHolds(row, valuesOf(one), { zone: 'utc', engine: 2 }));

const isIn = (value: unknown, region: Region): boolean =>
  region.kind === 'between'
    ? typeof value === 'number' && value > region.above && value < region.below
    : region.kind !== 'other' && region.value === value;
const isInside = (one: Case, box: Box, axes: readonly Axis[]): boolean =>
  axes.every(
    (axis, at) =>
      (box[at]! & (1n << BigInt(axis.regions.findIndex((region) => isIn(one[axis.id as keyof Case], region))))) !== 0n,
  );

describe('the decision table', () => {
  test('the first row that holds is the first of those that all hold', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...cases), (list, one) => {
        const held = heldBy(list, one);
        const first = list.find((row) => rowHolds(row, valuesOf(one), { zone: 'utc', engine: 2 }));
        expect(collectResults(held)['row']?.[0]).toBe(first?.then['row']);
        expect(collectResults(held)['row'] ?? []).toHaveLength(held.length);
      }),
      { numRuns: 300 },
    );
  });

  test('gaps are exactly the cases that no row decides, each in one of them', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const axes = axesOf(
          columns,
          list.map((row) => row.when),
        );
        const masks = list.map((row) => axes.map((axis) => maskOf(row.when[axis.id], axis)));
        expect(masks.flat()).not.toContain(opaque);
        const gaps = gapsOf(
          axes,
          masks.map((mask) => ({ masks: mask, isOpaque: false })),
        );
        for (const one of cases) {
          expect(gaps.filter((box) => isInside(one, box, axes)).length).toBe(heldBy(list, one).length === 0 ? 1 : 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a row is called unreachable exactly when no case comes to it', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const reported = decisionTableIssues({ columns, rows: list })
          .filter(({ code }) => code === 'table.unreachable')
          .map(({ where }) => where.param);
        const reached = new Set(cases.map((one) => heldBy(list, one)[0]?.then['row']));
        const expected = list.flatMap((_, at) => (reached.has(at) ? [] : [`rows[${at}]`]));
        expect(reported).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  const discount = {
    columns: [
      { id: 'amount', title: 'Amount', type: 'number' },
      { id: 'tier', type: 'choice', choices: ['gold', 'silver', 'none'] },
    ],
    rows: [
      { when: { amount: { gte: 100, lt: 500 }, tier: ['gold', 'silver'] }, then: { discount: 10 } },
      { when: { amount: { gte: 500 } }, then: { discount: 20 } },
      { when: { amount: { lt: 50 } }, then: { discount: 0 } },
      { when: { amount: { gte: 40 }, tier: 'gold' }, then: { discount: 15 } },
      { when: { amount: { gt: 900 } }, then: { discount: 30 } },
    ],
  };

  test('gaps, overlaps and rows that never decide are said in words', () => {
    expect(
      decisionTableIssues(discount, 'table').map(({ level, where, message }) => ({ level, where, message })),
    ).toEqual([
      {
        level: 'warning',
        where: { node: 'table', param: 'rows' },
        message: 'No row decides Amount from 50 below 100 and tier silver or none.',
      },
      {
        level: 'warning',
        where: { node: 'table', param: 'rows' },
        message: 'No row decides Amount from 100 below 500 and tier none.',
      },
      {
        level: 'warning',
        where: { node: 'table', param: 'rows[4]' },
        message: 'Row 5 never decides: rows above take all its cases.',
      },
      {
        level: 'hint',
        where: { node: 'table', param: 'rows[3]' },
        message: 'Rows 1 and 4 both hold for Amount from 100 below 500 and tier gold; row 1 decides.',
      },
      {
        level: 'hint',
        where: { node: 'table', param: 'rows[3]' },
        message: 'Rows 2 and 4 both hold for Amount from 500 and tier gold; row 2 decides.',
      },
      {
        level: 'hint',
        where: { node: 'table', param: 'rows[3]' },
        message: 'Rows 3 and 4 both hold for Amount from 40 below 50 and tier gold; row 3 decides.',
      },
    ]);
  });

  test('with results for what is left over there are no gaps, and where all rows count no overlaps', () => {
    const codes = (more: object) => decisionTableIssues({ ...discount, ...more }).map(({ code }) => code);
    expect(codes({ otherwise: {} })).not.toContain('table.gap');
    expect(new Set(codes({ hit: 'collect' }))).toEqual(new Set(['table.gap']));
  });

  test('a condition that cannot be judged counts as one that might hold, and hides nobody', () => {
    const table = {
      columns: [...discount.columns, { id: 'text', type: 'text' }],
      rows: [
        { when: { text: { contains: 'x' } }, then: { a: 1 } },
        { when: { amount: '{{ $json.limit }}' }, then: { a: 2 } },
        { when: { amount: 5 }, then: { a: 3 } },
      ],
    };
    expect(decisionTableIssues(table)).toEqual([]);
  });

  test('words that are not declared leave anything else undecided', () => {
    const table = { columns: [{ id: 'c', type: 'choice' }], rows: [{ when: { c: 'a' } }, { when: { c: ['b'] } }] };
    expect(decisionTableIssues(table).map(({ message }) => message)).toEqual(['No row decides c anything else.']);
  });

  test('a table beyond what can be looked at says so, and soon', () => {
    const many = Array.from({ length: 14 }, (_, at) => ({ id: `c${at}`, type: 'number' }));
    const wide = Array.from({ length: 400 }, (_, at) => ({
      when: Object.fromEntries(many.map(({ id }, column) => [id, { gte: (at * 7 + column * 3) % 97 }])),
    }));
    const begun = performance.now();
    expect(decisionTableIssues({ columns: many, rows: wide }).map(({ code }) => code)).toEqual(['table.too-large']);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  const numbers = (count: number, add = 0) => Array.from({ length: count }, (_, at) => at + add);
  const columnsOf = (count: number) => numbers(count).map((at) => ({ id: `c${at}`, type: 'number' }));

  test.for([
    ['one cell of 20,000 numbers', columnsOf(1), [{ when: { c0: { in: numbers(20_000) } } }]],
    ['one cell of as many words', [{ id: 'c', type: 'choice' }], [{ when: { c: numbers(20_000).map(String) } }]],
    ['choices without end', [{ id: 'c', type: 'choice', choices: numbers(20_000).map(String) }], [{ when: {} }]],
    [
      'rows by columns by numbers',
      columnsOf(40),
      numbers(500).map((row) => ({
        when: Object.fromEntries(columnsOf(40).map(({ id }) => [id, { in: numbers(3, row) }])),
        then: { row },
      })),
    ],
  ])('%s are too large to be looked at', { timeout: 60_000 }, ([, many, wide]) => {
    expect(decisionTableIssues({ columns: many, rows: wide }).map(({ code }) => code)).toEqual(['table.too-large']);
  });

  test('sets of regions are never made for more regions than are looked at', () => {
    const cells = [{ c0: { in: numbers(20_000) } }];
    expect(() => axesOf(columnsOf(1), cells)).toThrow(TooLarge);
  });

  test('making axes and masks is work that the budget counts', () => {
    const budget = fullBudget();
    const [axis] = axesOf(columnsOf(1), [{ c0: { in: numbers(900) } }], budget);
    const afterAxes = budget.steps;
    expect(afterAxes).toBeLessThanOrEqual(fullBudget().steps - 900);
    for (const number of numbers(50)) maskOf({ gte: number, lt: number + 2 }, axis!, budget);
    expect(budget.steps).toBeLessThan(afterAxes - 50 * 2 * 100);
  });

  test('what no operation compares with cuts nothing', () => {
    expect(axesOf(columnsOf(1), [{ c0: { nothing: numbers(5_000), gte: 1 } }])[0]?.regions).toHaveLength(3);
  });

  test('whatever is in the document, looking at it never throws', () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.record({ columns: fc.anything(), rows: fc.anything() }),
      fc.record({ columns: fc.array(fc.anything()), rows: fc.array(fc.anything()) }),
    );
    const hostile = fc.record({
      columns: fc.array(
        fc.record({
          id: fc.constantFrom('__proto__', 'a', 'constructor'),
          type: fc.constantFrom('number', 'choice', 'whole', 'boolean'),
          choices: fc.anything(),
        }),
      ),
      rows: fc.array(
        fc.record({
          when: fc.dictionary(fc.constantFrom('__proto__', 'a', 'constructor'), fc.anything()),
          then: fc.anything(),
        }),
      ),
      hit: fc.anything(),
    });
    fc.assert(
      fc.property(fc.oneof(odd, hostile), (params) => {
        expect(Array.isArray(decisionTableIssues(params))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
