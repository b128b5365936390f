import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** How often it is looked, in milliseconds: a turn of the event loop that is shorter is not told from its neighbours. */
const everyMs = 20;

/**
 * Counts the processor time of this thread between two looks, each of which is a turn of the event loop of its own: how long everybody else had to
 * wait because of what was done here. That a busy machine gave the thread no processor does not count; `nodejs_eventloop_lag` has that too.
 */
export function countHolds(registry: Registry): void {
  let longest = 0;
  let before = worked();
  setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, everyMs).unref();
  new Gauge({
    name: 'heddle_loop_held_seconds',
    help: 'The most processor time that the event loop worked without a pause since this was asked for.',
    registers: [registry],
    collect() {
      this.set(longest);
      longest = 0;
    },
  });
}

/** Seconds of processor that this thread has had. */
function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
