import { timerMs } from '../timer-ms.ts';
import type { Call } from './carry-node.ts';

/** Runs something with the node's timeout; past it the signal aborts, which closes sockets and sandboxes. */
export async function withTimeout<Value>(
  { carriage, node }: Call,
  perform: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (node.timeoutMs === undefined) return perform(carriage.signal);
  const timeout = AbortSignal.timeout(timerMs(node.timeoutMs));
  const signal = AbortSignal.any([carriage.signal, timeout]);
  const late = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () => reject(new TimedOut(node.timeoutMs as number)), { once: true });
  });
  return Promise.race([perform(signal), late]);
}

class TimedOut extends Error {
  readonly code = 'node.timeout';
  readonly mend = 'Give the node a longer timeout, or make what it calls answer sooner.';

  constructor(ms: number) {
    super(`The node did not end within ${ms} ms.`);
    this.name = 'TimedOutFault';
  }
}
