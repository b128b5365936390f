import { missing } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Method, type Methods, table } from '../values/box.ts';
import { DateBox, momentAt } from '../values/dates.ts';
import { toNumber } from '../values/convert.ts';
import { fromLocal } from '../values/zone.ts';
import { locale, options } from './text.ts';

type Args = readonly unknown[];

const fields = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;
const settable = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

/** JavaScript's methods of a Date; its local fields are those of the scope's zone. */
export const dateMethods: Methods<DateBox> = table({
  ...getters(),
  ...setters(),
  getTime: (_run: Run, date: DateBox) => date.ms,
  valueOf: (_run: Run, date: DateBox) => date.ms,
  setTime: (run: Run, date: DateBox, args: Args) => (date.ms = toNumber(run, args[0])),
  getYear: (run: Run, date: DateBox) => date.local(run).getUTCFullYear() - 1900,
  getTimezoneOffset: (run: Run, date: DateBox) => 0 - momentAt(run, date.ms).offset,
  toISOString: (_run: Run, date: DateBox) => isoText(date),
  toJSON: (_run: Run, date: DateBox) => date.plain(),
  toString: (run: Run, date: DateBox) => date.text(run),
  toDateString: (run: Run, date: DateBox) => momentAt(run, date.ms).toFormat('EEE MMM dd yyyy'),
  toTimeString: (run: Run, date: DateBox) => date.text(run).slice(16),
  toUTCString: (_run: Run, date: DateBox) => new Date(date.ms).toUTCString(),
  toGMTString: (_run: Run, date: DateBox) => new Date(date.ms).toUTCString(),
  toLocaleString: (run: Run, date: DateBox, args: Args) =>
    new Date(date.ms).toLocaleString(locale(run, args[0]), zoned(run, args[1])),
  toLocaleDateString: (run: Run, date: DateBox, args: Args) =>
    new Date(date.ms).toLocaleDateString(locale(run, args[0]), zoned(run, args[1])),
  toLocaleTimeString: (run: Run, date: DateBox, args: Args) =>
    new Date(date.ms).toLocaleTimeString(locale(run, args[0]), zoned(run, args[1])),
});

/** The options of a format, in the scope's zone unless they name another. */
export function zoned(run: Run, value: unknown): Intl.DateTimeFormatOptions {
  return { timeZone: run.scope.zone, ...options(value) };
}

function isoText(date: DateBox): string {
  const text = date.plain();
  if (text === null) throw missing('The date is invalid.');
  return text;
}

function getters(): Record<string, Method<DateBox>> {
  const made: Record<string, Method<DateBox>> = {};
  for (const field of fields) {
    made[`get${field}`] = (run, date) => date.local(run)[`getUTC${field}`]();
    made[`getUTC${field}`] = (_run, date) => new Date(date.ms)[`getUTC${field}`]();
  }
  return made;
}

function setters(): Record<string, Method<DateBox>> {
  const made: Record<string, Method<DateBox>> = {};
  for (const field of settable) {
    made[`set${field}`] = (run, date, args) => (date.ms = fromLocal(run, changed(run, date.local(run), field, args)));
    made[`setUTC${field}`] = (run, date, args) => (date.ms = changed(run, new Date(date.ms), field, args));
  }
  return made;
}

function changed(run: Run, fieldsOf: Date, field: (typeof settable)[number], args: Args): number {
  const [first = Number.NaN, ...more] = args.map((arg) => toNumber(run, arg));
  // Each setter takes the fields after its own as well, as in setHours(h, m, s); its type knows them one by one.
  const set: (first: number, ...more: number[]) => number = fieldsOf[`setUTC${field}`].bind(fieldsOf);
  return set(first, ...more);
}
