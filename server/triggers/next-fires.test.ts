import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isKept, timesOf } from '../../flow/values/schedule.ts';
import { scheduleRule } from '../../nodes/start/schedule-rule.ts';
import { nextFires, nextOfAll } from '../../flow/values/next-fires.ts';
import { firesToMake } from '../schedules/schedule.ts';

const fires = (rule: unknown, zone: string, after: string, count: number) =>
  nextFires(scheduleRule.parse(rule), zone, Date.parse(after), { count }).map((at) => new Date(at).toISOString());

describe('half past two in Berlin, every day (F23)', () => {
  const daily = { unit: 'days', hour: 2, minute: 30 };

  test('fires once on the day that skips it, when the clock has jumped', () => {
    expect(fires(daily, 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  test('fires once on the day that has it twice', () => {
    expect(fires(daily, 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    // Asked between the two: the day is done.
    expect(fires(daily, 'Europe/Berlin', '2026-10-25T00:45:00Z', 1)).toEqual(['2026-10-26T01:30:00.000Z']);
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo'])(
    'fires on each day of a year once in %s',
    (zone) => {
      const found = nextFires(scheduleRule.parse(daily), zone, Date.parse('2026-01-01T12:00:00Z'), { count: 365 });
      const day = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' });
      expect(new Set(found.map((at) => day.format(at))).size).toBe(365);
    },
  );
});

test('every hour goes through both nights hour by hour', () => {
  const hourly = { unit: 'hours', minute: 15 };
  const gaps = (after: string) => {
    const found = fires(hourly, 'Europe/Berlin', after, 6).map((at) => Date.parse(at));
    return found.slice(1).map((at, index) => (at - (found[index] ?? 0)) / 3_600_000);
  };
  expect(gaps('2026-03-28T23:00:00Z')).toEqual([1, 1, 1, 1, 1]);
  expect(gaps('2026-10-24T22:00:00Z')).toEqual([1, 1, 1, 1, 1]);
});

const rules = fc.oneof(
  fc.record({ every: fc.integer({ min: 1, max: 5_000 }).map((n) => `${n}s`) }),
  fc.record({
    unit: fc.constant('hours'),
    every: fc.integer({ min: 1, max: 30 }),
    minute: fc.integer({ min: 0, max: 59 }),
  }),
  fc.record({
    unit: fc.constant('days'),
    every: fc.integer({ min: 1, max: 9 }),
    hour: fc.integer({ min: 0, max: 23 }),
  }),
  fc.record({ cron: fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 0 1 * *', '15 3 * * 1-5') }),
);
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
const moments = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });

test('asking again from any fire goes on where it was: restarts and clocks that jump change nothing', () => {
  fc.assert(
    fc.property(rules, zones, moments, (written, zone, after) => {
      const rule = scheduleRule.parse(written);
      const all = nextFires(rule, zone, after, { count: 5 });
      expect(all.every((at, index) => at > (all[index - 1] ?? after))).toBe(true);
      for (const [index, at] of all.entries())
        expect(nextFires(rule, zone, at, { count: 4 - index })).toEqual(all.slice(index + 1));
      // A moment before a fire, the fire is next.
      const first = all[0];
      if (first !== undefined) expect(nextFires(rule, zone, first - 1)).toEqual([first]);
    }),
    { numRuns: 200 },
  );
});

const strided = fc.oneof(
  fc.record({ unit: fc.constant('hours'), every: fc.integer({ min: 2, max: 60 }), minute: fc.constantFrom(0, 30) }),
  fc.record({
    unit: fc.constant('days'),
    every: fc.integer({ min: 2, max: 60 }),
    hour: fc.integer({ min: 0, max: 23 }),
  }),
  fc.record({
    unit: fc.constant('weeks'),
    every: fc.integer({ min: 2, max: 9 }),
    on: fc.constantFrom(['mon'], ['sun', 'wed']),
  }),
  fc.record({
    unit: fc.constant('months'),
    every: fc.integer({ min: 2, max: 9 }),
    day: fc.constantFrom(1, 30, 31, 'last'),
  }),
);

test('going from kept period to kept period finds what walking through all of them finds', () => {
  fc.assert(
    fc.property(strided, zones, moments, (written, zone, after) => {
      const rule = scheduleRule.parse(written);
      const times = timesOf(rule);
      const walked: number[] = [];
      const cron = new Cron('cron' in times ? times.cron : '', { timezone: zone, paused: true });
      for (let at = cron.nextRun(new Date(after)); at && walked.length < 3; at = cron.nextRun(at))
        if (isKept(rule, at.getTime(), zone)) walked.push(at.getTime());
      expect(nextFires(rule, zone, after, { count: 3 })).toEqual(walked);
    }),
    { numRuns: 60 },
  );
});

test('every 1,000 weeks on every day was walked to day by day, 45 ms for each schedule', () => {
  const on = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const rule = scheduleRule.parse({ unit: 'weeks', every: 1_000, on, hour: 2, minute: 30 });
  using looks = vi.spyOn(Cron.prototype, 'nextRun');
  expect(nextFires(rule, 'Europe/Berlin', Date.parse('2026-01-01'), { count: 2 })).toHaveLength(2);
  expect(looks.mock.calls.length).toBeLessThan(10);
});

test('rules that never come due are looked for through 40 years and not through a thousand', () => {
  const never = Array.from({ length: 60 }, (_, minute) => scheduleRule.parse({ cron: `${minute} 3 1-28 * +1#5` }));
  const before = process.cpuUsage();
  expect(nextOfAll(never, 'UTC', Date.parse('2026-01-01'))).toEqual([]);
  // 5.9 s before, 0.3 s now.
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_500);
});

test.each([
  ['0 0 12 1 1 * 2099', '2099-01-01T12:00:00.000Z'],
  ['0 0 12 1 1 * 2030-2050/7', '2030-01-01T12:00:00.000Z'],
  ['0 0 12 1 1 * */500', '2500-01-01T12:00:00.000Z'],
  ['0 0 29 2 +1', '2044-02-29T00:00:00.000Z'],
  ['@yearly', '2027-01-01T00:00:00.000Z'],
])('%s comes due however far off that is', (cron, at) => {
  expect(fires({ cron }, 'UTC', '2026-01-02T00:00:00Z', 1)).toEqual([at]);
});

test('two rules that fall on one moment fire once', () => {
  const both = [scheduleRule.parse({ cron: '0 * * * *' }), scheduleRule.parse({ every: '1h' })];
  expect(nextOfAll(both, 'UTC', Date.parse('2026-01-01T00:30:00Z'), { count: 2 })).toEqual([
    Date.parse('2026-01-01T01:00:00Z'),
    Date.parse('2026-01-01T02:00:00Z'),
  ]);
});

describe('nobody was there for three hours (F24)', () => {
  const every10m = [scheduleRule.parse({ every: '10m' })];
  const now = Date.parse('2026-01-01T12:05:00Z');
  const first = Date.parse('2026-01-01T09:10:00Z');
  const made = (missed: 'skip' | 'once' | 'all', at = now) =>
    firesToMake({ rules: every10m, zone: 'UTC', missed }, { first, since: at, now: at }).map((fire) =>
      new Date(fire).toISOString().slice(11, 16),
    );

  test('skip makes none of them', () => expect(made('skip')).toEqual([]));
  test('once makes the last of them', () => expect(made('once')).toEqual(['12:00']));
  test('all makes each of them', () => {
    expect(made('all')).toHaveLength(18);
    expect(made('all').slice(0, 2)).toEqual(['09:10', '09:20']);
  });
  test('one that is just due is made whatever is said of missed ones', () => {
    const justNow = Date.parse('2026-01-01T12:00:01Z');
    expect(made('skip', justNow)).toEqual(['12:00']);
    // One run is for all that were missed, and that is it.
    expect(made('once', justNow)).toEqual(['12:00']);
    expect(made('all', justNow).slice(-2)).toEqual(['11:50', '12:00']);
  });
  test('every 20 s: "Run once" started four and "Skip them" three, since what was less than a minute late counted as due', () => {
    const rules = [scheduleRule.parse({ every: '20s' })];
    const back = Date.parse('2026-01-01T12:01:17Z');
    const fires = (missed: 'skip' | 'once') =>
      firesToMake({ rules, zone: 'UTC', missed }, { first: back - 83_000, since: back, now: back });
    expect(fires('once')).toEqual([Date.parse('2026-01-01T12:01:00Z')]);
    expect(fires('skip')).toEqual([]);
  });
  test('a clock that went back makes nothing', () => expect(made('all', first - 1)).toEqual([]));

  test('every second for a year is made up for a hundred times and no more, in no time', () => {
    const rules = [scheduleRule.parse({ every: '1s' })];
    const began = performance.now();
    const found = firesToMake(
      { rules, zone: 'UTC', missed: 'all' },
      { first: now - 365 * 86_400_000, since: now, now },
    );
    expect(found).toHaveLength(100 + 6);
    expect(found.at(-1)).toBe(now);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
