import * as z from 'zod';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const short = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/;
const iso =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** The longest that can be meant: a hundred years. Nothing waits, repeats or is cut off after more, whatever stands written. */
export const longestDuration = 100 * 365.25 * units.d;

/**
 * Milliseconds of a duration as it is written, such as `250ms`, `2s`, `5m`, `1h`, `30d` or ISO 8601 (`PT1H30M`); a number counts as seconds. Undefined
 * when it is none. It may be longer than can be meant, which a check says; what goes by it asks `durationMs`.
 */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? text * 1_000 : undefined;
  const plain = short.exec(text.trim());
  if (plain) return Number(plain[1]) * units[plain[2] as keyof typeof units];
  const parts = iso.exec(text.trim());
  if (!parts || parts.slice(1).every((part) => part === undefined)) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return weeks! * units.w + days! * units.d + hours! * units.h + minutes! * units.m + seconds! * units.s;
}

/** Whole milliseconds of a duration, one at least unless it is 0 and a hundred years at most; undefined when it is none. */
export function durationMs(text: string | number): number | undefined {
  const millis = parseDuration(text);
  // The nearest: 1.1 hours come to 3,960,000.0000000005.
  return millis ? Math.min(Math.max(Math.round(millis), 1), longestDuration) : millis;
}

/** A duration as people write it in documents; its milliseconds come from `durationMs`. */
export const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: 'Write a duration such as 250ms, 2s, 5m, 1h, 30d or PT1H30M.',
});
