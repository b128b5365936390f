import { Cron } from 'croner';

/** The next fires of a cron rule, or what is wrong with it. */
export type Fires =
  | { readonly ok: true; readonly next: readonly Date[] }
  | { readonly ok: false; readonly message: string; readonly mend: string };

/** Works out the next fires of five or six fields of cron in a zone, from a moment on, as the server will. */
export function firesOf(rule: string, zone: string, from: Date, count = 3): Fires {
  if (rule.trim() === '')
    return { ok: false, message: 'No times are set.', mend: 'Write five fields, such as 0 9 * * 1-5.' };
  try {
    const cron = new Cron(rule.trim(), { paused: true, timezone: zone });
    const next = cron.nextRuns(count, from);
    return next.length > 0
      ? { ok: true, next }
      : { ok: false, message: 'This never fires.', mend: 'Check the day of the month against the month.' };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'It cannot be read.';
    return { ok: false, message: why, mend: 'Write minute, hour, day of month, month, weekday, as in 0 9 * * 1-5.' };
  }
}
