import { DateTime, Interval, type DateTimeUnit, type DurationUnit } from 'luxon';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { DateBox, DurationBox, IntervalBox, MomentBox, momentOptions, ZoneBox } from '../values/dates.ts';
import { optionalText, toNumber, toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { boxed, momentArgument, unitOf } from './moments.ts';
import { locale, options } from './text.ts';

type Args = readonly unknown[];

/** Luxon's methods of a DateTime. Those that would ask the clock ask the scope. */
export const momentMethods: Methods<DateTime> = table({
  set: (run: Run, moment: DateTime, args: Args) => boxed(moment.set(fields(run, args[0]))),
  startOf: (run: Run, moment: DateTime, args: Args) => boxed(moment.startOf(dateUnit(run, args[0]), options(args[1]))),
  endOf: (run: Run, moment: DateTime, args: Args) => boxed(moment.endOf(dateUnit(run, args[0]), options(args[1]))),
  diff: (run: Run, moment: DateTime, args: Args) =>
    new DurationBox(moment.diff(momentArgument(run, args[0]), durationUnits(run, args[1]))),
  diffNow: (run: Run, moment: DateTime, args: Args) =>
    new DurationBox(moment.diff(DateTime.fromMillis(run.scope.now), durationUnits(run, args[0]))),
  toISO: (_run: Run, moment: DateTime, args: Args) => moment.toISO(options(args[0])),
  toISODate: (_run: Run, moment: DateTime, args: Args) => moment.toISODate(options(args[0])),
  toISOTime: (_run: Run, moment: DateTime, args: Args) => moment.toISOTime(options(args[0])),
  toISOWeekDate: (_run: Run, moment: DateTime) => moment.toISOWeekDate(),
  toFormat: (run: Run, moment: DateTime, args: Args) =>
    run.text(moment.toFormat(toText(run, args[0]), options(args[1]))),
  toLocaleString: (run: Run, moment: DateTime, args: Args) => localeText(run, moment, args),
  toMillis: (_run: Run, moment: DateTime) => moment.toMillis(),
  valueOf: (_run: Run, moment: DateTime) => moment.toMillis(),
  toSeconds: (_run: Run, moment: DateTime) => moment.toSeconds(),
  toUnixInteger: (_run: Run, moment: DateTime) => moment.toUnixInteger(),
  getTime: (_run: Run, moment: DateTime) => moment.toMillis(),
  toISOString: (_run: Run, moment: DateTime) => moment.toUTC().toISO(),
  toJSDate: (_run: Run, moment: DateTime) => new DateBox(moment.toMillis()),
  toRelative: (run: Run, moment: DateTime, args: Args) => moment.toRelative({ ...options(args[0]), base: now(run) }),
  toRelativeCalendar: (run: Run, moment: DateTime, args: Args) =>
    moment.toRelativeCalendar({ ...options(args[0]), base: now(run) }),
  toHTTP: (_run: Run, moment: DateTime) => moment.toHTTP(),
  toRFC2822: (_run: Run, moment: DateTime) => moment.toRFC2822(),
  toSQL: (_run: Run, moment: DateTime, args: Args) => moment.toSQL(options(args[0])),
  toSQLDate: (_run: Run, moment: DateTime) => moment.toSQLDate(),
  toSQLTime: (_run: Run, moment: DateTime, args: Args) => moment.toSQLTime(options(args[0])),
  toObject: (_run: Run, moment: DateTime) => ({ ...moment.toObject() }),
  toString: (_run: Run, moment: DateTime) => moment.toString(),
  toJSON: (_run: Run, moment: DateTime) => moment.toJSON(),
  setZone: (run: Run, moment: DateTime, args: Args) => boxed(moment.setZone(zone(run, args[0]), options(args[1]))),
  toUTC: (_run: Run, moment: DateTime) => boxed(moment.toUTC()),
  toLocal: (run: Run, moment: DateTime) => boxed(moment.setZone(momentOptions(run).zone)),
  setLocale: (run: Run, moment: DateTime, args: Args) => boxed(moment.setLocale(toText(run, args[0]))),
  until: (run: Run, moment: DateTime, args: Args) =>
    new IntervalBox(Interval.fromDateTimes(moment, momentArgument(run, args[0]))),
  hasSame: (run: Run, moment: DateTime, args: Args) =>
    moment.hasSame(momentArgument(run, args[0]), dateUnit(run, args[1])),
  equals: (run: Run, moment: DateTime, args: Args) => args[0] instanceof MomentBox && moment.equals(args[0].value),
  get: (run: Run, moment: DateTime, args: Args) => momentPart(moment, toText(run, args[0])),
});

const now = (run: Run): DateTime => DateTime.fromMillis(run.scope.now, momentOptions(run));

/** A zone's name: `local` is the scope's. */
function zone(run: Run, value: unknown) {
  const name = optionalText(run, value);
  return name === undefined || name === 'local' || name === 'default' || name === 'system'
    ? momentOptions(run).zone
    : name;
}

function dateUnit(run: Run, value: unknown): DateTimeUnit {
  return unitOf(run, value);
}

function durationUnits(run: Run, value: unknown): DurationUnit[] {
  if (value === undefined || isRecord(value)) return ['milliseconds'];
  return (Array.isArray(value) ? run.view(value) : [value]).map((unit) => unitOf(run, unit));
}

function fields(run: Run, value: unknown): Record<string, number> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(run.view(value)).map(([field, count]) => [field, toNumber(run, count)]));
}

function localeText(run: Run, moment: DateTime, args: Args): string {
  // Luxon's order is (format, options); JavaScript's, which many expect, is (locale, options).
  if (typeof args[0] === 'string') return moment.setLocale(locale(run, args[0])).toLocaleString(options(args[1]));
  return moment.toLocaleString(options(args[0]), options(args[1]));
}

/** The fields of a DateTime that can be read. */
export const momentParts = [
  'year',
  'quarter',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'weekday',
  'weekNumber',
  'weekYear',
  'ordinal',
  'monthLong',
  'monthShort',
  'weekdayLong',
  'weekdayShort',
  'offset',
  'offsetNameShort',
  'offsetNameLong',
  'zoneName',
  'locale',
  'isValid',
  'invalidReason',
  'invalidExplanation',
  'isInDST',
  'isInLeapYear',
  'isOffsetFixed',
  'daysInMonth',
  'daysInYear',
  'weeksInWeekYear',
] as const satisfies readonly (keyof DateTime)[];

/** A field of a DateTime by its name; undefined when there is none. */
export function momentPart(moment: DateTime, name: string): unknown {
  if (name === 'ts') return moment.toMillis();
  if (name === 'zone') return new ZoneBox(moment.zone);
  const known = momentParts.find((part) => part === name);
  return known && moment[known];
}
