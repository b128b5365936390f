import { DateTime } from 'luxon';
import { durationMs } from '../document/duration.ts';

/** One rule of a schedule, whole: a fixed interval (a number counts as seconds), a place in the calendar, or cron. */
export type ScheduleRule =
  | { readonly every: string | number }
  | { readonly cron: string }
  | { readonly unit: 'hours'; readonly every: number; readonly minute: number }
  | { readonly unit: 'days'; readonly every: number; readonly hour: number; readonly minute: number }
  | {
      readonly unit: 'weeks';
      readonly every: number;
      readonly on: readonly string[];
      readonly hour: number;
      readonly minute: number;
    }
  | {
      readonly unit: 'months';
      readonly every: number;
      readonly day: number | 'last';
      readonly hour: number;
      readonly minute: number;
    };

const weekdays: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * When a rule runs, for the host that works out instants: every so many milliseconds, counted from 1970; or at the times of a cron
 * pattern (with `L` for a month's last day) that `isKept` confirms, which is how "every second week" is said.
 */
export type Times = { readonly everyMs: number } | { readonly cron: string };

/** The times of a rule. Throws nothing: a rule that was parsed has times. */
export function timesOf(rule: ScheduleRule): Times {
  if ('cron' in rule) return { cron: rule.cron };
  if (!('unit' in rule))
    return {
      everyMs: Math.max(1_000, durationMs(rule.every) ?? 0),
    };
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
