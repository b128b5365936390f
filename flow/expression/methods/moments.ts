import { DateTime, type DateTimeOptions, Duration, type DurationLikeObject, type DurationUnit } from 'luxon';
import { readDate } from '../../values/date.ts';
import { Halt, mistake } from '../faults.ts';
import type { Run } from '../run.ts';
import { asMoment, DurationBox, isDateText, MomentBox, momentOptions } from '../values/dates.ts';
import { toNumber, toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';

/** The unit of a number that counts from an epoch: milliseconds, seconds, microseconds, or days of a spreadsheet. */
const epochs: Readonly<Record<string, (count: number) => number>> = {
  ms: (count) => count,
  s: (count) => count * 1000,
  us: (count) => count / 1000,
  excel: (count) => Math.round((count - 25_569) * 86_400_000),
};

/** An instant from a count in a unit: `ms` (default), `s`, `us` or `excel`. */
export function momentFromNumber(run: Run, count: number, named?: string): DateTime {
  if (named === undefined && run.engine >= 2) return countedMoment(run, count);
  const unit = named ?? 'ms';
  const scale = Object.hasOwn(epochs, unit) ? epochs[unit] : undefined;
  if (!scale)
    throw new Halt('expression.value', `There is no unit "${unit.slice(0, 20)}" of dates.`, 'Use ms, s, us or excel.');
  const ms = scale(count);
  return Number.isFinite(ms) ? DateTime.fromMillis(ms, momentOptions(run)) : DateTime.invalid('not a number');
}

/** Without a unit a number is what the one reader of dates makes of it. */
function countedMoment(run: Run, count: number): DateTime {
  const read = readDate(count, run.scope.zone, { engine: run.engine });
  if (read) return read.setLocale('en-US');
  if (!Number.isFinite(count)) return DateTime.invalid('not a number');
  throw noDate(String(count), "Say what it counts, for example toDateTime('s') or toDateTime('ms').");
}

/** A date from a text: in the format given, else ISO 8601, HTTP, RFC 2822, SQL, or what JavaScript's Date reads. */
export function momentFromText(run: Run, text: string, format?: string): DateTime {
  if (format !== undefined && Object.hasOwn(epochs, format)) return momentFromNumber(run, Number(text), format);
  const options = momentOptions(run);
  if (format !== undefined) return parseFormat(text, format, options);
  const known = run.engine < 2 ? undefined : readDate(text, run.scope.zone, { engine: run.engine });
  if (known) return known.setLocale('en-US');
  const clean = dateText(text.trim());
  if (run.engine >= 2) return elseDate(run, text, clean);
  for (const read of [DateTime.fromISO, DateTime.fromHTTP, DateTime.fromRFC2822, DateTime.fromSQL]) {
    const made = read(clean, options);
    if (made.isValid) return made;
  }
  const ms = /^\d{9,16}$/.test(clean) ? Number(clean) : parseDate(run, clean);
  if (!Number.isNaN(ms)) return DateTime.fromMillis(ms, options);
  throw noDate(text);
}

/** What the one reader of dates does not read and JavaScript's Date does, when it names a day: `March 5, 2024`, `05/03/2024`. */
function elseDate(run: Run, text: string, clean: string): DateTime {
  const isDay = /[A-Za-z]{3}.*\d|\d{1,4}[/. -]\d{1,2}[/. -]\d{1,4}/.test(clean);
  const ms = isDay ? parseDate(run, clean) : Number.NaN;
  if (!Number.isNaN(ms)) return DateTime.fromMillis(ms, momentOptions(run));
  throw noDate(text);
}

const noDate = (text: string, mend = 'Give its format, for example toDateTime("dd.MM.yyyy").'): Halt =>
  new Halt('expression.value', `"${text.slice(0, 40)}" cannot be converted to a date.`, mend);

/** A text that may be a date; anything longer is none, and is kept from Luxon's patterns. */
export function dateText(text: string): string {
  return text.length > 200 ? '' : text;
}

/**
 * `DateTime.fromFormat`. Luxon makes a host regex of the format, and neighbouring fields such as `dMdMdM…` would make it
 * backtrack without end: a field may come once.
 */
export function parseFormat(text: string, format: string, options: DateTimeOptions): DateTime {
  const fields = format.replaceAll(/'[^']*'/g, '').match(/([A-Za-z])\1*/g) ?? [];
  const letters = fields.map((field) => field[0]);
  if (format.length > 200 || new Set(letters).size < letters.length)
    throw new Halt(
      'expression.value',
      'The format of the date names a field twice.',
      "Put words between quotes, as in dd 'of' MMMM.",
    );
  return DateTime.fromFormat(dateText(text), format, options);
}

/** What `Date.parse` gives, with the scope's zone where the text names none; NaN when it is no date. */
export function parseDate(run: Run, text: string): number {
  const clean = text.trim();
  if (clean.length > 200) return Number.NaN;
  if (/^\d{4}(-\d{2}){0,2}$/.test(clean)) return Date.parse(clean);
  if (/(?:Z|[+-]\d{1,2}:?\d{2}|\b(?:GMT|UTC|[ECMP][SD]T))\W*(?:\([^)]*\))?$/i.test(clean)) return Date.parse(clean);
  // The host would read it in its own zone; as UTC its fields come out as they are written.
  const local = Date.parse(/^\d{4}-\d{2}-\d{2}T/.test(clean) ? `${clean}Z` : `${clean} UTC`);
  if (Number.isNaN(local)) return Number.NaN;
  return DateTime.fromMillis(local, { zone: 'utc' })
    .setZone(momentOptions(run).zone, { keepLocalTime: true })
    .toMillis();
}

/** An argument that is a date of any kind: DateTime, Date, ISO text or milliseconds. */
export function momentArgument(run: Run, value: unknown): DateTime {
  const made = asMoment(run, value);
  if (made) return made;
  if (typeof value === 'string')
    return isDateText(value) ? DateTime.fromISO(value, momentOptions(run)) : momentFromText(run, value);
  if (typeof value === 'number') return momentFromNumber(run, value);
  throw mistake('A date is needed here.');
}

const unitNames = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
] as const satisfies readonly DurationUnit[];

type Unit = (typeof unitNames)[number];

/** As n8n shortens them. */
const shortUnits: ReadonlyMap<string, Unit> = new Map([
  ['ms', 'millisecond'],
  ['sec', 'second'],
  ['secs', 'second'],
  ['min', 'minute'],
  ['mins', 'minute'],
  ['hr', 'hour'],
  ['hrs', 'hour'],
]);

/** A unit of time from `day`, `days` or `Days`; throws when it is none. */
export function unitOf(run: Run, value: unknown): Unit {
  const text = toText(run, value).toLowerCase();
  const found = unitNames.find((unit) => unit === text || `${unit}s` === text) ?? shortUnits.get(text);
  if (found) return found;
  throw new Halt(
    'expression.value',
    `There is no unit "${text.slice(0, 20)}" of time.`,
    `Use one of ${unitNames.join(', ')}.`,
  );
}

/** A length of time from `(5, 'days')`, `({ days: 5 })`, a Duration or milliseconds. */
export function durationOf(run: Run, amount: unknown, unit: unknown): Duration {
  if (amount instanceof DurationBox) return amount.value;
  if (isRecord(amount)) return Duration.fromObject(unitsOf(run, amount));
  const count = toNumber(run, amount);
  if (Number.isNaN(count)) return Duration.invalid('not a number');
  return unit === undefined ? Duration.fromMillis(count) : Duration.fromObject({ [unitOf(run, unit)]: count });
}

/** The units in a record such as `{ days: 5 }`, as numbers. */
export function unitsOf(run: Run, value: object): DurationLikeObject {
  const record = run.view(value);
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, count]) => count !== undefined)
      .map(([unit, count]) => [unitOf(run, unit), toNumber(run, count)]),
  );
}

/** A DateTime as a value of the language. */
export const boxed = (value: DateTime): MomentBox => new MomentBox(value);
