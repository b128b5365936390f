import { DateTime } from 'luxon';
import { currentEngine } from '../../flow/compile/plan.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { shorten } from './convert.ts';
import { readDate } from '../../flow/values/date.ts';
import { isZone } from '../../flow/values/zone.ts';
import type { Reading } from '../../flow/values/date.ts';

export type DateUnit =
  | 'years'
  | 'quarters'
  | 'months'
  | 'weeks'
  | 'days'
  | 'hours'
  | 'minutes'
  | 'seconds'
  | 'milliseconds';

export interface DateParams {
  readonly operation: 'format' | 'add' | 'difference' | 'round' | 'parse' | 'zone';
  readonly value?: unknown;
  readonly pattern?: string | undefined;
  readonly format: string;
  readonly locale: string;
  readonly amount: number;
  readonly unit: DateUnit;
  readonly until?: unknown;
  readonly to: 'start' | 'end' | 'nearest';
}

/**
 * What one operation makes of a date: ISO 8601 in `zone`, except `format` (text, or a number for unix times) and `difference`
 * (a number of units, with a fraction). A missing date stays null. Throws `data.invalid` for what is no date.
 */
export function workOut(params: DateParams, zone: string, engine: number = currentEngine): string | number | null {
  const value = params.value ?? null;
  if (value === null) return null;
  mustBeZone(zone);
  const read = (date: unknown, format?: string) => mustRead(date, zone, { format, engine });
  return operations[params.operation](read(value, params.pattern), params, read);
}

type Read = (value: unknown) => DateTime<true>;
type Operation = (date: DateTime<true>, params: DateParams, read: Read) => string | number | null;

const operations: Readonly<Record<DateParams['operation'], Operation>> = {
  parse: (date) => date.toISO(),
  zone: (date) => date.toISO(),
  format: (date, { format, locale }) => formatted(date, format, locale),
  add: (date, { amount, unit }) => iso(date.plus({ [unit]: amount })),
  difference: (date, { until, unit }, read) =>
    (until ?? null) === null ? null : read(until).diff(date, unit).as(unit),
  round: (date, { unit, to }) => iso(rounded(date, unit, to)),
};

function formatted(date: DateTime<true>, format: string, locale: string): string | number {
  switch (format) {
    case 'iso':
      return date.toISO();
    case 'iso-date':
      return date.toISODate();
    case 'unix':
      return date.toUnixInteger();
    case 'unix-ms':
      return date.toMillis();
    case 'http':
      return date.toHTTP();
    case 'rfc2822':
      return date.toRFC2822();
    default:
      return date.setLocale(locale).toFormat(format);
  }
}

const singular = (unit: DateUnit) => unit.slice(0, -1) as 'year';

function rounded(date: DateTime<true>, unit: DateUnit, to: DateParams['to']): DateTime {
  const start = date.startOf(singular(unit));
  if (to === 'start') return start;
  if (to === 'end') return date.endOf(singular(unit));
  const next = start.plus({ [unit]: 1 });
  return date.toMillis() - start.toMillis() < next.toMillis() - date.toMillis() ? start : next;
}

function iso(date: DateTime): string {
  const text = date.toISO();
  if (text !== null) return text;
  throw new Fault('data.invalid', 'The date would be out of range.', {
    mend: 'Use a smaller amount.',
  });
}

function mustRead(value: unknown, zone: string, how: Reading): DateTime<true> {
  const date = readDate(value, zone, how);
  if (date) return date;
  throw new Fault('data.invalid', `This is not a date: ${shorten(value)}.`, {
    mend: how.format
      ? `Write the date as ${how.format}, or change Input format.`
      : 'Use ISO 8601 such as 2026-03-01T10:00:00Z, or set Input format.',
  });
}

function mustBeZone(zone: string): void {
  if (isZone(zone)) return;
  throw new Fault('data.invalid', `There is no time zone “${zone}”.`, {
    mend: 'Use a name such as Europe/Berlin or UTC.',
  });
}
