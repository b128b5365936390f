import { Cron } from 'croner';

/** What is wrong with a value, and what to enter. */
export interface Trouble {
  readonly message: string;
  readonly mend: string;
}

/** Leap years, months of every length and each weekday on each day come within 40 years of here. */
const from = new Date(Date.UTC(2024, 0, 1));

/**
 * What is wrong with a cron rule, in the words of the library that times it; or that it never comes due, as on 30 February. Undefined
 * when it is fine.
 */
export function cronTrouble(rule: string, zone = 'UTC'): Trouble | undefined {
  const mend = 'Enter minute, hour, day of month, month and weekday, such as 0 9 * * 1-5.';
  if (rule.trim() === '') return { message: 'No times are set.', mend };
  try {
    const next = new Cron(rule.trim(), { paused: true, timezone: zone }).nextRun(from);
    return next === null
      ? { message: 'This never runs.', mend: 'Check the day of the month against the month.' }
      : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'It cannot be read.';
    return { message: /[.!?]$/.test(why) ? why : `${why}.`, mend };
  }
}
