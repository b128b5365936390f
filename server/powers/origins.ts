import { Slots } from '../engine/slots.ts';
import type { Claimant } from '../engine/shares.ts';
import { timerMs } from '../timer-ms.ts';
import { HttpFault } from '../wire/http-fault.ts';

/** Who calls, how long that may take, and what ends it. */
export interface Caller extends Claimant {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Requests to one origin at a time, parted among workspaces: connections to a service that many use would otherwise all be held by whoever
 * calls it most, and the others' requests would wait for them until their time is up.
 */
export class Origins {
  private readonly most: number;
  private readonly busy = new Map<string, Slots>();

  constructor(most = 256) {
    this.most = most;
  }

  /** How many origins are called at this moment. */
  get size(): number {
    return this.busy.size;
  }

  /** Waits for a turn, within the request's own time, then does the work with what is left of it. */
  async inTurn<Value>(url: string, caller: Caller, work: (timeoutMs: number) => Promise<Value>): Promise<Value> {
    const origin = URL.parse(url)?.origin ?? '';
    const slots = this.busy.get(origin) ?? new Slots(this.most);
    this.busy.set(origin, slots);
    const left = await turn(slots, caller, origin);
    try {
      return await work(left);
    } finally {
      slots.release(caller);
      if (slots.used + slots.waiting === 0 && this.busy.get(origin) === slots) this.busy.delete(origin);
    }
  }
}

/** Resolves with the milliseconds that are left when it is the caller's turn. */
async function turn(slots: Slots, caller: Caller, origin: string): Promise<number> {
  const waiter = slots.queue(caller);
  if (!waiter) return caller.timeoutMs;
  const { timeoutMs, signal } = caller;
  const began = performance.now();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const timer = setTimeout(end, timerMs(timeoutMs));
  signal.addEventListener('abort', () => end(), { once: true });
  if (signal.aborted) end();
  await Promise.race([waiter.granted, over]).finally(() => clearTimeout(timer));
  if (!slots.leave(waiter)) return Math.max(1, timeoutMs - (performance.now() - began));
  signal.throwIfAborted();
  const words = `Too many requests to ${origin} are on their way: this one was not sent within ${timeoutMs} ms.`;
  throw new HttpFault('http.timeout', words, 'no');
}
