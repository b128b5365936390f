import { recoverFacts, valueLost } from '../../flow/facts/recover.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { Actor } from './actor.ts';
import { within } from '../journal/flush.ts';
import { ClaimLost } from './holding.ts';
import type { Claim, Ledger } from '../journal/ledger.ts';
import { Refused } from '../journal/refused.ts';

/** Claims seen to at once: reading a run whose values stand in a bucket that is away takes its patience, and others need not wait for it. */
const atOnce = 50;
/** How long one run may take before it is put off. */
const patienceMs = 4_000;

interface Around {
  readonly ledger: Ledger;
  readonly clock: () => number;
  readonly onBroken: (error: unknown, doing: string) => void;
}

type Expired = Claim & { readonly owner: string };

/**
 * Sees to claims whose lease has run out (E5), side by side. One whose run cannot be read is put off, longer each time, so that a hundred of them
 * hold up no other; one whose run has lost a value asks a person.
 */
export class Recovery {
  private readonly around: Around;
  private readonly actorOf: (run: string, seq: number) => Promise<Actor>;
  /** Those that are being read although their time is up. */
  private readonly slow = new Set<string>();

  constructor(around: Around, actorOf: (run: string, seq: number) => Promise<Actor>) {
    this.around = around;
    this.actorOf = actorOf;
  }

  /** Gives how many were seen to. */
  async all(expired: readonly Expired[]): Promise<number> {
    const fresh = expired.filter((claim) => !this.slow.has(nameOf(claim)));
    const left = fresh.values();
    const some = async () => {
      for (const claim of left) await this.one(claim);
    };
    await Promise.all(Array.from({ length: atOnce }, some));
    return fresh.length;
  }

  private async one(claim: Expired): Promise<void> {
    const name = nameOf(claim);
    this.slow.add(name);
    const work = this.take(claim).finally(() => this.slow.delete(name));
    try {
      await within(patienceMs, work, () => void work.catch(() => undefined));
    } catch (error) {
      // Another process was quicker: what it did stands.
      if (error instanceof Refused || error instanceof ClaimLost) return;
      this.around.onBroken(toTell(error), `recovering ${claim.run}`);
      await this.around.ledger
        .postpone(claim)
        .catch((failed: unknown) => this.around.onBroken(failed, 'putting a claim off'));
    }
  }

  private async take({ run, stage, path, epoch, owner: worker, seq }: Expired): Promise<void> {
    const actor = await this.actorOf(run, seq);
    const at = this.around.clock();
    const facts = recoverFacts(actor.plan, actor.state, { stage, path, epoch, worker, at });
    if (actor.lost) facts.push(valueLost(actor.state, { stage, path, at, why: actor.lost.message }));
    await actor.recover({ stage, path, epoch }, facts);
  }
}

const nameOf = ({ run, stage, path }: Claim) => `${run}/${instanceKey(stage, path)}`;

/** No answer in time is most often a store that is away: it is said as that, now and then. */
const toTell = (error: unknown): unknown =>
  error instanceof Error && error.name === 'NoAnswer'
    ? new Fault('store.away', `A run could not be read within ${patienceMs / 1_000} s.`, {
        mend: 'Look at whether the store of large values and the database answer.',
      })
    : error;
