import { cronRuns } from './cron.ts';
import { isKept, lookOnFrom, timesOf } from './schedule.ts';
import type { ScheduleRule } from './schedule.ts';

/** Looking through the fires of a rule must end. */
const mostLooks = 40_000;
const lastMoment = 8_640_000_000_000_000;

/**
 * The moments after `after` at which a rule fires in a zone, in order, at most `count` and none after `until`. Epoch milliseconds. A day whose
 * clock jumps over the time written fires at the first moment after the jump, once; a day that has it twice fires at the first. Throws what
 * is wrong with a cron rule that cannot be read.
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
  const next = cronRuns(times.cron.trim(), zone);
  const following = (moment: number) => next(new Date(moment), until)?.getTime() ?? Number.POSITIVE_INFINITY;
  let at = following(after);
  for (let looks = 0; found.length < count && at <= until && looks < mostLooks; looks++) {
    const kept = isKept(rule, at, zone);
    if (kept) found.push(at);
    at = following(kept ? at : lookOnFrom(rule, at, zone));
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
