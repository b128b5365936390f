import { decide } from '../../flow/facts/decide.ts';
import type { Process } from '../process.ts';

export interface WatchOptions {
  readonly waitMs: number;
  /** Whether this process takes the run's deferred stages up itself; otherwise workers do. */
  readonly isDriver: boolean;
  /** Moves the clock to an instant (epoch ms): timers are then due at once. */
  readonly jump?: (to: number) => void;
}

/**
 * Waits until a run is over, or asks somebody, or the time is up. As driver it also takes up stages whose time has come,
 * so that a run with waits needs no worker beside it.
 */
export async function watchRun(opened: Process, run: string, { waitMs, isDriver, jump }: WatchOptions): Promise<void> {
  const until = performance.now() + waitMs;
  const { engine, ledger } = opened;
  for (let pause = 5; performance.now() < until; pause = Math.min(pause * 1.5, 200)) {
    // What is at work moves on while the run is read: a stage that was due then may wait by now, and taken early it would be waited for in full.
    const isIdle = engine.carrying === 0;
    const { plan, state } = await ledger.read(run);
    const { status, needs, live } = decide(plan, state);
    if (status === 'finished' || status === 'failed' || status === 'cancelled') return;
    if (status === 'waiting' && needs.length > 0 && live.every((one) => one.next === 'never')) return;
    if (isDriver && isIdle && engine.carrying === 0) {
      const times = live.map((one) => one.next).filter((next) => typeof next === 'number');
      if (jump && times.length > 0 && live.every((one) => one.next !== 'now')) jump(Math.min(...times));
      const now = engine.options.clock();
      for (const one of live)
        if (one.next === 'now' || (typeof one.next === 'number' && one.next <= now))
          await engine.take(run, one.stage, one.path, { isEarly: jump !== undefined });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
