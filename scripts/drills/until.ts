import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something holds; throws, and says what did not happen, when it does not within so long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { everyMs = 50, withinMs = 30_000 }: { readonly everyMs?: number; readonly withinMs?: number } = {},
): Promise<void> {
  for (const began = performance.now(); !(await holds()); await pause(everyMs))
    if (performance.now() - began > withinMs) throw new Error(`it did not happen: ${what}`);
}
