import { instanceKey } from '../../flow/facts/state.ts';
import type { Holding } from './holding.ts';

/**
 * The claims that this process holds in one run, one a stage at a path. What is let go is a claim, never whatever is held on its stage: a
 * process that stalled past its lease may hold a later claim of the same stage by the time the earlier one ends. Pure bookkeeping.
 *
 *     claim 1 ──── stalled … its lease runs out, another process recovers it
 *                            claim 3 (ours again) ──── goes on, whatever becomes of claim 1
 */
export class Holdings {
  private readonly held = new Map<string, Holding>();

  get size(): number {
    return this.held.size;
  }

  /** By `instanceKey`. */
  get byKey(): ReadonlyMap<string, Holding> {
    return this.held;
  }

  /** Holds a claim. The former one of its stage, which the database has given away since, is what must be dropped; an answer that came so late that a newer claim is held is refused. */
  put(holding: Holding): { readonly isHeld: boolean; readonly former: Holding | undefined } {
    const key = instanceKey(holding.stage, holding.path);
    const former = this.held.get(key);
    if (former && former.epoch > holding.epoch) return { isHeld: false, former: undefined };
    this.held.set(key, holding);
    return { isHeld: true, former };
  }

  /** Lets this claim go, and no other of its stage. False when it had been let go before: whoever lets go gives the slot back once. */
  remove(holding: Holding): boolean {
    if (holding.isLost) return false;
    holding.isLost = true;
    const key = instanceKey(holding.stage, holding.path);
    if (this.held.get(key) === holding) this.held.delete(key);
    return true;
  }
}
