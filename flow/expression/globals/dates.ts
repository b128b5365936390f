import { DateTime, Duration, Interval } from 'luxon';
import { missing } from '../faults.ts';
import { dateText, durationOf, momentArgument, parseDate, parseFormat, unitsOf } from '../methods/moments.ts';
import { locale, options } from '../methods/text.ts';
import { zoned } from '../methods/date.ts';
import type { Run } from '../run.ts';
import { Callable, Namespace, table } from '../values/box.ts';
import { FormatBox } from '../values/boxes.ts';
import { asMoment, DateBox, DurationBox, IntervalBox, momentAt, MomentBox, momentOptions } from '../values/dates.ts';
import { toNumber, toText } from '../values/convert.ts';
import { isRecord, kindOf, kindWords } from '../values/kinds.ts';
import { fromLocal } from '../values/zone.ts';
import { maker, needsNew, works } from './make.ts';

type Args = readonly unknown[];

/** The options of one of Luxon's constructors: the scope's zone and our locale unless the call names others. */
const given = (run: Run, value: unknown) => ({ ...momentOptions(run), ...options(value) });

const moment = (value: DateTime): MomentBox => new MomentBox(value);

function newDate(run: Run, args: Args): DateBox {
  if (args.length === 0) return new DateBox(run.scope.now);
  if (args.length > 1) return new DateBox(fromLocal(run, utcOf(run, args)));
  const value = args[0];
  const known = asMoment(run, value);
  if (known) return new DateBox(known.toMillis());
  if (typeof value === 'string' || Array.isArray(value)) return new DateBox(parseDate(run, toText(run, value)));
  return new DateBox(value === undefined ? Number.NaN : toNumber(run, value));
}

function utcOf(run: Run, args: Args): number {
  const [year = Number.NaN, month = 0, ...rest] = args.map((arg) => toNumber(run, arg));
  const [day = 1, hour = 0, minute = 0, second = 0, ms = 0] = rest;
  return Date.UTC(year, month, day, hour, minute, second, ms);
}

const date = maker(
  'Date',
  (run) => new DateBox(run.scope.now).text(run),
  newDate,
  (value) => value instanceof DateBox,
  {
    ...works({
      now: (run) => run.scope.now,
      parse: (run, args) => parseDate(run, toText(run, args[0])),
      UTC: (run, args) => utcOf(run, args),
    }),
  },
);

/** The constants such as `DateTime.DATE_SHORT`. */
function formats(): Record<string, unknown> {
  const names = [
    'DATE_SHORT',
    'DATE_MED',
    'DATE_MED_WITH_WEEKDAY',
    'DATE_FULL',
    'DATE_HUGE',
    'TIME_SIMPLE',
    'TIME_WITH_SECONDS',
    'TIME_24_SIMPLE',
    'TIME_24_WITH_SECONDS',
    'DATETIME_SHORT',
    'DATETIME_SHORT_WITH_SECONDS',
    'DATETIME_MED',
    'DATETIME_MED_WITH_SECONDS',
    'DATETIME_MED_WITH_WEEKDAY',
    'DATETIME_FULL',
    'DATETIME_FULL_WITH_SECONDS',
    'DATETIME_HUGE',
  ] as const satisfies readonly (keyof typeof DateTime)[];
  return Object.fromEntries(names.map((name) => [name, { ...DateTime[name] }]));
}

const newMoment = (run: Run, args: Args): MomentBox =>
  moment(args[0] === undefined ? momentAt(run, run.scope.now) : momentArgument(run, args[0]));

const dateTime = maker('DateTime', newMoment, newMoment, (value) => value instanceof MomentBox, {
  ...formats(),
  ...works({
    now: (run) => moment(momentAt(run, run.scope.now)),
    local: (run, args) => moment(fieldsAt(run, args, momentOptions(run))),
    utc: (run, args) => moment(fieldsAt(run, args, { ...momentOptions(run), zone: 'utc' })),
    fromISO: (run, args) => moment(DateTime.fromISO(dateText(toText(run, args[0])), given(run, args[1]))),
    fromFormat: (run, args) => moment(parseFormat(toText(run, args[0]), toText(run, args[1]), given(run, args[2]))),
    fromString: (run, args) => moment(parseFormat(toText(run, args[0]), toText(run, args[1]), given(run, args[2]))),
    fromSQL: (run, args) => moment(DateTime.fromSQL(dateText(toText(run, args[0])), given(run, args[1]))),
    fromHTTP: (run, args) => moment(DateTime.fromHTTP(dateText(toText(run, args[0])), given(run, args[1]))),
    fromRFC2822: (run, args) => moment(DateTime.fromRFC2822(dateText(toText(run, args[0])), given(run, args[1]))),
    fromMillis: (run, args) => moment(instant(run, args, 1)),
    fromSeconds: (run, args) => moment(instant(run, args, 1000)),
    fromJSDate: (run, args) =>
      moment((asMoment(run, args[0]) ?? DateTime.invalid('no date')).setZone(given(run, args[1]).zone)),
    fromObject: (run, args) => moment(DateTime.fromObject(numbers(run, args[0]), given(run, args[1]))),
    invalid: (run, args) => moment(DateTime.invalid(toText(run, args[0]))),
    isDateTime: (_run, args) => args[0] instanceof MomentBox,
    max: (run, args) =>
      moment(DateTime.max(...args.map((arg) => momentArgument(run, arg))) ?? DateTime.invalid('none')),
    min: (run, args) =>
      moment(DateTime.min(...args.map((arg) => momentArgument(run, arg))) ?? DateTime.invalid('none')),
  }),
});

function instant(run: Run, args: Args, scale: number): DateTime {
  const ms = toNumber(run, args[0]) * scale;
  // As in Luxon: what is no number is a mistake, a number that is none an invalid date.
  if (typeof args[0] !== 'number') throw missing(`A number is needed, and got ${kindWords[kindOf(args[0])]}.`);
  return Number.isFinite(ms) ? DateTime.fromMillis(ms, given(run, args[1])) : DateTime.invalid('not a number');
}

function fieldsAt(run: Run, args: Args, where: ReturnType<typeof momentOptions>): DateTime {
  const last = args.at(-1);
  const settings = { ...where, ...(isRecord(last) ? options(last) : {}) };
  const counts = (isRecord(last) ? args.slice(0, -1) : args).map((arg) => toNumber(run, arg));
  if (counts.length === 0) return DateTime.fromMillis(run.scope.now, settings);
  const [year, month, day, hour, minute, second, millisecond] = counts;
  const parts = Object.entries({ year, month, day, hour, minute, second, millisecond });
  return DateTime.fromObject(Object.fromEntries(parts.filter(([, count]) => count !== undefined)), settings);
}

function numbers(run: Run, value: unknown): Record<string, number> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(run.view(value)).map(([name, count]) => [name, toNumber(run, count)]));
}

const span = (value: Duration): DurationBox => new DurationBox(value);

const duration = maker(
  'Duration',
  needsNew('Duration'),
  needsNew('Duration.fromObject'),
  (v) => v instanceof DurationBox,
  {
    ...works({
      fromObject: (run, args) =>
        span(Duration.fromObject(isRecord(args[0]) ? unitsOf(run, args[0]) : {}, options(args[1]))),
      fromMillis: (run, args) => span(Duration.fromMillis(toNumber(run, args[0]))),
      fromISO: (run, args) => span(Duration.fromISO(dateText(toText(run, args[0])))),
      fromISOTime: (run, args) => span(Duration.fromISOTime(dateText(toText(run, args[0])))),
      isDuration: (_run, args) => args[0] instanceof DurationBox,
    }),
  },
);

const interval = maker(
  'Interval',
  needsNew('Interval'),
  needsNew('Interval.fromDateTimes'),
  (v) => v instanceof IntervalBox,
  {
    ...works({
      fromDateTimes: (run, args) =>
        new IntervalBox(Interval.fromDateTimes(momentArgument(run, args[0]), momentArgument(run, args[1]))),
      after: (run, args) =>
        new IntervalBox(Interval.after(momentArgument(run, args[0]), durationOf(run, args[1], args[2]))),
      before: (run, args) =>
        new IntervalBox(Interval.before(momentArgument(run, args[0]), durationOf(run, args[1], args[2]))),
      fromISO: (run, args) => new IntervalBox(Interval.fromISO(dateText(toText(run, args[0])), given(run, args[1]))),
      isInterval: (_run, args) => args[0] instanceof IntervalBox,
    }),
  },
);

const newNumberFormat = (run: Run, args: Args): FormatBox => {
  const format = new Intl.NumberFormat(locale(run, args[0]), options(args[1]));
  return new FormatBox((inner, value) => format.format(toNumber(inner, value)));
};

const newDateFormat = (run: Run, args: Args): FormatBox => {
  const format = new Intl.DateTimeFormat(locale(run, args[0]), zoned(run, args[1]));
  return new FormatBox((inner, value) =>
    format.format(
      value === undefined ? inner.scope.now : (asMoment(inner, value)?.toMillis() ?? toNumber(inner, value)),
    ),
  );
};

const intl = new Namespace(
  'Intl',
  table({
    NumberFormat: maker('NumberFormat', newNumberFormat, newNumberFormat, () => false),
    DateTimeFormat: maker('DateTimeFormat', newDateFormat, newDateFormat, () => false),
  }),
);

/** JavaScript's Date, Luxon and Intl. */
export const dates: Record<string, Callable | Namespace> = {
  Date: date,
  DateTime: dateTime,
  Duration: duration,
  Interval: interval,
  Intl: intl,
};
