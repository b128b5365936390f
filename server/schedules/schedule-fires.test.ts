import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { isKept, timesOf } from '../../flow/values/schedule.ts';
import { scheduleRule } from '../../nodes/start/schedule-rule.ts';

/** The first fires of a rule after a moment, worked out as the host does. */
function fires(written: unknown, after: string, zone: string, count: number): string[] {
  const rule = scheduleRule.parse(written);
  const times = timesOf(rule);
  if ('everyMs' in times) throw new Error('an interval');
  const kept: string[] = [];
  const cron = new Cron(times.cron, { timezone: zone });
  for (let at = cron.nextRun(new Date(after)); at && kept.length < count; at = cron.nextRun(at)) {
    if (isKept(rule, at.getTime(), zone)) kept.push(at.toISOString());
  }
  return kept;
}

test.each([
  [{ cron: '0 9 * * 1-5' }, 'UTC', ['2026-01-16T09:00:00.000Z', '2026-01-19T09:00:00.000Z']],
  [{ unit: 'days', hour: 9, minute: 30 }, 'Europe/Berlin', ['2026-01-16T08:30:00.000Z', '2026-01-17T08:30:00.000Z']],
  [
    { unit: 'hours', every: 6, minute: 15 },
    'UTC',
    ['2026-01-15T12:15:00.000Z', '2026-01-15T18:15:00.000Z', '2026-01-16T00:15:00.000Z'],
  ],
  [{ unit: 'weeks', on: ['sun', 'wed'], hour: 1 }, 'UTC', ['2026-01-18T01:00:00.000Z', '2026-01-21T01:00:00.000Z']],
  [{ unit: 'months', day: 'last', hour: 0 }, 'UTC', ['2026-01-31T00:00:00.000Z', '2026-02-28T00:00:00.000Z']],
  [{ unit: 'months', every: 3, day: 1 }, 'UTC', ['2026-04-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z']],
])('%j in %s', (rule, zone, expected) => {
  expect(fires(rule, '2026-01-15T09:31:00Z', zone, expected.length)).toEqual(expected);
});

test('every second week means one week on, one week off, over the turn of the year too', () => {
  const found = fires(
    { unit: 'weeks', every: 2, on: ['fri'], hour: 12 },
    '2025-11-30T00:00:00Z',
    'Europe/Stockholm',
    6,
  );
  const gaps = found.slice(1).map((at, index) => (Date.parse(at) - Date.parse(found[index] ?? '')) / 86_400_000);
  expect(gaps).toEqual([14, 14, 14, 14, 14]);
});

test('every third day does not start again with each month', () => {
  const found = fires({ unit: 'days', every: 3 }, '2026-01-20T12:00:00Z', 'UTC', 8);
  const gaps = found.slice(1).map((at, index) => (Date.parse(at) - Date.parse(found[index] ?? '')) / 86_400_000);
  expect(new Set(gaps)).toEqual(new Set([3]));
});

test('an interval is milliseconds, never under a second', () => {
  expect(timesOf(scheduleRule.parse({ every: '15m' }))).toEqual({ everyMs: 900_000 });
  expect(timesOf(scheduleRule.parse({ every: '5ms' }))).toEqual({ everyMs: 1_000 });
});

test.each([
  { every: 'soon' },
  { cron: 'each day' },
  { unit: 'days', hour: 24 },
  { unit: 'weeks', on: [] },
  { unit: 'months', day: 32 },
  { unit: 'hours', cron: '0 * * * *' },
  {},
])('refuses %j', (rule) => {
  expect(scheduleRule.safeParse(rule).success).toBe(false);
});
