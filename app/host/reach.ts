import { useSyncExternalStore } from 'react';
import { base } from './base.ts';

/** Whether the server answers: it does, somebody just got no answer, or it is away. */
type Reach = 'there' | 'doubted' | 'away';

let reach: Reach = 'there';
const listeners = new Set<() => void>();

function set(next: Reach): void {
  if (reach === next) return;
  const wasAway = reach === 'away';
  reach = next;
  for (const listener of listeners) listener();
  if (wasAway) for (const listener of backListeners) listener();
}

/** The first question after a request that got no answer is asked so soon, the others so far apart; milliseconds. */
const [soonMs, everyMs] = [300, 3_000];

/**
 * Notes whether a request got an answer. One without may be its own trouble: the server is said to be away when it does not answer the
 * question whether it lives either, which is asked until it does.
 */
export function noteReach(hasAnswered: boolean): void {
  if (hasAnswered) return set('there');
  if (reach !== 'there') return;
  set('doubted');
  void askUntilThere();
}

async function askUntilThere(): Promise<void> {
  while (reach !== 'there') {
    await pause(reach === 'doubted' ? soonMs : everyMs);
    // What was asked meanwhile may have been answered.
    if (isThere()) return;
    set((await lives()) ? 'there' : 'away');
  }
}

const isThere = () => reach === 'there';

const lives = () =>
  fetch(`${base}/healthz`, { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const backListeners = new Set<() => void>();

/** Calls `told` whenever the server answers again after it was away. */
export const onBack = (told: () => void): void => void backListeners.add(told);

function subscribe(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

/** Whether the server does not answer, as far as this page knows. */
export const useAway = (): boolean => useSyncExternalStore(subscribe, () => reach === 'away');
