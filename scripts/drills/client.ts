import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { reaches } from './until.ts';

const Accepted = z.object({ runId: z.string() });

/** One call that was answered with 2xx. */
export interface Taken {
  readonly n: number;
  readonly run: string;
  /** Epoch milliseconds of the answer. */
  readonly at: number;
}

/**
 * A sender of webhooks as careful senders are: at a steady rate, each with a key of its own, and again with the same key until it is
 * answered with 2xx, at the next address each time.
 */
export class Client {
  readonly taken: Taken[] = [];
  /** How often each status was answered; 0 is a connection that was refused or broke. */
  readonly statuses = new Map<number, number>();
  /** Answers of 503 and 507 without Retry-After: there must be none. */
  bare = 0;
  /** The longest that one answer took, milliseconds. */
  slowest = 0;
  private n = 0;
  private isStopped = false;
  private readonly under: Promise<void>[] = [];
  private readonly urls: () => readonly string[];
  private readonly path: string;
  private readonly timer: NodeJS.Timeout;

  /** Starts at once: `rate` calls a second to `path` below each of `urls`. */
  constructor(urls: () => readonly string[], path: string, rate: number) {
    this.urls = urls;
    this.path = path;
    this.timer = setInterval(() => this.under.push(this.send(this.n++)), 1000 / rate);
  }

  /** How many different calls were begun. */
  get sent(): number {
    return this.n;
  }

  /** Begins no more calls and waits until those under way are answered, or none was for so long; gives how many never were. */
  async stop(stillMs = 60_000): Promise<number> {
    clearInterval(this.timer);
    await reaches(() => this.taken.length, { least: this.n, stillMs });
    this.isStopped = true;
    await Promise.all(this.under);
    return this.n - this.taken.length;
  }

  /** When the first call after a moment was answered with 2xx. */
  firstAfter(moment: number): number | undefined {
    return this.taken
      .map(({ at }) => at)
      .filter((at) => at >= moment)
      .toSorted((a, b) => a - b)[0];
  }

  private async send(n: number): Promise<void> {
    for (let turn = n; !this.isStopped; turn += 1) {
      const urls = this.urls();
      const run = await this.once(`${urls[turn % urls.length]}${this.path}`, n);
      if (run !== undefined) return void this.taken.push({ n, run, at: Date.now() });
      await pause(150 + Math.random() * 100);
    }
  }

  private async once(url: string, n: number): Promise<string | undefined> {
    const began = performance.now();
    let status = 0;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `drill-${n}` },
        body: JSON.stringify({ n }),
        signal: AbortSignal.timeout(60_000),
      });
      status = response.status;
      const text = await response.text();
      if ((status === 503 || status === 507) && !response.headers.has('retry-after')) this.bare += 1;
      return response.ok
        ? (response.headers.get('heddle-run-id') ?? Accepted.parse(JSON.parse(text)).runId)
        : undefined;
    } catch {
      status = 0;
      return undefined;
    } finally {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      this.slowest = Math.max(this.slowest, performance.now() - began);
    }
  }
}
