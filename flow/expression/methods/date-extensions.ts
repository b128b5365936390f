import { DateTime } from 'luxon';
import type { Run } from '../run.ts';
import { type Method, type Methods, table } from '../values/box.ts';
import { DateBox, MomentBox } from '../values/dates.ts';
import { toText } from '../values/convert.ts';
import { durationOf, momentArgument, unitOf } from './moments.ts';

type Args = readonly unknown[];

/** What a function gives back: a date of the same sort as it was called on, or any other value. */
type Extension = (run: Run, moment: DateTime, args: Args) => unknown;

const extensions: Record<string, Extension> = {
  format: (run, moment, args) => moment.toFormat(args[0] === undefined ? 'yyyy-MM-dd' : toText(run, args[0])),
  plus: (run, moment, args) => moment.plus(durationOf(run, args[0], args[1])),
  minus: (run, moment, args) => moment.minus(durationOf(run, args[0], args[1])),
  beginningOf: (run, moment, args) => moment.startOf(unitOf(run, args[0] ?? 'week')),
  startOf: (run, moment, args) => moment.startOf(unitOf(run, args[0] ?? 'week')),
  endOf: (run, moment, args) => moment.endOf(unitOf(run, args[0] ?? 'week')),
  endOfMonth: (_run, moment) => moment.endOf('month'),
  extract: (run, moment, args) => extracted(moment, toText(run, args[0] ?? 'week')),
  isBetween: (run, moment, args) => {
    const [one, two] = [momentArgument(run, args[0]), momentArgument(run, args[1])];
    return moment > (one < two ? one : two) && moment < (one < two ? two : one);
  },
  isDst: (_run, moment) => moment.isInDST,
  isInLast: (run, moment, args) => {
    const now = DateTime.fromMillis(run.scope.now);
    return moment <= now && moment > now.minus(durationOf(run, args[0] ?? 0, args[1] ?? 'minutes'));
  },
  isWeekend: (_run, moment) => moment.weekday > 5,
  diffTo: (run, moment, args) => difference(run, moment, momentArgument(run, args[0]), args[1]),
  diffToNow: (run, moment, args) => difference(run, moment, DateTime.fromMillis(run.scope.now), args[0]),
  toDateTime: (_run, moment) => new MomentBox(moment),
  toDate: (_run, moment) => new DateBox(moment.toMillis()),
  toInt: (_run, moment) => moment.toMillis(),
  toNumber: (_run, moment) => moment.toMillis(),
  toJsonString: (_run, moment) => JSON.stringify(moment.toUTC().toISO()),
};

/** The functions that DateTimes have beyond Luxon's. */
export const momentExtensions: Methods<DateTime> = each((_run, moment, made) =>
  made === moment ? new MomentBox(moment) : boxed(made),
);

/** The same functions on a Date, or on a text that is one: what comes out is a Date again. */
export const dateExtensions: Methods<DateTime> = each((_run, _moment, made) =>
  made instanceof DateTime ? new DateBox(made.toMillis()) : made,
);

const boxed = (made: unknown): unknown => (made instanceof DateTime ? new MomentBox(made) : made);

function each(finish: (run: Run, moment: DateTime, made: unknown) => unknown): Methods<DateTime> {
  const made: Record<string, Method<DateTime>> = {};
  for (const [name, extension] of Object.entries(extensions))
    made[name] = (run, moment, args) => finish(run, moment, extension(run, moment, args));
  return table(made);
}

function difference(run: Run, moment: DateTime, other: DateTime, units: unknown): unknown {
  const list = Array.isArray(units) ? run.view(units) : [units ?? 'days'];
  const names = list.map((unit) => unitOf(run, unit));
  const span = moment.diff(other, names);
  const counts = Object.fromEntries(names.map((name) => [`${name}s`, span.get(name)]));
  return names.length === 1 ? span.get(names[0] ?? 'day') : counts;
}

function extracted(moment: DateTime, part: string): number | undefined {
  const name = part.toLowerCase().replace(/s$/, '');
  if (name === 'week' || name === 'weeknumber') return moment.weekNumber;
  if (name === 'weekday' || name === 'dayofweek') return moment.weekday;
  if (name === 'yearday' || name === 'ordinal' || name === 'yeardaynumber') return moment.ordinal;
  const parts: Record<string, number> = {
    year: moment.year,
    quarter: moment.quarter,
    month: moment.month,
    day: moment.day,
    hour: moment.hour,
    minute: moment.minute,
    second: moment.second,
    millisecond: moment.millisecond,
  };
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}
