import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { reaches } from './until.ts';

/** One question for /healthz: when it was asked (epoch ms), and how long the answer took. */
export interface Asked {
  readonly at: number;
  readonly took: number;
  readonly isWell: boolean;
}

/** The longest that the server's own thread worked without a pause in a stretch of time, in milliseconds of processor. */
export interface Held {
  readonly from: number;
  readonly to: number;
  readonly held: number;
}

/** The longest that the thread of a server worked without a pause since its metrics were read before, in milliseconds of processor; undefined when they do not say. */
export function heldIn(metrics: string): number | undefined {
  const seconds = /^heddle_loop_held_seconds ([\d.e-]+)/m.exec(metrics)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** Asks a server how it is, from a thread of its own, so that what the asker does beside does not count. */
export class Probe implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly held: Held[] = [];
  private readonly worker: Worker;

  constructor(url: string) {
    this.worker = new Worker(new URL('./probe-worker.ts', import.meta.url), { workerData: { url } });
    this.worker.on('message', (told: Asked | Held) => {
      if ('held' in told) this.held.push(told);
      else this.asked.push(told);
    });
  }

  /** Waits until the server was asked anew: then every hold up to now is told. Gives up when it says nothing any more. */
  async told(): Promise<void> {
    const now = Date.now();
    await reaches(() => this.held.some(({ from }) => from >= now));
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
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
