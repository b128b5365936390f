/** A claim that this process holds on a stage at a path. */
export interface Holding {
  readonly stage: string;
  readonly path: string;
  readonly epoch: number;
  readonly abort: AbortController;
  /** Monotonic milliseconds (`performance.now`) after which no effect may start. */
  fencedAt: number;
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

/** A claim that was just made: its effects are fenced from `fencedAt` on. */
export const newHolding = (stage: string, path: string, epoch: number, fencedAt: number): Holding => ({
  stage,
  path,
  epoch,
  abort: new AbortController(),
  fencedAt,
  isLost: false,
  onFree: [],
});

export const fenceOf = ({ stage, path, epoch }: Holding) => ({ stage, path, epoch });
