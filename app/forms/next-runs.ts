import { cronTrouble as troubleOf } from '../../flow/values/cron.ts';
import { nextFires } from '../../flow/values/next-fires.ts';
import type { ScheduleRule } from '../../flow/values/schedule.ts';
import { parseDuration } from '../../flow/document/duration.ts';
import { isObject } from '../../flow/document/json.ts';

/** The next moments at which stored rules start a run, in order, each once; rules that are not finished yet start none. Epoch milliseconds. */
export function nextRuns(rules: unknown, zone: string, after: number, count = 5): number[] {
  const finished = Array.isArray(rules) ? rules.flatMap((rule) => finishedRule(rule) ?? []) : [];
  const all = new Set(finished.flatMap((rule) => runsOf(rule, zone, after, count)));
  return [...all].toSorted((a, b) => a - b).slice(0, count);
}

/** None of a cron rule that cannot be read yet. */
function runsOf(rule: ScheduleRule, zone: string, after: number, count: number): number[] {
  try {
    return nextFires(rule, zone, after, { count });
  } catch {
    return [];
  }
}

/** What is wrong with a cron rule, in a sentence; undefined when it has times. The check and publishing say the same. */
export function cronTrouble(rule: string): string | undefined {
  const trouble = rule.trim() === '' ? undefined : troubleOf(rule);
  return trouble && `${trouble.message} ${trouble.mend}`;
}

/** A stored rule with what it leaves out; undefined while a part of it is missing or wrong. */
function finishedRule(rule: unknown): ScheduleRule | undefined {
  if (!isObject(rule)) return undefined;
  const { unit, every, cron } = rule;
  if (typeof cron === 'string') return { cron };
  if (unit === undefined) {
    if (typeof every === 'number' && every > 0) return { every };
    return typeof every === 'string' && (parseDuration(every) ?? 0) > 0 ? { every } : undefined;
  }
  const whole = (name: string, otherwise: number, least: number, most: number): number => {
    const value = rule[name] ?? otherwise;
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : Number.NaN;
  };
  const part = { every: whole('every', 1, 1, 1_000), minute: whole('minute', 0, 0, 59), hour: whole('hour', 0, 0, 23) };
  const day = rule['day'] === 'last' ? ('last' as const) : whole('day', 1, 1, 31);
  if ([part.every, part.minute, part.hour, day].some((value) => Number.isNaN(value))) return undefined;
  if (unit === 'hours') return { unit, every: part.every, minute: part.minute };
  if (unit === 'days') return { unit, ...part };
  if (unit === 'months') return { unit, ...part, day };
  const on = (Array.isArray(rule['on']) ? rule['on'] : ['mon']).filter((one) => typeof one === 'string');
  return unit === 'weeks' && on.length > 0 ? { unit, ...part, on } : undefined;
}
