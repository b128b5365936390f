import { useSyncExternalStore } from 'react';
import * as z from 'zod';
import { keep, keptAs, whenKept } from './keep.ts';

const place = 'heddle.recent';
// Ids alone: what a workflow is called, whether it is still there and in which workspace, its list says.
const shape = z.array(z.string());
const most = 40;

const listeners = new Set<() => void>();
let known: readonly string[] = keptAs(place, shape) ?? [];

function tell(next: readonly string[]): void {
  known = next;
  for (const listener of listeners) listener();
}

whenKept(place, () => tell(keptAs(place, shape) ?? []));

/** Notes that a workflow was opened in this browser. Where storage is forbidden that holds as long as the page. */
export function noteOpened(id: string): void {
  const next = [id, ...known.filter((one) => one !== id)].slice(0, most);
  keep(place, JSON.stringify(next));
  tell(next);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The ids of the workflows opened last in this browser, the latest first, of whatever workspace; some may be gone. */
export const useOpened = (): readonly string[] => useSyncExternalStore(subscribe, () => known);
