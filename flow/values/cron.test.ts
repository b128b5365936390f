import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cronRuns, lookAtCron } from './cron.ts';

const part = (least: number, most: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: least, max: most }).map(String),
    fc.integer({ min: 2, max: 30 }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
      .map((both) => both.join(',')),
  );
const rules = fc.oneof(
  fc
    .tuple(part(0, 59), fc.constantFrom('*', '0', '1', '2', '3', '1-3', '23', '*/2'))
    .map((two) => [...two, '* * *'].join(' ')),
  fc
    .tuple(
      fc.constantFrom('0', '30', '*/20'),
      fc.constantFrom('*', '0', '15', '*/7'),
      fc.constantFrom('*', '1', '2', '1,2'),
    )
    .map((three) => [...three, '* * *'].join(' ')),
  fc.constantFrom('30 2 * 3,10 0L', '*/15 2 * 3,10 0L', '*/15 0 31 * *', '0 0 * * 1', '@hourly', '@daily'),
);
/** A moment at which each zone's clock is set. */
const turns: Readonly<Record<string, readonly string[]>> = {
  'Europe/Berlin': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
  'America/Santiago': ['2026-04-05T03:00:00Z', '2026-09-06T04:00:00Z'],
  'Asia/Kolkata': ['2026-01-01T00:00:00Z'],
  UTC: ['2026-01-01T00:00:00Z'],
};
const places = fc
  .constantFrom(
    ...Object.entries(turns).flatMap(([zone, moments]) => moments.map((turn) => [zone, Date.parse(turn)] as const)),
  )
  .chain(([zone, turn]) =>
    fc.tuple(
      fc.constant(zone),
      fc.integer({ min: -9_000, max: 9_000 }).map((seconds) => turn + seconds * 1_000 + 7),
    ),
  );

test('a rule comes due when croner says so by itself, also where clocks are set', () => {
  fc.assert(
    fc.property(rules, places, (rule, [zone, after]) => {
      const own = cronRuns(rule, zone);
      const croner = new Cron(rule, { paused: true, timezone: zone });
      for (let at: Date | null = new Date(after), n = 0; at && n < 4; n++) {
        const next = own(at);
        expect(next?.toISOString()).toBe(croner.nextRun(at)?.toISOString());
        at = next;
      }
    }),
    { numRuns: 300 },
  );
});

test('seconds that a clock skips are not tried one by one: 20 such rules took 4 s', () => {
  const before = process.cpuUsage();
  for (let minute = 0; minute < 20; minute++) {
    const next = cronRuns(`* ${minute}-59 2 * 3,10 0L`, 'Europe/Berlin');
    const at = new Date(Date.UTC(2026, 0, 1));
    expect(next(at)?.toISOString()).toBe(new Date(Date.UTC(2026, 9, 25, 0, minute)).toISOString());
  }
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});

test('what was found is the answer until it comes due, and is looked for once', () => {
  const rule = '7 13 9 11 *';
  const first = cronRuns(rule, 'Europe/Berlin')(new Date('2026-01-01T00:00:00Z'));
  const search = { nextRun: Cron.prototype.nextRun, looks: 0 };
  Cron.prototype.nextRun = function counted(...asked) {
    search.looks++;
    return Reflect.apply(search.nextRun, this, asked);
  };
  try {
    for (const day of ['2026-01-01', '2026-05-17', '2026-11-09'])
      expect(cronRuns(rule, 'Europe/Berlin')(new Date(day))).toEqual(first);
    expect(search.looks).toBe(0);
    expect(cronRuns(rule, 'Europe/Berlin')(first!)?.getUTCFullYear()).toBe(2027);
    expect(search.looks).toBe(1);
  } finally {
    Cron.prototype.nextRun = search.nextRun;
  }
});

test.each([
  ['0 0 30 2 *', 'UTC', 'Check the day of the month'],
  ['* * 2 * 3 0L', 'UTC', undefined],
  ['* * 2 * 3 0L', 'Europe/Berlin', 'The clocks of the time zone are set forward'],
  ['* 30 2 * 3 0L', 'Europe/Berlin', 'The clocks of the time zone are set forward'],
  ['30 2 * 3 0L', 'Europe/Berlin', undefined],
  ['* * 2 * 3,10 0L', 'Europe/Berlin', undefined],
])('%s in %s: %s', (rule, zone, mend) => {
  const { trouble } = lookAtCron(rule, zone);
  if (mend === undefined) expect(trouble).toBeUndefined();
  else expect(trouble?.mend).toContain(mend);
});
