import { processorMs } from '../processor-time.ts';

/** A stage that has worked for so long lets others have their turn before its next node (E4), in milliseconds. */
const restMs = 8;

/** Tells when a stage is to let others have their turn: asked between two of its nodes, in a loop too. */
export class Rests {
  private since = performance.now();
  private worked = processorMs();

  /** Undefined when it has not worked for long. On a busy machine time goes by without any work: what counts is the latter, and the former only costs less to ask. */
  due(pause: () => Promise<void>): Promise<void> | undefined {
    if (performance.now() - this.since <= restMs) return undefined;
    this.since = performance.now();
    return processorMs() - this.worked > restMs ? this.rest(pause) : undefined;
  }

  private async rest(pause: () => Promise<void>): Promise<void> {
    await pause();
    this.worked = processorMs();
    this.since = performance.now();
  }
}
