const day = 86_400_000;
/** What comes within so long is waited for. */
const nearMs = 600_000;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const dateYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

const daysBetween = (at: Date, now: Date) =>
  Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / day);

/** A day by name inside a week, then a date: `Tuesday`, `3 November`, `3 November 2025`. */
function dayName(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days === -1) return 'tomorrow';
  if (Math.abs(days) < 7) return weekday.format(at);
  return (at.getFullYear() === now.getFullYear() ? date : dateYear).format(at);
}

/** How long ago, in words: `just now`, `12 s ago`, `2 min ago`, `yesterday 06:00`, `9 November`. */
export function ago(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (seconds < 3) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const days = daysBetween(at, now);
  if (days === 0) return clock.format(at);
  return days < 7 ? `${dayName(at, now)} ${clock.format(at)}` : dayName(at, now);
}

/** A time to come: `14:18`, `tomorrow 02:00`, `Sunday 06:00`, `3 December 06:00`; with its seconds when it is near. */
export function soon(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const isNear = at.getTime() - now.getTime() < nearMs && at.getSeconds() !== 0;
  const time = (isNear ? clockSeconds : clock).format(at);
  return daysBetween(at, now) === 0 ? time : `${dayName(at, now)} ${time}`;
}

/** When it was, exactly enough for a table: `14:03:22`, and the day before it unless that is today. */
export function momentOf(iso: string, now = new Date()): string {
  const at = new Date(iso);
  return daysBetween(at, now) === 0 ? clockSeconds.format(at) : `${dayName(at, now)} ${clock.format(at)}`;
}

/** The day alone, as a sentence's part: `today`, `Tuesday`, `3 November`. */
export const dayOf = (iso: string, now = new Date()): string => dayName(new Date(iso), now);

/** The whole moment, for a tip. */
export const wholeMoment = (iso: string): string => whole.format(new Date(iso));

/** Today in words: `Saturday, 21 November`. */
export const todayInWords = (now = new Date()): string => `${weekday.format(now)}, ${date.format(now)}`;

/** A number as people read it: `1,204`. */
export const count = (value: number): string => value.toLocaleString('en-GB');

/** `1 node`, `13 nodes`. */
export const counted = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;
