import type { Pass } from './pass.ts';

/** A claim that this process holds on a stage at a path. One object is one claim: another of the same stage, later, is another object. */
export interface Holding {
  readonly stage: string;
  readonly path: string;
  readonly epoch: number;
  readonly abort: AbortController;
  /** What it holds of this process. */
  readonly pass: Pass;
  /** Monotonic milliseconds (`performance.now`) after which no effect may start. */
  fencedAt: number;
  /** Monotonic milliseconds since when the database has it for certain; `Infinity` while the append that makes it is on its way. */
  since: number;
  isLost: boolean;
  /** Told when the claim has been given back, lost, or ended with its stage. */
  readonly onFree: (() => void)[];
}

/** The claim on a stage is no longer ours, or its run is over: what was being done is let go. */
export class ClaimLost extends Error {
  constructor(why: string) {
    super(`the claim was lost: ${why}`);
    this.name = 'ClaimLost';
  }
}

/** The claim could not be renewed in time, so it may be another's by now: what was about to start has not been started. */
export class Fenced extends ClaimLost {
  constructor() {
    super('its lease could not be renewed');
    this.name = 'Fenced';
  }
}

/** Whether something was not begun because of the fence. */
export const wasFenced = (error: unknown): boolean =>
  error instanceof Fenced || (error instanceof Error && error.cause instanceof Fenced);

/** A claim that is about to be made, or was just made: its effects are fenced from `fencedAt` on. */
export const newHolding = (
  { stage, path, epoch }: { readonly stage: string; readonly path: string; readonly epoch: number },
  fencedAt: number,
  pass: Pass,
): Holding => ({
  stage,
  path,
  epoch,
  pass,
  abort: new AbortController(),
  fencedAt,
  since: Number.POSITIVE_INFINITY,
  isLost: false,
  onFree: [],
});

export const fenceOf = ({ stage, path, epoch }: Holding) => ({ stage, path, epoch });

/** After a database that was away longer than the fence, what is held goes on once it is surely ours, and fails nothing (F9). */
export async function whenRenewed(holding: Holding, renew: () => Promise<void>): Promise<void> {
  for (let pause = 50; performance.now() >= holding.fencedAt; pause = Math.min(pause * 2, 2_000)) {
    holding.abort.signal.throwIfAborted();
    await renew().catch(() => breather(pause));
  }
}

/** A pause while the database is away; it keeps no process alive. */
export const breather = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms).unref());

/** Waits for so long; rejects with the signal's reason when that comes first. */
export const pauseFor = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
