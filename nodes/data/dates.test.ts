import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workOut } from './date-operations.ts';
import type { DateParams, DateUnit } from './date-operations.ts';
import { readDate } from '../../flow/values/date.ts';

const base: DateParams = { operation: 'parse', format: 'iso', locale: 'en', amount: 1, unit: 'days', to: 'start' };
const units: DateUnit[] = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'];
const instant = fc
  .date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.getTime());
const zone = fc.constantFrom('utc', 'Europe/Stockholm', 'America/New_York', 'Asia/Kathmandu');

describe('dates', () => {
  test.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01 10:00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['Sun, 01 Mar 2026 10:00:00 GMT', '2026-03-01T10:00:00.000Z'],
    [1_772_359_200, '2026-03-01T10:00:00.000Z'],
    [1_772_359_200_000, '2026-03-01T10:00:00.000Z'],
    ['1772359200', '2026-03-01T10:00:00.000Z'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (value, iso) => {
    expect(readDate(value, 'utc')?.toISO()).toBe(iso);
  });

  test.each(['', 'soon', '2026-02-30', {}, [], true, Number.NaN, '12'])('%j is no date', (value) => {
    expect(readDate(value, 'utc')?.toISO() ?? 'none').toBe('none');
  });

  test('what is printed is read again as the same instant, in any zone', () => {
    fc.assert(
      fc.property(instant, zone, (millis, place) => {
        const text = workOut({ ...base, value: millis }, place);
        expect(readDate(text, 'utc')?.toMillis()).toBe(readDate(millis, 'utc')?.toMillis());
      }),
      { numRuns: 200 },
    );
  });

  test('rounding to the start is at or before, to the end at or after, and a second time changes nothing', () => {
    fc.assert(
      fc.property(instant, zone, fc.constantFrom(...units), (millis, place, unit) => {
        const round = (value: unknown, to: DateParams['to']) =>
          workOut({ ...base, operation: 'round', value, unit, to }, place);
        const [start, end] = [round(millis, 'start'), round(millis, 'end')];
        const at = readDate(millis, place)!.toMillis();
        expect(readDate(start, place)!.toMillis()).toBeLessThanOrEqual(at);
        expect(readDate(end, place)!.toMillis()).toBeGreaterThanOrEqual(at);
        expect(round(start, 'start')).toBe(start);
      }),
      { numRuns: 200 },
    );
  });

  test('the time between a date and the date with hours added is those hours', () => {
    fc.assert(
      fc.property(instant, zone, fc.integer({ min: -10_000, max: 10_000 }), (millis, place, amount) => {
        const later = workOut({ ...base, operation: 'add', value: millis, amount, unit: 'hours' }, place);
        expect(
          workOut({ ...base, operation: 'difference', value: millis, until: later, unit: 'hours' }, place),
        ).toBeCloseTo(amount, 6);
      }),
      { numRuns: 200 },
    );
  });

  test('no zone of that name, no date, nothing at all', () => {
    expect(() => workOut({ ...base, value: 0 }, 'Mars/Olympus')).toThrow('There is no time zone');
    expect(() => workOut({ ...base, value: 'x' }, 'utc')).toThrow('This is not a date: "x".');
    expect(workOut({ ...base, value: undefined }, 'utc')).toBeNull();
  });
});
