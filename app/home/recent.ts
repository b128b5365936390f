import { useSyncExternalStore } from 'react';
import * as z from 'zod';

const place = 'heddle.recent';
const shape = z.array(z.object({ id: z.string(), name: z.string() }));
export type Recent = z.output<typeof shape>[number];

const listeners = new Set<() => void>();
let known: readonly Recent[] = read();

function read(): readonly Recent[] {
  try {
    return shape.safeParse(JSON.parse(localStorage.getItem(place) ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}

function write(next: readonly Recent[]): void {
  known = next;
  try {
    localStorage.setItem(place, JSON.stringify(next));
  } catch {
    // Storage may be forbidden: the list then lives as long as the page.
  }
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
