import type { Trigger } from './directory.ts';
import type { Concurrency } from './limits.ts';

/** A schedule's rule about its own runs; none when they may overlap. */
export const overlapOf = ({ key, overlap }: Pick<Trigger, 'key' | 'overlap'>): Concurrency | undefined =>
  overlap === undefined || overlap === 'allow' ? undefined : { lot: `overlap ${key}`, max: 1, over: overlap };
