import { DateTime } from 'luxon';
import * as z from 'zod';
import { cron, duration, millisecondsOf } from '../kit/fields.ts';

const stride = (title: string) => z.int().min(1).max(1_000).default(1).meta({ title, ui: 'number' });
const minute = z.int().min(0).max(59).default(0).meta({ title: 'Minute', ui: 'number' });
const hour = z.int().min(0).max(23).default(0).meta({ title: 'Hour', ui: 'number' });
const dayNames = {
  sun: 'Sun',
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
};
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** One rule of a schedule: a fixed interval, a place in the calendar, or cron. */
export const scheduleRule = z.union([
  z
    .strictObject({ every: duration({ title: 'Every', noun: 'an interval', placeholder: '15m' }) })
    .meta({ title: 'Interval' }),
  z.strictObject({ cron: cron({ title: 'Cron expression', placeholder: '0 9 * * 1-5' }) }).meta({ title: 'Cron' }),
  z.discriminatedUnion('unit', [
    z.strictObject({ unit: z.literal('hours'), every: stride('Every how many hours'), minute }),
    z.strictObject({ unit: z.literal('days'), every: stride('Every how many days'), hour, minute }),
    z.strictObject({
      unit: z.literal('weeks'),
      every: stride('Every how many weeks'),
      on: z
        .array(z.enum(weekdays))
        .min(1)
        .default(['mon'])
        .meta({ title: 'On', ui: 'weekdays', noun: 'a weekday', labels: dayNames }),
      hour,
      minute,
    }),
    z.strictObject({
      unit: z.literal('months'),
      every: stride('Every how many months'),
      day: z
        .union([z.int().min(1).max(31), z.literal('last')])
        .default(1)
        .meta({ title: 'Day', description: 'Months without that day are skipped; last is the last day.' }),
      hour,
      minute,
    }),
  ]),
]);
export type ScheduleRule = z.infer<typeof scheduleRule>;

/**
 * When a rule fires, for the host that works out instants: every so many milliseconds, counted from 1970; or at the times of a cron
 * pattern (with `L` for a month's last day) that `isKept` confirms, which is how "every second week" is said.
 */
export type Times = { readonly everyMs: number } | { readonly cron: string };

/** The times of a rule. Throws nothing: a rule that was parsed has times. */
export function timesOf(rule: ScheduleRule): Times {
  if ('cron' in rule) return { cron: rule.cron };
  if (!('unit' in rule)) return { everyMs: Math.max(1_000, millisecondsOf(rule.every) ?? 0) };
  if (rule.unit === 'hours') return { cron: `${rule.minute} * * * *` };
  const clock = `${rule.minute} ${rule.hour}`;
  if (rule.unit === 'days') return { cron: `${clock} * * *` };
  if (rule.unit === 'weeks') return { cron: `${clock} * * ${rule.on.map((day) => weekdays.indexOf(day)).join(',')}` };
  return { cron: `${clock} ${rule.day === 'last' ? 'L' : rule.day} * *` };
}

/**
 * Tells whether a fire of the rule's cron pattern counts, when the rule fires only every n-th hour, day, week or month. They are
 * counted on the calendar of the zone from Monday, 5 January 1970, so that a restart or a new version changes nothing.
 */
export function isKept(rule: ScheduleRule, instant: number, zone: string): boolean {
  if (!('unit' in rule) || rule.every === 1) return true;
  const local = DateTime.fromMillis(instant, { zone });
  const days = Math.floor(Date.UTC(local.year, local.month - 1, local.day) / 86_400_000) - 4;
  const count = {
    hours: days * 24 + local.hour,
    days,
    weeks: Math.floor(days / 7),
    months: local.year * 12 + local.month - 1,
  }[rule.unit];
  return count % rule.every === 0;
}
