import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** One question for /healthz: when it was asked (epoch ms), how long the answer took, and how much of that the server's main thread was at work. */
export interface Asked {
  readonly at: number;
  readonly took: number;
  readonly held: number;
  readonly isWell: boolean;
}

/** Asks a server how it is every 20 ms, from a thread of its own, so that what the asker does beside does not count. */
export class Probe implements AsyncDisposable {
  readonly asked: Asked[] = [];
  private readonly worker: Worker;

  constructor(url: string, pid: number) {
    this.worker = new Worker(new URL('./probe-worker.ts', import.meta.url), { workerData: { url, pid } });
    this.worker.on('message', (asked: Asked) => void this.asked.push(asked));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.worker, 'exit');
    this.worker.postMessage('over');
    await ended;
  }
}

/** The value that so many in a hundred do not pass. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
