import { setTimeout as pause } from 'node:timers/promises';

// What means "start me again": 75, by which the server says so itself, and what V8 ends with when it runs out of memory or breaks (ABRT, TRAP,
// SEGV). KILL is not among them: somebody meant it.
const again = new Set([75, 128 + 6, 128 + 5, 128 + 11]);

/**
 * Runs something, and runs it again each time it ends because it could not go on, until it ends for another reason or we are told to stop.
 * Gives the last exit code.
 */
export async function keepRunning(run, pauseMs = 1000) {
  let isTold = false;
  const told = () => (isTold = true);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, told);
  try {
    for (;;) {
      const code = await run();
      if (isTold || !again.has(code)) return code;
      process.stderr.write(`Heddle ended with ${code} and is started again.\n`);
      await pause(pauseMs);
      if (isTold) return code;
    }
  } finally {
    for (const signal of signals) process.off(signal, told);
  }
}
