import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../facts/faults.ts';
import { conditionOp } from '../../values/condition.ts';
import type { ConditionOp } from '../../values/condition.ts';
import { holds } from '../../values/conditions.ts';
import type { Comparing } from '../../values/conditions.ts';
import { holdsOver } from './condition.ts';

/** What a run says, where it can say something. */
function atRun(left: unknown, op: ConditionOp, right: unknown, how: Comparing): boolean | undefined {
  try {
    return holds({ left, op, right }, how);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

const inEditor = (left: unknown, op: ConditionOp, right: unknown, how: Comparing): boolean =>
  holdsOver({ left: '{{ $json.left }}', op, right: '{{ $json.right }}' }, { left, right }, how);

// oxfmt-ignore
const values = [
  undefined, null, '', 'a', 'Abc', 'abc', '5', '5.0', 'yes', 'true', '2026-01-01', '2026-01-01T00:00:00Z', '12:30',
  0, 5, 20_190_630, 1_767_225_600, 1_767_225_600_000, true, false, [], ['a', 5], [5], {}, { a: 1 }, { Abc: null },
];
const ways: readonly Comparing[] = [{}, { loose: true }, { ignoreCase: true }, { zone: 'Europe/Berlin' }];

describe('the editor and a run read conditions alike', () => {
  test.each(conditionOp.options)('%s, over every pair of kinds', (op) => {
    for (const left of values)
      for (const right of values)
        for (const how of ways)
          expect(inEditor(left, op, right, how), `${JSON.stringify(left)} ${op} ${JSON.stringify(right)}`).toBe(
            atRun(left, op, right, how) === true,
          );
  });

  test('whatever the values', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('{{')),
        fc.constantFrom(...conditionOp.options),
        fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('{{')),
        fc.constantFrom(...ways),
        (left, op, right, how) => {
          expect(inEditor(left, op, right, how)).toBe(atRun(left, op, right, how) === true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each<[ConditionOp, unknown, unknown]>([
    ['ends-with', 'report.csv', '.csv'],
    ['before', '2026-01-01', '2026-01-02'],
    ['after', '2026-01-02', '2026-01-01'],
    ['matches', 'A1', '^A\\d$'],
    ['not-matches', 'B1', '^A\\d$'],
    ['length-equals', '🎈å', 2],
  ])('%s holds in the editor as it does in a run', (op, left, right) => {
    expect(holdsOver({ left, op, right }, {})).toBe(true);
  });
});

test('what is only known in a run holds in no check, and neither does what cannot be compared', () => {
  const over = (left: unknown, op: string, right?: unknown) =>
    holdsOver({ left: '{{ $json.p }}', op, right }, { p: left });
  expect(over('{{ $json.x }}', 'not-equals', 'a')).toBe(false);
  expect(over('{{ $json.x }}', 'equals', '{{ $json.x }}')).toBe(false);
  expect(over('5', 'equals', 5)).toBe(false);
  expect(over('5', 'not-equals', 5)).toBe(false);
  expect(over('5', 'sounds-like', 5)).toBe(false);
});

test('one part that is false settles all, one that is true settles any', () => {
  const open = { left: '{{ $json.p }}', op: 'equals', right: 1 };
  const params = { p: '{{ $json.x }}' };
  const yes = { left: 1, op: 'equals', right: 1 };
  expect(holdsOver({ any: [open, yes] }, params)).toBe(true);
  expect(holdsOver({ all: [open, yes] }, params)).toBe(false);
  expect(holdsOver({ all: [yes, { any: [yes] }] }, params)).toBe(true);
});
