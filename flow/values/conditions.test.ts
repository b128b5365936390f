import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../facts/faults.ts';
import { holds, same } from './conditions.ts';
import type { Comparing } from './conditions.ts';
import { conditionOp } from './condition.ts';
import type { ConditionOp } from './condition.ts';

const loose: Comparing = { loose: true };
const anyCase: Comparing = { ignoreCase: true };

describe('one condition', () => {
  test.each<[unknown, ConditionOp, unknown, boolean, Comparing?]>([
    [5, 'equals', 5, true],
    ['5', 'equals', 5, true, loose],
    ['true', 'equals', true, true, loose],
    ['Åsa', 'equals', 'åsa', false],
    ['Åsa', 'equals', 'åsa', true, anyCase],
    [{ a: 1, b: [2] }, 'equals', { b: [2], a: 1 }, true],
    [[1, 2], 'equals', [2, 1], false],
    [null, 'equals', undefined, true],
    ['', 'equals', null, false],
    ['', 'equals', null, true, loose],
    [0, 'equals', null, false, loose],
    [5, 'not-equals', 6, true],
    ['hello', 'contains', 'ell', true],
    [['a', 'b'], 'contains', 'b', true],
    [[{ id: 1 }], 'contains', { id: 1 }, true],
    [null, 'contains', 'a', false],
    [null, 'not-contains', 'a', true],
    [105, 'contains', '05', true, loose],
    ['hello', 'starts-with', 'he', true],
    ['hello', 'not-starts-with', 'lo', true],
    ['hello', 'ends-with', 'LO', true, anyCase],
    ['a1b', 'matches', '\\d', true],
    ['ABC', 'matches', '^abc$', false],
    ['ABC', 'matches', '^abc$', true, anyCase],
    [null, 'matches', '.*', false],
    ['b', 'in', ['a', 'b'], true],
    ['c', 'not-in', ['a', 'b'], true],
    [3, 'gt', 2, true],
    [2, 'gt', 2, false],
    [2, 'gte', 2, true],
    [1, 'lt', 2, true],
    [2, 'lte', 2, true],
    [null, 'lt', 5, false],
    [undefined, 'gte', 0, false],
    ['10', 'gt', 9, true, loose],
    ['2026-01-01', 'before', '2026-01-02', true],
    ['2026-01-01T01:00:00+02:00', 'before', '2026-01-01T00:00:00Z', true],
    [1_767_225_600_000, 'after', '2025-12-31', true],
    [null, 'before', '2026-01-01', false],
    ['', 'empty', undefined, true],
    [[], 'empty', undefined, true],
    [{}, 'empty', undefined, true],
    [0, 'empty', undefined, false],
    [false, 'not-empty', undefined, true],
    [null, 'exists', undefined, false],
    [0, 'exists', undefined, true],
    [undefined, 'not-exists', undefined, true],
    [true, 'is-true', undefined, true],
    ['yes', 'is-true', undefined, true, loose],
    [0, 'is-false', undefined, true, loose],
    [null, 'is-false', undefined, false],
    [{ a: undefined }, 'has-key', 'a', true],
    [{}, 'has-key', 'toString', false],
    [{}, 'not-has-key', 'a', true],
    ['🎈å', 'length-equals', 2, true],
    [[1, 2], 'length-gt', 1, true],
    [null, 'length-lt', 1, true],
    [{ a: 1 }, 'length-not-equals', 1, false],
  ])('%j %s %j is %s', (left, op, right, expected, how) => {
    expect(holds({ left, op, right }, how)).toBe(expected);
  });

  test.each<[unknown, ConditionOp, unknown]>([
    ['10', 'gt', 5],
    [{}, 'lt', 1],
    [5, 'contains', 'x'],
    ['soon', 'before', '2026-01-01'],
    ['5', 'equals', 5],
    [5, 'not-equals', '5'],
    ['true', 'is-true', undefined],
    [0, 'is-false', undefined],
    [[1, 2], 'contains', '1'],
    ['1', 'in', [1, 2]],
    ['1', 'not-in', [1, 2]],
    ['a', 'has-key', 'a'],
    [[1], 'equals', '1'],
    [20_190_630_070_754, 'before', '20'],
    ['12:30', 'after', '2026-01-01'],
    ['a', 'matches', '(?=x)'],
    [5, 'length-gt', 1],
  ])('%j %s %j is a fault and not a quiet no', (left, op, right) => {
    expect(() => holds({ left, op, right })).toThrow(
      expect.objectContaining({ code: 'data.invalid', mend: expect.any(String) }),
    );
  });

  test.each([
    ['5', 'gt', 4, true],
    ['a lot', 'gt', 4, false],
    ['5', 'equals', 5, true],
    ['five', 'equals', 5, false],
    [5, 'contains', '5', true],
    [[5], 'contains', '5', true],
    ['yes', 'is-true', undefined, true],
    ['maybe', 'is-true', undefined, false],
    ['soon', 'before', '2026-01-01', false],
  ] as const)('“Convert types” is advised where it helps: %j %s %j', (left, op, right, isAdvised) => {
    const mendOf = (how = {}) => {
      try {
        return String(holds({ left, op, right }, how));
      } catch (fault) {
        return fault instanceof Fault ? (fault.mend ?? '') : String(fault);
      }
    };
    expect(mendOf().includes('Convert types')).toBe(isAdvised);
    // It is switched on: nobody is told to switch it on.
    expect(mendOf({ loose: true })).not.toContain('Convert types');
  });

  test('a fault said “text, which has-key needs”: operations are called as in the form', () => {
    expect(() => holds({ left: { a: 1 }, op: 'has-key', right: 5 })).toThrow('text, which “has the field” needs');
    expect(() => holds({ left: 5, op: 'not-matches', right: 'a' })).toThrow('text, which “matches the pattern” needs');
  });

  test('a date without an offset is read in the zone', () => {
    const where = { left: '2026-01-01T00:30:00', op: 'before', right: '2026-01-01T00:00:00Z' } as const;
    expect(holds(where, { zone: 'Europe/Berlin' })).toBe(true);
    expect(holds(where, { zone: 'UTC' })).toBe(false);
  });
});

describe('laws', () => {
  const yes = { left: 1, op: 'equals', right: 1 } as const;
  const no = { left: 1, op: 'equals', right: 2 } as const;

  test('all is and, any is or, however they nest; no condition at all holds for all and not for any', () => {
    expect(holds({ all: [yes, { any: [no, yes] }] })).toBe(true);
    expect(holds({ all: [yes, { any: [no] }] })).toBe(false);
    expect(holds({ all: [] })).toBe(true);
    expect(holds({ any: [] })).toBe(false);
  });

  test('every not- operation is the opposite of its own', () => {
    const pairs = conditionOp.options
      .filter((op) => op.includes('not-'))
      .map((op) => [op, op.replace('not-', '')] as const);
    expect(pairs.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs),
        fc.constantFrom('', 'a', 'ab'),
        fc.constantFrom('a', 'b'),
        ([op, positive], left, right) => {
          const numeric = op.startsWith('length');
          const condition = {
            left: op.endsWith('has-key') ? { [left]: 1 } : left,
            right: numeric ? 1 : op.endsWith('in') ? [right] : right,
          };
          expect(holds({ ...condition, op })).toBe(!holds({ ...condition, op: conditionOp.parse(positive) }));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('every value is the same as its copy, and sameness has no direction', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.boolean(), (one, other, isLoose) => {
        const how = { loose: isLoose };
        expect(same(one, structuredClone(one), how)).toBe(true);
        expect(same(one, other, how)).toBe(same(other, one, how));
      }),
      { numRuns: 200 },
    );
  });
});
