import type { DateTimeUnit, Duration, DurationUnit, Interval } from 'luxon';
import { mistake } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { DurationBox, IntervalBox } from '../values/dates.ts';
import { toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { boxed, durationOf, momentArgument, unitOf, unitsOf } from './moments.ts';
import { options } from './text.ts';

type Args = readonly unknown[];

const units = (run: Run, args: Args): DurationUnit[] => args.flat().map((unit) => unitOf(run, unit));
const box = (value: Duration): DurationBox => new DurationBox(value);

/** Luxon's methods of a Duration. */
export const durationMethods: Methods<Duration> = table({
  as: (run: Run, span: Duration, args: Args) => span.as(unitOf(run, args[0])),
  get: (run: Run, span: Duration, args: Args) => span.get(unitOf(run, args[0])),
  plus: (run: Run, span: Duration, args: Args) => box(span.plus(durationOf(run, args[0], args[1]))),
  minus: (run: Run, span: Duration, args: Args) => box(span.minus(durationOf(run, args[0], args[1]))),
  set: (run: Run, span: Duration, args: Args) => box(span.set(isRecord(args[0]) ? unitsOf(run, args[0]) : {})),
  shiftTo: (run: Run, span: Duration, args: Args) => box(span.shiftTo(...units(run, args))),
  shiftToAll: (_run: Run, span: Duration) => box(span.shiftToAll()),
  rescale: (_run: Run, span: Duration) => box(span.rescale()),
  normalize: (_run: Run, span: Duration) => box(span.normalize()),
  negate: (_run: Run, span: Duration) => box(span.negate()),
  equals: (_run: Run, span: Duration, args: Args) => args[0] instanceof DurationBox && span.equals(args[0].value),
  toFormat: (run: Run, span: Duration, args: Args) => run.text(span.toFormat(toText(run, args[0]), options(args[1]))),
  format: (run: Run, span: Duration, args: Args) => run.text(span.toFormat(toText(run, args[0]), options(args[1]))),
  toHuman: (_run: Run, span: Duration, args: Args) => span.toHuman(options(args[0])),
  toISO: (_run: Run, span: Duration) => span.toISO(),
  toISOTime: (_run: Run, span: Duration, args: Args) => span.toISOTime(options(args[0])),
  toMillis: (_run: Run, span: Duration) => span.toMillis(),
  valueOf: (_run: Run, span: Duration) => span.toMillis(),
  toObject: (_run: Run, span: Duration) => ({ ...span.toObject() }),
  toString: (_run: Run, span: Duration) => span.toString(),
  toJSON: (_run: Run, span: Duration) => span.toISO(),
});

export const durationParts = [
  'years',
  'quarters',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'isValid',
  'invalidReason',
] as const satisfies readonly (keyof Duration)[];

/** A field of a Duration by its name; undefined when there is none. */
export function durationPart(span: Duration, name: string): unknown {
  const known = durationParts.find((part) => part === name);
  return known && span[known];
}

const dateUnit = (run: Run, value: unknown): DateTimeUnit => unitOf(run, value ?? 'milliseconds');

/** Luxon's methods of an Interval. */
export const intervalMethods: Methods<Interval> = table({
  length: (run: Run, span: Interval, args: Args) => span.length(dateUnit(run, args[0])),
  count: (run: Run, span: Interval, args: Args) => span.count(dateUnit(run, args[0])),
  contains: (run: Run, span: Interval, args: Args) => span.contains(momentArgument(run, args[0])),
  isEmpty: (_run: Run, span: Interval) => span.isEmpty(),
  isAfter: (run: Run, span: Interval, args: Args) => span.isAfter(momentArgument(run, args[0])),
  isBefore: (run: Run, span: Interval, args: Args) => span.isBefore(momentArgument(run, args[0])),
  overlaps: (_run: Run, span: Interval, args: Args) => span.overlaps(interval(args[0])),
  engulfs: (_run: Run, span: Interval, args: Args) => span.engulfs(interval(args[0])),
  equals: (_run: Run, span: Interval, args: Args) => args[0] instanceof IntervalBox && span.equals(args[0].value),
  union: (_run: Run, span: Interval, args: Args) => new IntervalBox(span.union(interval(args[0]))),
  toDuration: (run: Run, span: Interval, args: Args) => box(span.toDuration(dateUnit(run, args[0]))),
  splitBy: (run: Run, span: Interval, args: Args) => pieces(run, span, durationOf(run, args[0], args[1])),
  toISO: (_run: Run, span: Interval, args: Args) => span.toISO(options(args[0])),
  toISODate: (_run: Run, span: Interval) => span.toISODate(),
  toFormat: (run: Run, span: Interval, args: Args) => run.text(span.toFormat(toText(run, args[0]))),
  toLocaleString: (_run: Run, span: Interval, args: Args) => span.toLocaleString(options(args[0])),
  toString: (_run: Run, span: Interval) => span.toString(),
});

function interval(value: unknown): Interval {
  if (value instanceof IntervalBox) return value.value;
  throw mistake('An Interval is needed here.');
}

function pieces(run: Run, span: Interval, by: Duration): unknown[] {
  // Luxon goes on for ever when the pieces have no length.
  if (!(by.toMillis() > 0)) throw mistake('splitBy() needs a length of time above 0.');
  run.length(Math.ceil(span.length() / by.toMillis()));
  return span.splitBy(by).map((piece) => new IntervalBox(piece));
}

/** A field of an Interval by its name; undefined when there is none. */
export function intervalPart(span: Interval, name: string): unknown {
  if (name === 'start') return span.start && boxed(span.start);
  if (name === 'end') return span.end && boxed(span.end);
  return name === 'isValid' ? span.isValid : undefined;
}
