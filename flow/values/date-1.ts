import { DateTime } from 'luxon';

/** Numbers below this are seconds since 1970, from it on milliseconds: 10^11 s is the year 5138, 10^11 ms is 1973. */
const firstMillisecond = 100_000_000_000;

/** Dates as plans of engine 1 read them: any number is an instant, and "12:30" is today. Such plans keep this reader (E17). */
export function readDateBefore2(value: unknown, zone: string, format?: string): DateTime<true> | undefined {
  if (isDate(value))
    return valid(DateTime.fromMillis('toMillis' in value ? value.toMillis() : value.getTime(), { zone }));
  if (typeof value === 'number') return valid(DateTime.fromMillis(toMillis(value), { zone }));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (format !== undefined && format !== '') return valid(DateTime.fromFormat(text, format, { zone, locale: 'en' }));
  if (/^-?\d{9,14}$/.test(text)) return valid(DateTime.fromMillis(toMillis(Number(text)), { zone }));
  return textBefore2(text, zone);
}

/** The same for text alone, as conditions of engine 1 read it. */
export function textBefore2(text: string, zone: string): DateTime<true> | undefined {
  for (const read of [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822, DateTime.fromHTTP]) {
    const date = valid(read(text.trim(), { zone }));
    if (date) return date;
  }
  return undefined;
}

const toMillis = (value: number): number => (Math.abs(value) < firstMillisecond ? value * 1000 : value);

const valid = (date: DateTime): DateTime<true> | undefined => (isValid(date) ? date : undefined);
const isValid = (date: DateTime): date is DateTime<true> => date.isValid;

const isDate = (value: unknown): value is { toMillis(): number } | { getTime(): number } =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Date || ('toMillis' in value && typeof value.toMillis === 'function'));
