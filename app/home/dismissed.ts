import { useSyncExternalStore } from 'react';
import * as z from 'zod';
import { keep, keptAs, whenKept } from '../host/keep.ts';

const place = 'heddle.dismissed';
// Ids of runs alone; after a week none of them would be shown anyway.
const shape = z.array(z.string());
const most = 2_000;

const listeners = new Set<() => void>();
const read = (): ReadonlySet<string> => new Set(keptAs(place, shape));
let known = read();

function tell(next: ReadonlySet<string>): void {
  known = next;
  for (const listener of listeners) listener();
}

whenKept(place, () => tell(read()));

function set(next: readonly string[]): void {
  const last = next.slice(-most);
  keep(place, JSON.stringify(last));
  tell(new Set(last));
}

/** Notes in this browser that these runs need nobody any more. */
export const dismissRuns = (ids: readonly string[]): void => set([...new Set([...known, ...ids])]);

/** Takes that back. */
export const recallRuns = (ids: readonly string[]): void => set([...known].filter((id) => !ids.includes(id)));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The runs of which somebody said in this browser that they need nobody. */
export const useDismissed = (): ReadonlySet<string> => useSyncExternalStore(subscribe, () => known);
