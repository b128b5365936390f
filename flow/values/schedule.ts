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

type CalendarRule = Extract<ScheduleRule, { unit: string }>;

/**
 * Tells whether a fire of the rule's cron pattern counts, when the rule fires only every n-th hour, day, week or month. They are
 * counted on the calendar of the zone from Monday, 5 January 1970, so that a restart or a new version changes nothing.
 */
export function isKept(rule: ScheduleRule, instant: number, zone: string): boolean {
  return !('unit' in rule) || rule.every === 1 || countOf(rule, instant, zone) % rule.every === 0;
}

/**
 * From where to look on after a fire that does not count: shortly before the next hour, day, week or month that does, for nothing between
 * does. Walking there fire by fire takes 45 ms for every 1,000 weeks.
 */
export function lookOnFrom(rule: ScheduleRule, instant: number, zone: string): number {
  if (!('unit' in rule)) return instant;
  const next = (Math.floor(countOf(rule, instant, zone) / rule.every) + 1) * rule.every;
  // Clocks that are set may have shown less before.
  const early = rule.unit === 'hours' ? 3 * 3_600_000 : dayMs;
  const from = startOf(rule.unit, next, zone) - early;
  return from > instant ? from : instant;
}

const dayMs = 86_400_000;
/** From 1 January 1970, a Thursday, to the first Monday. */
const daysToMonday = 4;

function countOf(rule: CalendarRule, instant: number, zone: string): number {
  const local = DateTime.fromMillis(instant, { zone });
  const days = Math.floor(Date.UTC(local.year, local.month - 1, local.day) / dayMs) - daysToMonday;
  return {
    hours: days * 24 + local.hour,
    days,
    weeks: Math.floor(days / 7),
    months: local.year * 12 + local.month - 1,
  }[rule.unit];
}

/** When the hour, day, week or month of a count begins in a zone. */
function startOf(unit: CalendarRule['unit'], count: number, zone: string): number {
  if (unit === 'months')
    return DateTime.fromObject({ year: Math.floor(count / 12), month: (count % 12) + 1 }, { zone }).toMillis();
  const days = { hours: Math.floor(count / 24), days: count, weeks: count * 7 }[unit];
  const day = new Date((days + daysToMonday) * dayMs);
  const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  return DateTime.fromObject({ ...date, hour: unit === 'hours' ? count % 24 : 0 }, { zone }).toMillis();
}
