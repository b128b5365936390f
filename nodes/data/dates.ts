import { DateTime } from 'luxon';

/** Numbers below this are seconds since 1970, from it on milliseconds: 10^11 s is the year 5138, 10^11 ms is 1973. */
const firstMillisecond = 100_000_000_000;

/**
 * Reads a date from ISO 8601, RFC 2822, HTTP or SQL text, from seconds or milliseconds since 1970, or from text in
 * the given Luxon format. Text without an offset is in `zone`. Undefined when it is no date.
 */
export function readDate(value: unknown, zone: string, format?: string): DateTime<true> | undefined {
  if (isDateObject(value))
    return valid(DateTime.fromMillis('toMillis' in value ? value.toMillis() : value.getTime(), { zone }));
  if (typeof value === 'number') return valid(DateTime.fromMillis(toMillis(value), { zone }));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (format !== undefined && format !== '') return valid(DateTime.fromFormat(text, format, { zone, locale: 'en' }));
  if (/^-?\d{9,14}$/.test(text)) return valid(DateTime.fromMillis(toMillis(Number(text)), { zone }));
  for (const read of [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822, DateTime.fromHTTP]) {
    const date = valid(read(text, { zone }));
    if (date) return date;
  }
  return undefined;
}

const toMillis = (value: number): number => (Math.abs(value) < firstMillisecond ? value * 1000 : value);

const valid = (date: DateTime): DateTime<true> | undefined => (isValid(date) ? date : undefined);

const isValid = (date: DateTime): date is DateTime<true> => date.isValid;

/** An expression such as `{{ $now }}` gives a date itself, of Luxon or of JavaScript. */
export const isDateObject = (value: unknown): value is { toMillis(): number } | { getTime(): number } =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Date || ('toMillis' in value && typeof value.toMillis === 'function'));
