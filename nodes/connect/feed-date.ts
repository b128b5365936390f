import { DateTime } from 'luxon';

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Zones by the letters that feeds write (RFC 822 and the commonest beside it), in minutes east of Greenwich. */
const zones: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  mez: 60,
  cest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  akst: -540,
  akdt: -480,
  hst: -600,
  jst: 540,
  kst: 540,
  hkt: 480,
  sgt: 480,
  pht: 480,
  ist: 330,
  aest: 600,
  aedt: 660,
  acst: 570,
  nzst: 720,
  nzdt: 780,
};

/** Letters of a date at most, with the spaces around it. */
const longest = 500;

/**
 * A date as feeds really write it, as ISO 8601 in UTC; null when it is none. RFC 822 in any order and case of its parts, with or without the
 * weekday, the comma, seconds and zone; ISO 8601 with a space or without a zone; offsets as +02:00, +0200, +02, GMT+2 and by letters. What
 * names no zone is UTC.
 */
export function feedDate(written: string | null | undefined): string | null {
  if ((written?.length ?? 0) > longest) return null;
  const text = (written ?? '').replaceAll(/\s+/g, ' ').trim();
  if (text === '') return null;
  // Seconds since 1970, of plausible years only: 2001 to 2286.
  const found = /^\d{10}$/.test(text) ? DateTime.fromSeconds(Number(text)) : (isoDate(text) ?? wordDate(text));
  return found?.isValid ? found.toUTC().toISO() : null;
}

function isoDate(text: string): DateTime | undefined {
  if (!/^\d{4}(-\d|\d{4}(\D|$))/.test(text)) return undefined;
  const tight = text
    .replace(/^(\d{4}-\d{1,2}-\d{1,2}) (?=\d)/, '$1T')
    .replace(/^(\d{4})-(\d{1,2})-(\d{1,2})/, (_, year: string, month: string, day: string) =>
      [year, two(month), two(day)].join('-'),
    )
    .replace(/T(\d):/, 'T0$1:');
  // A day has no zone: the -15 of 2026-01-15 is none.
  const named = /:|T\d/.test(tight)
    ? /^(.*\d) ?(?:\(?([a-z]{1,5})\)?|(?:utc|gmt)? ?([+-]\d{1,2}(?::?\d\d)?))$/i.exec(tight)
    : null;
  const [, local = tight, letters, offset] = named ?? [];
  const minutes = named ? (offset === undefined ? zones[letters!.toLowerCase()] : minutesOf(offset)) : undefined;
  if (named && minutes === undefined) return undefined;
  const date = DateTime.fromISO(local, { zone: 'utc', setZone: true });
  return minutes === undefined ? date : date.minus({ minutes });
}

const two = (digits: string): string => digits.padStart(2, '0');

/** Day, month by name, year, time and zone, wherever they stand: `Mon, May 25 2020 04:45:26 +0000`, `25-May-20 4:45 PM CET`. */
function wordDate(text: string): DateTime | undefined {
  const time = /\b(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?/i.exec(text);
  const rest = time ? text.replace(time[0], ' ') : text;
  const month = monthNames.findIndex((name) => new RegExp(`(?:^|[^a-z])${name}`, 'i').test(rest)) + 1;
  const zone = zoneOf(rest, time);
  const numbers =
    rest.replaceAll(/[+-]\d{1,2}:?\d\d\b(?!-)|(?:utc|gmt)\s*[+-]\d{1,2}(?::?\d\d)?/gi, ' ').match(/\d+/g) ?? [];
  const year = numbers.find((number) => number.length === 4) ?? (numbers.length > 1 ? numbers.at(-1) : undefined);
  const day = numbers.find((number) => number !== year && Number(number) >= 1 && Number(number) <= 31) ?? numbers[0];
  if (month === 0 || year === undefined || day === undefined || day.length > 2 || zone === undefined) return undefined;
  const half = time?.[4]?.toLowerCase();
  const hour = time ? hourOf(Number(time[1]), half) : 0;
  return DateTime.fromObject(
    {
      year: fullYear(year),
      month,
      day: Number(day),
      hour,
      minute: Number(time?.[2] ?? 0),
      second: Number(time?.[3] ?? 0),
    },
    { zone: 'utc' },
  ).minus({ minutes: zone });
}

const hourOf = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.startsWith('p') ? 12 : 0);

/** Two digits as RFC 2822 4.3 reads them. */
const fullYear = (year: string): number =>
  year.length > 2 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);

/** Minutes east; 0 where nothing is said, undefined where something is said that nobody knows. */
function zoneOf(rest: string, time: RegExpExecArray | null): number | undefined {
  const offset = /(?:^|\s|utc|gmt)([+-]\d{1,2}(?::?\d\d)?)(?!\d|-)/i.exec(rest)?.[1];
  if (offset !== undefined && time) return minutesOf(offset);
  const words = (rest.match(/[a-z]+/gi) ?? []).map((word) => word.toLowerCase());
  const unknown = words.filter((word) => !isDayOrMonth(word));
  return unknown.length === 0 ? 0 : unknown.map((word) => zones[word]).find((minutes) => minutes !== undefined);
}

const isDayOrMonth = (word: string): boolean =>
  monthNames.some((name) => word.startsWith(name)) || /^(mon|tue|wed|thu|fri|sat|sun|st|nd|rd|th$|at$|of$)/.test(word);

function minutesOf(offset: string): number | undefined {
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(offset) ?? [];
  if (sign === undefined || Number(hours) > 14) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
