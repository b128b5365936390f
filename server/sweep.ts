import type { Deliveries } from './engine/children.ts';
import type { Engine } from './engine/engine.ts';
import type { PostgresLedger } from './journal/postgres-ledger.ts';
import { isGone } from './work/who.ts';

/** What sweeping needs of its process. */
export interface Sweeping {
  readonly engine: Engine;
  readonly ledger: PostgresLedger;
  readonly deliveries: Deliveries;
  readonly works: boolean;
  /** Stages that this process carries out at once, beside those in place. */
  readonly workers: number;
  readonly deadAfterMs: number;
  /** Where this process is, and how long one of its neighbours must have been silent to be looked for. */
  readonly place: string;
  readonly silentMs: number;
}

/** What nobody else saw to: claims of dead processes, lost wake-ups, ends of children that did not arrive (SAFETY 1.2.5). */
export async function sweep(sweeping: Sweeping): Promise<void> {
  const { engine, ledger, deliveries, works, workers, deadAfterMs, place, silentMs } = sweeping;
  await ledger.missDead(place, silentMs, isGone);
  await engine.recover();
  if (!works) return;
  await ledger.buryDead(deadAfterMs);
  await deliveries.sweep(50);
  // Where lanes are full, what is overdue mostly waits in the queue: it must not be taken beside them in heaps.
  const room = Math.max(1, Math.min(20, workers - engine.computing));
  for (const place of await ledger.findOverdue(room, engine.crowded)) void engine.wake(place).catch(() => undefined);
}
