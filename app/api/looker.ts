/** Between two looks at what moves: at least this, and never more than half of the time is spent looking. */
const quickMs = 250;

/** Looks when asked, one look at a time; what is asked during a look is one more look after a breath. */
export function looker(look: () => Promise<unknown>, signal: AbortSignal, breath = quickMs): () => void {
  let isLooking = false;
  let isWanted = false;
  const go = async () => {
    isLooking = true;
    isWanted = false;
    const began = performance.now();
    await look().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, Math.max(breath, performance.now() - began)));
    isLooking = false;
    if (isWanted && !signal.aborted) void go();
  };
  return () => {
    isWanted = true;
    if (!isLooking && !signal.aborted) void go();
  };
}
