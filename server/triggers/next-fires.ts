import { Cron } from 'croner';
import { isKept, timesOf } from '../../flow/values/schedule.ts';
import type { ScheduleRule } from '../../flow/values/schedule.ts';

/** Looking for the next fire of "every 1,000 months" must end. */
const mostLooks = 40_000;
const lastMoment = 8_640_000_000_000_000;

/**
 * The moments after `after` at which a rule fires in a zone, in order, at most `count` and none after `until`. Epoch milliseconds. A day whose
 * clock jumps over the time written fires at the first moment after the jump, once; a day that has it twice fires at the first.
 */
export function nextFires(
  rule: ScheduleRule,
  zone: string,
  after: number,
  { count = 1, until = lastMoment }: { count?: number; until?: number } = {},
): number[] {
  const times = timesOf(rule);
  const found: number[] = [];
  if ('everyMs' in times) {
    // Counted from 1970, so that a restart, a new version or a clock that jumps changes nothing.
    let at = (Math.floor(after / times.everyMs) + 1) * times.everyMs;
    for (; found.length < count && at <= until; at += times.everyMs) found.push(at);
    return found;
  }
  const cron = new Cron(times.cron, { timezone: zone, paused: true });
  let at = cron.nextRun(new Date(after));
  for (let looks = 0; at && found.length < count && at.getTime() <= until && looks < mostLooks; looks++) {
    if (isKept(rule, at.getTime(), zone)) found.push(at.getTime());
    at = cron.nextRun(at);
  }
  return found;
}

/** The moments at which any of the rules fires, each once, in order. */
export function nextOfAll(
  rules: readonly ScheduleRule[],
  zone: string,
  after: number,
  limits: { count?: number; until?: number } = {},
): number[] {
  const all = new Set(rules.flatMap((rule) => nextFires(rule, zone, after, limits)));
  return [...all].toSorted((a, b) => a - b).slice(0, limits.count ?? 1);
}
