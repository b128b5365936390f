import { decide } from '../../flow/facts/decide.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Actor } from './actor.ts';
import type { Ledger } from '../journal/ledger.ts';
import type { Live } from './live.ts';

/** What somebody who waits for a run waits for: an answer (or the end without one), or the end. */
export type Wanted = 'reply' | 'end';

export interface OutcomeOptions {
  readonly live: Live;
  readonly ledger: Pick<Ledger, 'read'>;
  /** The clock that what waits is due by; epoch milliseconds. */
  readonly clock: () => number;
  readonly want: Wanted;
  readonly withinMs: number;
  /** The caller went away. */
  readonly signal?: AbortSignal;
}

/** Most runs that are waited for are over by then, and it costs them nothing. */
const firstLookMs = 250;
const looksMs = 2_000;

/**
 * Waits for a run that this process started: its state when it has what is wanted; undefined when it has not within the time, the caller went
 * away, or it waits for a person or a moment beyond that time. A run that another process took over is watched there.
 */
export async function outcomeOf(actor: Actor, options: OutcomeOptions): Promise<RunState | undefined> {
  const has = (state: RunState) => state.ended !== undefined || (options.want === 'reply' && state.reply !== undefined);
  // Only what the journal has counts: nobody is told of what a crash could still undo.
  const hasSettled = ({ settled }: Actor) =>
    settled.isOver || (options.want === 'reply' && settled.reply !== undefined);
  if (hasSettled(actor)) return actor.state;
  const { live, ledger, withinMs, signal } = options;
  const until = performance.now() + withinMs;
  const leftMs = () => until - performance.now();
  const isOut = (state: RunState) => isParked(actor, state, options.clock() + leftMs());
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let latest = actor;
    let stopAfar: (() => void) | undefined;
    const done = (state: RunState | undefined) => {
      clearTimeout(timer);
      stopHere();
      stopAfar?.();
      signal?.removeEventListener('abort', onAbort);
      resolve(state);
    };
    const onAbort = () => done(undefined);
    const stopHere = live.watchHere(actor.run, (told) => {
      if (!told) return;
      latest = told;
      if (hasSettled(told)) done(told.state);
    });
    const readAgain = async () => {
      const { state } = await ledger.read(actor.run);
      if (has(state)) done(state);
      else if (isOut(state)) done(undefined);
    };
    const look = () => {
      if (leftMs() <= 0) return done(undefined);
      if (hasSettled(latest)) return done(latest.state);
      if (latest.isIdle) {
        // Nobody carries it here: it waits, or another process has it.
        if (isOut(latest.state)) return done(undefined);
        const again = () => void readAgain().catch(() => undefined);
        stopAfar ??= live.watch(actor.run, (told) => void (told ?? again()));
        again();
      }
      timer = setTimeout(look, Math.max(1, Math.min(looksMs, leftMs())));
    };
    timer = setTimeout(look, Math.min(firstLookMs, withinMs));
    if (signal?.aborted) done(undefined);
    else signal?.addEventListener('abort', onAbort);
  });
}

/** Whether nothing can happen before the deadline without a person: reviews, doubts, far timers. */
function isParked({ plan }: Actor, state: RunState, deadline: number): boolean {
  const { status, live, needs } = decide(plan, state);
  if (status !== 'waiting') return false;
  const soonest = Math.min(...live.map(({ next }) => (typeof next === 'number' ? next : Number.POSITIVE_INFINITY)));
  if (soonest <= deadline) return false;
  return needs.length > 0 || live.every(({ next }) => typeof next === 'number');
}
