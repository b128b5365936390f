import { Cron } from 'croner';
import { DateTime } from 'luxon';

/** What is wrong with a value, and what to enter. */
export interface Trouble {
  readonly message: string;
  readonly mend: string;
}

/** Leap years, months of every length and each weekday on each day come within 40 years. */
const mostYears = 40;
const lastYear = 9_999;
const from = new Date(Date.UTC(2024, 0, 1));
/** Minutes that a clock skips, one after the other: those of three years. */
const mostSkipped = 200;

/** Finds the first moment after another at which a rule comes due, by `until` when that is given; null when none comes. */
export type NextRun = (after: Date, until?: number) => Date | null;

/**
 * The moments of a cron rule in a zone. Croner looks through a thousand years for a rule that never comes due (90 ms): here it is told
 * to look through 40 that the rule's own year allows. Throws what croner says of a rule that cannot be read.
 */
export function cronRuns(rule: string, zone: string): NextRun {
  const options = { paused: true, timezone: zone };
  const unbounded = new Cron(rule, options);
  let known: { readonly years: string; readonly cron: Cron } | undefined;
  return (after, until) => {
    const first = after.getUTCFullYear() - 1;
    // A year more on either side: what is new year in UTC need not be in the zone.
    const last = until === undefined ? lastYear : new Date(until).getUTCFullYear() + 1;
    const years = `${first} ${last}`;
    if (known?.years !== years) {
      const bounded = withinYears(rule, first, last);
      known = { years, cron: bounded === undefined ? unbounded : new Cron(bounded, options) };
    }
    return known.cron.nextRun(after);
  };
}

/** The rule with the years written out in which it is looked for; undefined for one that has none to look through. */
function withinYears(rule: string, first: number, last: number): string | undefined {
  const fields = rule.trim().split(/\s+/);
  // Names such as @daily come due; a date has one moment.
  if (fields.length < 5) return undefined;
  const times = fields.length === 5 ? ['0', ...fields] : fields.slice(0, 6);
  const own = fields[6] ?? '*';
  const years: number[] = [];
  for (let year = Math.max(first, 1); year <= Math.min(last, lastYear) && years.length < mostYears + 2; year++)
    if (isYearOf(own, year)) years.push(year);
  return years.length === 0 ? undefined : [...times, years.join(',')].join(' ');
}

/** Whether the year of a rule, as croner reads it, allows one: `*`, `2030`, `2030-2040`, with `/2` after the first and last, by commas. */
const isYearOf = (field: string, year: number): boolean =>
  field.split(',').some((part) => {
    const [, least, most = least, step = '1'] = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (least === undefined) return /^[*?]/.test(part) && year % Number(step) === 0;
    return year >= Number(least) && year <= Number(most) && (year - Number(least)) % Number(step) === 0;
  });

/** What a look at a rule found, and how many years it had to look through for that. */
export interface Look {
  readonly trouble?: Trouble;
  readonly years: number;
}

/** Looks whether a cron rule can be read, in the words of the library that times it, and whether it ever comes due. */
export function lookAtCron(rule: string, zone = 'UTC'): Look {
  const mend = 'Enter minute, hour, day of month, month and weekday, such as 0 9 * * 1-5.';
  if (rule.trim() === '') return { trouble: { message: 'No times are set.', mend }, years: 0 };
  try {
    return firstRun(rule.trim(), zone);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'It cannot be read.';
    return { trouble: { message: /[.!?]$/.test(why) ? why : `${why}.`, mend }, years: 1 };
  }
}

/** What is wrong with a cron rule; or that it never comes due, as on 30 February. Undefined when it is fine. */
export const cronTrouble = (rule: string, zone = 'UTC'): Trouble | undefined => lookAtCron(rule, zone).trouble;

/**
 * By the clock on the wall, minute by minute where the zone's clock skips it: croner goes through each second that is skipped, which takes
 * 0.2 s for `* * 2 * 3 0L` in Berlin and each year.
 */
function firstRun(rule: string, zone: string): Look {
  const next = cronRuns(rule, 'UTC');
  let at = next(from);
  let skipped = 0;
  for (; at && skipped < mostSkipped; skipped++) {
    if (isOnce(rule) || isShown(at, zone)) return { years: at.getUTCFullYear() - from.getUTCFullYear() + 1 };
    at = next(new Date((Math.floor(at.getTime() / 60_000) + 1) * 60_000 - 1_000));
  }
  const mend =
    skipped > 0
      ? 'The clocks of the time zone are set forward over this time: choose another.'
      : 'Check the day of the month against the month.';
  return { trouble: { message: 'This never runs.', mend }, years: mostYears };
}

/** Whether a rule has one time a day: when clocks skip it, it comes due right after. */
function isOnce(rule: string): boolean {
  const fields = rule.split(/\s+/);
  return fields
    .slice(0, fields.length > 5 ? 3 : 2)
    .every((field) => /^[\d,-]+$/.test(field) && new Set(field.split(/[,-]/)).size === 1);
}

/** Whether the clocks of a zone show the time that a moment has in UTC. */
function isShown(at: Date, zone: string): boolean {
  const [hour, minute] = [at.getUTCHours(), at.getUTCMinutes()];
  const day = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  const local = DateTime.fromObject({ ...day, hour, minute }, { zone });
  return local.hour === hour && local.minute === minute;
}
