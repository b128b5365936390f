import { databaseTrouble } from '../http/database-trouble.ts';

/** Does something again and again while the database is away or too slow: a node has not failed by that. Ends with the error once the signal says so. */
export async function patiently<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      const trouble = databaseTrouble(error);
      if (signal.aborted || trouble === undefined || trouble === 'full') throw error;
    }
    await breather(pause, signal);
  }
}

const breather = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake, { once: true });
  });
