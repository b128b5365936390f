import { useSyncExternalStore } from 'react';
import * as z from 'zod';
import { keep, keptAs } from '../host/keep.ts';

const place = 'heddle.recent';
const shape = z.array(z.object({ id: z.string(), name: z.string() }));
export type Recent = z.output<typeof shape>[number];

const listeners = new Set<() => void>();
let known: readonly Recent[] = keptAs(place, shape) ?? [];

function write(next: readonly Recent[]): void {
  known = next;
  // Where storage is forbidden the list lives as long as the page.
  keep(place, JSON.stringify(next));
  for (const listener of listeners) listener();
}

/** Notes that a workflow was opened in this browser; the last five are kept. */
export const noteOpened = (one: Recent): void => write([one, ...known.filter(({ id }) => id !== one.id)].slice(0, 5));

/** Takes a workflow that is gone from the list. */
export const forgetOpened = (id: string): void => write(known.filter((one) => one.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The workflows opened last in this browser. */
export const useRecent = (): readonly Recent[] => useSyncExternalStore(subscribe, () => known);
