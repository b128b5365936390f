import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long nothing may go on before somebody gives up. It counts from the last time that things had come further, never from the start: on a slow
 * machine all of it takes longer, and only what stands still is stuck.
 */
export class Patience {
  private far = -Infinity;
  private since: number;
  private readonly stillMs: number;
  private readonly now: () => number;

  constructor(stillMs: number, now: () => number = () => performance.now()) {
    this.stillMs = stillMs;
    this.now = now;
    this.since = now();
  }

  /** Whether it lasts, told how far things are by now: more is further. */
  lasts(far = this.far): boolean {
    if (far > this.far) [this.far, this.since] = [far, this.now()];
    return this.now() - this.since < this.stillMs;
  }
}

/** How often it is looked, for how long nothing may go on meanwhile, and from which figure on it is there (1: a condition holds). */
export interface Waiting {
  readonly everyMs?: number;
  readonly stillMs?: number;
  readonly least?: number;
}

type Figure = () => number | boolean | Promise<number | boolean>;

/** Waits until a figure is so large, or a condition holds; false when for that long the figure did not grow. */
export async function reaches(
  figure: Figure,
  { everyMs = 50, stillMs = 60_000, least = 1 }: Waiting = {},
): Promise<boolean> {
  for (const patience = new Patience(stillMs); ; await pause(everyMs)) {
    const far = Number(await figure());
    if (far >= least) return true;
    if (!patience.lasts(far)) return false;
  }
}

/** The same, for what must come: throws, and says what did not happen. */
export async function until(what: string, figure: Figure, waiting: Waiting = {}): Promise<void> {
  if (!(await reaches(figure, waiting))) throw new Error(`it did not happen: ${what}`);
}
