import { performance } from 'node:perf_hooks';
import { processorMs } from '../processor-time.ts';

/** How long one piece of work may hold the event loop, in milliseconds. */
const sliceMs = 8;

const waiting: (() => void)[] = [];

/** One of those that wait goes on in each turn of the event loop, however many they are. */
function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}

/** Resolves when it is one's turn again: sockets, timers and everybody else who works in slices come first. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(next);
  });

/** Work begins in no turn that was worked in for longer than this, in milliseconds of processor time. */
const fullMs = 50;

let worked: number | undefined;

/** Whether so much was done in this turn of the event loop that nothing more should begin in it. */
export function isTurnFull(): boolean {
  if (worked !== undefined) return processorMs() - worked > fullMs;
  worked = processorMs();
  setImmediate(() => (worked = undefined));
  return false;
}

/**
 * Before work that may be long begins: the turn that it waits for when this one is full already, because much else began in it, as when one answer of
 * the database lets a hundred stages go on. Nothing otherwise.
 */
export const roomyTurn = (): Promise<void> | undefined => (isTurnFull() ? turn() : undefined);

/** Work that is too long for one turn of the event loop asks between its pieces whether to go on. */
export class Turns {
  private began = performance.now();

  /** Whether this turn's time is up; then `taken` is to be awaited. */
  isUp(): boolean {
    return performance.now() - this.began > sliceMs;
  }

  /** The next turn; at once while there is time left in this one. */
  async taken(): Promise<void> {
    if (!this.isUp()) return;
    await turn();
    this.began = performance.now();
  }
}

/** Work that says by `yield` where others may have their turn. */
export type Work<Value> = Generator<void, Value, void>;

/** What work comes to, in one go. */
export function atOnce<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same in turns. */
export async function inTurns<Value>(work: Work<Value>, turns: Turns): Promise<Value> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await turns.taken();
  }
}

/** Bytes or characters that are worked on between two looks at the clock: a millisecond or two of the slowest parser. */
export const pieceSize = 65_536;

/** Bodies up to here are parsed in one go, in a few milliseconds whatever is in them. */
export const atOnceMost = 256 * 1024;
