import { setImmediate } from 'node:timers/promises';
import { processorMs } from '../../processor-time.ts';

/** The longest that the thread worked without a pause while something went on. */
export async function longestTurn(work: Promise<unknown>): Promise<number> {
  let [longest, last, isOver] = [0, processorMs(), false];
  const ended = work.finally(() => void (isOver = true));
  while (!isOver) {
    await setImmediate();
    const now = processorMs();
    [longest, last] = [Math.max(longest, now - last), now];
  }
  await ended;
  return longest;
}
