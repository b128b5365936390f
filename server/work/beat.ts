/** Something a process does again and again, one at a time, until it is stopped. Times in milliseconds. */
export interface Beat {
  /** Stops it and waits for the turn under way, whose signal says so. */
  stop(): Promise<void>;
}

/**
 * Calls `work` every `everyMs`, never twice at once, and goes on whatever happens: a database that is away is told through
 * `onBroken` and tried again at the next turn.
 */
export function openBeat(
  everyMs: number,
  work: (stopping: AbortSignal) => Promise<unknown>,
  onBroken: (error: unknown) => void,
): Beat {
  const stopping = new AbortController();
  let turn: Promise<void> | undefined;
  const tick = () => {
    turn ??= work(stopping.signal)
      .then(() => undefined, onBroken)
      .finally(() => {
        turn = undefined;
      });
  };
  const timer = setInterval(tick, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await turn;
    },
  };
}
