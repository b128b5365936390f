import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { hearRuns } from './hear-runs.ts';

let isTold = false;
let stop: AbortController | undefined;
/** Those who look, each with how to tell them whether news come. */
const lookers = new Set<() => void>();

function say(now: boolean): void {
  isTold = now;
  for (const tell of lookers) tell();
}

/** One stream a page, and only while the page is seen: a browser has six connections for all its pages together. */
function open(client: QueryClient): void {
  if (stop || document.hidden || lookers.size === 0) return;
  stop = new AbortController();
  const { signal } = stop;
  void hearRuns(client, { signal, stand: (hearing) => signal.aborted || say(hearing === 'live') });
}

function close(): void {
  stop?.abort();
  stop = undefined;
  say(false);
}

/**
 * Whether the lists of runs are kept true by what the server tells, as long as somebody looks. While they are not (the stream broke, the page
 * is not seen), who shows one asks by themselves.
 */
export function useRunNews(isWanted = true): boolean {
  const client = useQueryClient();
  // Before the effect below: who looks is known when the stream is opened.
  const isComing = useSyncExternalStore(isWanted ? look : lookAway, () => isTold);
  useEffect(() => {
    if (!isWanted) return;
    const turn = () => (document.hidden ? close() : open(client));
    document.addEventListener('visibilitychange', turn);
    open(client);
    return () => document.removeEventListener('visibilitychange', turn);
  }, [client, isWanted]);
  return isComing;
}

const lookAway = () => () => undefined;

function look(tell: () => void): () => void {
  lookers.add(tell);
  return () => {
    lookers.delete(tell);
    if (lookers.size === 0) close();
  };
}
