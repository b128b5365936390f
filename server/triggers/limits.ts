import { parseDuration } from '../../flow/document/duration.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { valueOver } from './value-over.ts';

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
export const isLimited = ({ settings }: Workflow): boolean =>
  settings !== undefined &&
  (settings.concurrency !== undefined ||
    settings.throttle !== undefined ||
    settings.debounce !== undefined ||
    settings.batch !== undefined);

const ms = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDuration(duration);

/** The limits of a workflow for one event: the keys of its settings are worked out over the item. */
export function limitsOf(
  { settings = {} }: Workflow,
  item: unknown,
  place: { zone: string; now: number },
  overlap?: Concurrency,
): Limits {
  const lot = (name: string, key: string | undefined) =>
    `${name} ${key === undefined ? '' : (valueOver(key, item, place) ?? '')}`.slice(0, 500);
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
    ...(batch ? { batch: { lot: lot('batch', batch.key), size: batch.size, withinMs: ms(batch.within) ?? 0 } } : {}),
    ...(throttle
      ? { throttle: { lot: lot('throttle', throttle.key), limit: throttle.limit, perMs: ms(throttle.per) ?? 0 } }
      : {}),
    ...(atOnce
      ? { concurrency: { lot: lot('concurrency', atOnce.key), max: atOnce.max, over: atOnce.over ?? 'queue' } }
      : {}),
    ...(overlap ? { overlap } : {}),
  };
}
