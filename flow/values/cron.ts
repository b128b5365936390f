import { Cron, CronPattern } from 'croner';
import { LRUCache } from 'lru-cache';
import { wallOf } from './wall.ts';
import type { Wall } from './wall.ts';

/** What is wrong with a value, and what to enter. */
export interface Trouble {
  readonly message: string;
  readonly mend: string;
}

/** Leap years, months of every length and each weekday on each day come within 40 years. */
const mostYears = 40;
const lastYear = 9_999;
const from = new Date(Date.UTC(2024, 0, 1));
/** Clocks are set forward once or twice a year: a rule that falls into each such hour of 40 years never comes due. */
const mostSkipped = 100;
/** Cron rules come due at seconds. */
const second = 1_000;

/** Finds the first moment after another at which a rule comes due, by `until` when that is given; null when none comes. */
export type NextRun = (after: Date, until?: number) => Date | null;

/** From when to when what was found is the answer, by zone and rule: schedules ask for the same moment again and again. */
const answers = new LRUCache<string, { readonly after: number; readonly next: number }>({ max: 5_000 });

/** The moments of a cron rule in a zone. Throws what croner says of a rule that cannot be read. */
export function cronRuns(rule: string, zone: string): NextRun {
  const name = `${zone} ${rule}`;
  let search: NextRun | undefined;
  return (after, until) => {
    const asked = after.getTime();
    const known = answers.get(name);
    if (known && known.after <= asked && asked < known.next) return new Date(known.next);
    search ??= zone === 'UTC' ? inUtc(rule) : inZone(rule, zone);
    const next = search(after, until);
    if (next) answers.set(name, { after: asked, next: next.getTime() });
    return next;
  };
}

/**
 * Croner looks through a thousand years for a rule that never comes due (90 ms): here it is told to look through 40 that the rule's own year
 * allows.
 */
function inUtc(rule: string, options: { timezone: string } | { utcOffset: number } = { utcOffset: 0 }): NextRun {
  const unbounded = new Cron(rule, { paused: true, ...options });
  let known: { readonly years: string; readonly cron: Cron } | undefined;
  return (after, until) => {
    const first = after.getUTCFullYear() - 1;
    // A year more on either side: what is new year in UTC need not be in the zone.
    const last = until === undefined ? lastYear : new Date(until).getUTCFullYear() + 1;
    const years = `${first} ${last}`;
    if (known?.years !== years) {
      const bounded = withinYears(rule, first, last);
      known = { years, cron: bounded === undefined ? unbounded : new Cron(bounded, { paused: true, ...options }) };
    }
    return known.cron.nextRun(after);
  };
}

/**
 * By the clock on the wall, for which croner needs no zone: in one it tries each second that a clock skips, 0.2 s for `* * 2 * 3,10 0L` in Berlin
 * and each year. Times that clocks skip do not come, and those that they show twice come twice; rules of one time a day are croner's own,
 * which comes to them at once.
 */
function inZone(rule: string, zone: string): NextRun {
  if (isDate(rule) || new CronPattern(rule, zone).isFixedTime) return inUtc(rule, { timezone: zone });
  const wall = wallOf(zone);
  const onWall = inUtc(rule);
  return (after, until) => {
    const moment = Math.floor(after.getTime() / second) * second;
    const again = repeated(wall, onWall, moment);
    if (again !== undefined) return new Date(again);
    let shown = wall.at(moment);
    for (let skipped = 0; skipped < mostSkipped; skipped++) {
      const next = onWall(new Date(shown), until)?.getTime();
      if (next === undefined) return null;
      const found = wall.momentsOf(next).find((one) => one > moment);
      if (found !== undefined) return new Date(found);
      // The clock never shows it: on from where it goes on.
      shown = wall.at(wall.turn(next - day, next + day)) - second;
    }
    return null;
  };
}

const day = 86_400_000;

/** When a rule comes due while the clock shows for the second time what it showed at this moment or since. */
function repeated(wall: Wall, onWall: NextRun, moment: number): number | undefined {
  const [first, again] = wall.momentsOf(wall.at(moment));
  if (again === undefined || first !== moment) return undefined;
  const turn = wall.turn(moment, again);
  const [end, begin] = [wall.at(turn - second) + second, wall.at(turn)];
  const next = (shown: number) => onWall(new Date(shown))?.getTime() ?? Number.POSITIVE_INFINITY;
  const before = next(wall.at(moment));
  if (before < end) return moment + before - wall.at(moment);
  const shown = next(begin - second);
  return shown < end ? turn + shown - begin : undefined;
}

/** Whether a rule is a moment and not a pattern. */
const isDate = (rule: string): boolean => rule.includes(':');

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

function firstRun(rule: string, zone: string): Look {
  const at = cronRuns(rule, zone)(from);
  if (at) return { years: at.getUTCFullYear() - from.getUTCFullYear() + 1 };
  const mend =
    cronRuns(rule, 'UTC')(from) === null
      ? 'Check the day of the month against the month.'
      : 'The clocks of the time zone are set forward over this time: choose another.';
  return { trouble: { message: 'This never runs.', mend }, years: mostYears };
}
