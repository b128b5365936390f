import { durationMs } from '../../flow/document/duration.ts';
import { batchMost } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { shortKey, valueOver } from './value-over.ts';

/** The settings of a workflow that say when its runs may start (E29), with the lot that an event counts in. Times in milliseconds. */
export interface Limits {
  readonly debounce?: { readonly lot: string; readonly waitMs: number; readonly atMostMs: number | undefined };
  readonly batch?: { readonly lot: string; readonly size: number; readonly withinMs: number };
  readonly throttle?: { readonly lot: string; readonly limit: number; readonly perMs: number };
  readonly concurrency?: Concurrency;
  /** A schedule's: at most one run of its own fires at a time. */
  readonly overlap?: Concurrency;
}

export interface Concurrency {
  readonly lot: string;
  readonly max: number;
  readonly over: 'queue' | 'skip' | 'replace';
}

/** Whether a workflow has any such setting. */
export const isLimited = ({ settings }: Pick<Workflow, 'settings'>): boolean =>
  settings !== undefined &&
  (settings.concurrency !== undefined ||
    settings.throttle !== undefined ||
    settings.debounce !== undefined ||
    settings.batch !== undefined);

const ms = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : durationMs(duration);

/** Gives the lot of an event for a setting, which may have a key. */
export type LotOf = (name: LotName, key: string | undefined) => string;
type LotName = 'debounce' | 'batch' | 'throttle' | 'concurrency';

/** Lots of an event that came: the keys of settings are worked out over its first item. Throws `KeyFailed` where that cannot be done. */
export const workedOut =
  (item: unknown, place: { zone: string; now: number }): LotOf =>
  (name, key) =>
    shortKey(`${name} ${key === undefined ? '' : (valueOver(`${name}.key`, key, item, place) ?? '')}`);

/** Lots of an event that waits, as they were worked out when it came: what came with it is not read again. */
export const asWorkedOut =
  (lots: Lots): LotOf =>
  (name) =>
    lots[name] ?? `${name} `;

/** In which lots an event counts. */
export type Lots = Readonly<Partial<Record<LotName, string>>>;

export const lotsOf = ({ throttle, concurrency }: Limits): Lots => ({
  ...(throttle ? { throttle: throttle.lot } : {}),
  ...(concurrency ? { concurrency: concurrency.lot } : {}),
});

/** The limits of a workflow for one event. */
export function limitsOf({ settings = {} }: Pick<Workflow, 'settings'>, lot: LotOf, overlap?: Concurrency): Limits {
  const { debounce, batch, throttle, concurrency } = settings;
  const atOnce = typeof concurrency === 'number' ? { max: concurrency } : concurrency;
  return {
    ...(debounce
      ? {
          debounce: {
            lot: lot('debounce', debounce.key),
            waitMs: ms(debounce.wait) ?? 0,
            atMostMs: ms(debounce.atMost),
          },
        }
      : {}),
    ...(batch
      ? {
          batch: {
            lot: lot('batch', batch.key),
            size: Math.min(batch.size, batchMost),
            withinMs: ms(batch.within) ?? 0,
          },
        }
      : {}),
    ...(throttle
      ? { throttle: { lot: lot('throttle', throttle.key), limit: throttle.limit, perMs: ms(throttle.per) ?? 0 } }
      : {}),
    ...(atOnce
      ? { concurrency: { lot: lot('concurrency', atOnce.key), max: atOnce.max, over: atOnce.over ?? 'queue' } }
      : {}),
    ...(overlap ? { overlap } : {}),
  };
}
