import { DateTime } from 'luxon';
import { currentEngine } from '../compile/plan.ts';
import { readDateBefore2 } from './date-1.ts';

/** How a date is read beside its zone: in a format of Luxon's, and by the rules of an engine number (E17). */
export interface Reading {
  readonly format?: string | undefined;
  readonly engine?: number | undefined;
}

/**
 * The one reader of dates, for nodes, conditions and expressions: ISO 8601, SQL, RFC 2822 or HTTP text that names a day; digits
 * that count seconds or milliseconds since 1970 and fall between 1973 and 2100; compact digits as in 20190630 or 20190630070754;
 * text in the given format. Text without an offset is in `zone`. Undefined when it is no date, as "20" and "12:30" are none.
 */
export function readDate(value: unknown, zone: string, how: Reading = {}): DateTime<true> | undefined {
  const { format, engine = currentEngine } = how;
  if (engine < 2) return readDateBefore2(value, zone, format);
  if (isDateObject(value))
    return valid(DateTime.fromMillis('toMillis' in value ? value.toMillis() : value.getTime(), { zone }));
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  // Nothing longer is a date, and Luxon's patterns need not see it.
  if (text.length > 200) return undefined;
  if (format !== undefined && format !== '') return valid(DateTime.fromFormat(text, format, { zone, locale: 'en' }));
  if (/^\d+(?:\.\d+)?$/.test(text)) return fromDigits(text, zone);
  if (namesDay.test(text)) return firstValid(text, zone, [DateTime.fromISO, DateTime.fromSQL]);
  return firstValid(text, zone, [DateTime.fromRFC2822, DateTime.fromHTTP]);
}

/** Luxon also reads "20" and "12:30", as hours of today. */
const namesDay = /^(?:[+-]\d{6}|\d{4})-?(?:\d|W\d)/;

const second = 1_000;
const plausible = { from: Date.UTC(1973, 0, 1), until: Date.UTC(2100, 0, 1) };
const isPlausible = (millis: number): boolean => millis >= plausible.from && millis <= plausible.until;

function fromDigits(text: string, zone: string): DateTime<true> | undefined {
  const count = Number(text);
  for (const millis of [count * second, count])
    if (isPlausible(millis)) return valid(DateTime.fromMillis(Math.round(millis), { zone }));
  const format = compact.get(text.length);
  return format === undefined ? undefined : valid(DateTime.fromFormat(text, format, { zone }));
}

/** Twelve digits, with minutes and no seconds, are milliseconds of 1973 to 2100 before they could be this. */
const compact: ReadonlyMap<number, string> = new Map([
  [8, 'yyyyMMdd'],
  [14, 'yyyyMMddHHmmss'],
  [17, 'yyyyMMddHHmmssSSS'],
]);

type Reader = (text: string, options: { zone: string }) => DateTime;

function firstValid(text: string, zone: string, readers: readonly Reader[]): DateTime<true> | undefined {
  for (const read of readers) {
    const date = valid(read(text, { zone }));
    if (date) return date;
  }
  return undefined;
}

const valid = (date: DateTime): DateTime<true> | undefined => (isValid(date) ? date : undefined);

const isValid = (date: DateTime): date is DateTime<true> => date.isValid;

/** A value that is a date itself, of Luxon or of JavaScript. */
export const isDateObject = (value: unknown): value is { toMillis(): number } | { getTime(): number } =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Date || ('toMillis' in value && typeof value.toMillis === 'function'));
