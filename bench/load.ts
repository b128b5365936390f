import { setTimeout as pause } from 'node:timers/promises';

/** What a load came to; times in milliseconds, from asking to the answer. */
export interface Load {
  readonly rps: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How hard and how long: `warmUp` seconds that do not count, then `seconds` that do. */
export interface Pressure {
  readonly clients: number;
  readonly seconds: number;
  readonly warmUp: number;
}

/** Does `work` again and again, at some clients in parallel, each waiting for its answer before it asks again. */
export async function load({ clients, seconds, warmUp }: Pressure, work: () => Promise<void>): Promise<Load> {
  let times: number[] = [];
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const from = performance.now();
      await work();
      times.push(performance.now() - from);
    }
  };
  const running = Array.from({ length: clients }, client);
  // A client that fails ends the load at once, and not after its time.
  await Promise.race([Promise.all(running), pause(warmUp * 1_000)]);
  times = [];
  const from = performance.now();
  await Promise.race([Promise.all(running), pause(seconds * 1_000)]);
  const took = performance.now() - from;
  const counted = times;
  isOver = true;
  await Promise.all(running);
  return { rps: Math.round(counted.length / (took / 1_000)), ...percentiles(counted) };
}

/** Does `work` one at a time, at least `least` times and for `seconds`, after a few times that do not count; the median, ms. */
export async function oneByOne(seconds: number, work: () => Promise<void>, least = 10): Promise<number> {
  for (let n = 0; n < 5; n += 1) await work();
  const times: number[] = [];
  const until = performance.now() + seconds * 1_000;
  while (times.length < least || performance.now() < until) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return percentiles(times).p50;
}

/** Of times in milliseconds. */
export function percentiles(times: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { p50: rounded(median(times)), p95: at(0.95), p99: at(0.99) };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

/** The middle one; of two in the middle the mean. */
export function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const high = sorted.length >> 1;
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[high] ?? 0)) / 2;
}
