import { setTimeout as pause } from 'node:timers/promises';

/**
 * Takes away what is due in rounds of `most` rows, until a round finds fewer: what comes in faster than one round takes away in its time would else
 * never go. Each round is short, and after it others have the database for as long as it took. Gives how many went; it ends early when it is told to.
 */
export async function inRounds(most: number, round: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  for (let total = 0; ;) {
    const began = performance.now();
    const gone = await round();
    total += gone;
    if (gone < most || signal?.aborted) return total;
    await pause(performance.now() - began);
  }
}
