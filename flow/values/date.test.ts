import { describe, expect, test } from 'vitest';
import { readDate } from './date.ts';

const iso = (value: unknown, how = {}) => readDate(value, 'utc', how)?.toISO();

describe('one reader of dates', () => {
  test.each([
    ['20190630070754 is compact and not the year 2609', '20190630070754', '2019-06-30T07:07:54.000Z'],
    ['the same as a number', 20_190_630_070_754, '2019-06-30T07:07:54.000Z'],
    ['a compact day', '20190630', '2019-06-30T00:00:00.000Z'],
    ['a compact day as a number', 20_190_630, '2019-06-30T00:00:00.000Z'],
    ['compact with milliseconds', '20190630070754123', '2019-06-30T07:07:54.123Z'],
    ['ISO basic', '20190630T070754Z', '2019-06-30T07:07:54.000Z'],
    ['seconds', 1_709_649_015, '2024-03-05T14:30:15.000Z'],
    ['seconds as text', '1709649015', '2024-03-05T14:30:15.000Z'],
    ['seconds with a fraction', 1_709_649_015.25, '2024-03-05T14:30:15.250Z'],
    ['milliseconds', 1_709_649_015_000, '2024-03-05T14:30:15.000Z'],
    ['the first plausible second', 94_694_400, '1973-01-01T00:00:00.000Z'],
    ['the last plausible millisecond', 4_102_444_799_999, '2099-12-31T23:59:59.999Z'],
    ['a week', '2026-W10', '2026-03-02T00:00:00.000Z'],
    ['a month', '2026-05', '2026-05-01T00:00:00.000Z'],
    ['SQL', '2026-03-01 10:00:00', '2026-03-01T10:00:00.000Z'],
    ['mail', 'Sun, 01 Mar 2026 10:00:00 GMT', '2026-03-01T10:00:00.000Z'],
  ])('%s', (_, value, expected) => {
    expect(iso(value)).toBe(expected);
  });

  test.each([
    '20',
    '12',
    '12:30',
    'T12:30',
    '12:30:00',
    '2026',
    '2026-02-30',
    '20191399',
    '99999999999999',
    0,
    1,
    42,
    -1,
  ])('%j is no date', (value) => {
    expect(iso(value)).toBeUndefined();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, true, [], {}, '9'.repeat(300), `2026-${'0'.repeat(300)}`])(
    '%j is none either',
    (value) => {
      expect(iso(value)).toBeUndefined();
    },
  );

  test('a format reads digits as it says, also of a number', () => {
    expect(iso(24_122_026, { format: 'ddMMyyyy' })).toBe('2026-12-24T00:00:00.000Z');
  });

  test('compact digits are in the zone', () => {
    expect(readDate('20190630070754', 'Europe/Berlin')?.toUTC().toISO()).toBe('2019-06-30T05:07:54.000Z');
  });

  test('a plan of engine 1 keeps its reader', () => {
    expect(iso('20190630070754', { engine: 1 })).toMatch(/^2609-/);
    expect(iso(0, { engine: 1 })).toBe('1970-01-01T00:00:00.000Z');
    expect(iso('12:30', { engine: 1 })).toMatch(/T12:30/);
  });
});
