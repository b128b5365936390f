import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalSum } from './decimal.ts';
import { exactNumber } from './digits.ts';

describe('sums of money are taken digit by digit', () => {
  test.each([
    [[0.1, 0.2], 0.3],
    [[0.1, 0.2, 0.3, -0.6], 0],
    [[1.1, 2.2, 3.3], 6.6],
    [Array.from({ length: 1_000 }, () => 0.01), 10],
    [[4.35, 4.35, 4.35], 13.05],
    [[1e21, 0.1, -1e21], 0.1],
    [[1e-7, 2e-7], 3e-7],
    [[], 0],
  ])('%j makes %d', (values, sum) => {
    expect(decimalSum(values)).toBe(sum);
  });

  test('cents add up as whole cents do, in any order', () => {
    const cents = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(cents, (amounts) => {
        const whole = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(decimalSum(amounts.map((amount) => amount / 100))).toBe(whole / 100);
        expect(decimalSum(amounts.toReversed().map((amount) => amount / 100))).toBe(whole / 100);
      }),
    );
  });

  test('what has no digits is as in JavaScript', () => {
    expect(decimalSum([1, Number.NaN])).toBeNaN();
    expect(decimalSum([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('no digit of a number is lost', () => {
  test.each<[string, number | string | undefined]>([
    ['120219279256800279', '120219279256800279'],
    ['-120219279256800279', '-120219279256800279'],
    ['9007199254740993', '9007199254740993'],
    ['0.12345678901234567890123', '0.12345678901234567890123'],
    ['1e400', '1e400'],
    ['9007199254740992', 9_007_199_254_740_992],
    ['100000000000000000000', 100_000_000_000_000_000_000],
    [' 1.10 ', 1.1],
    ['+5', 5],
    ['.5', 0.5],
    ['007', 7],
    ['1e3', 1_000],
    ['-0', 0],
    ['', undefined],
    ['12a', undefined],
    ['0x10', undefined],
    ['1,5', undefined],
  ])('%j is %j', (text, expected) => {
    const made = exactNumber(text);
    expect(typeof made === 'number' ? made + 0 : made).toBe(expected);
  });

  test('every number that JavaScript prints is read as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(exactNumber(String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  test.each([
    ['zeros with a digit after them', `1.${'0'.repeat(100_000)}1`, true],
    ['digits with a letter after them', `${'1'.repeat(100_000)}x`, false],
  ])('100,000 %s are read in no time: each of them was tried with each', (_, text, isNumber) => {
    const { user } = process.cpuUsage();
    expect(exactNumber(text) === (isNumber ? text : undefined)).toBe(true);
    // 15 s before, milliseconds now.
    expect(process.cpuUsage().user - user).toBeLessThan(5_000_000);
  });
});
