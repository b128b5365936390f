import { ScheduleParams } from './describe.ts';
import type { Trigger } from './directory.ts';
import type { Concurrency } from './limits.ts';

/** A schedule's rule about its own runs; none when they may overlap. */
export function overlapOf({ kind, key, params }: Pick<Trigger, 'kind' | 'key' | 'params'>): Concurrency | undefined {
  if (kind !== 'schedule') return undefined;
  const { overlap } = ScheduleParams.parse(params);
  return overlap === 'allow' ? undefined : { lot: `overlap ${key}`, max: 1, over: overlap };
}
