import * as z from 'zod';
import { cron, duration } from '../kit/fields.ts';

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
