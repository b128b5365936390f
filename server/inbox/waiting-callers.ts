import { Shares } from '../engine/shares.ts';
import { tooMany } from '../http/too-many.ts';

/** Each holds a connection, some 20 kB and his part of a look at the database each 2 s. */
const usualMost = 4_000;

/** Callers who wait for what a run comes to, parted among workspaces as all that a process has: one that others wait beside leaves them room. */
export class WaitingCallers {
  private readonly shares: Shares;

  constructor(most = usualMost) {
    this.shares = new Shares(most);
  }

  get size(): number {
    return this.shares.used;
  }

  /** Lets one in, before anything is begun for him: gives how he leaves, once. Throws 429 when too many wait already. */
  enter(workspace: string): () => void {
    const who = { workspace, lane: 'realtime' } as const;
    if (!this.shares.take(who)) throw tooMany(2);
    return () => this.shares.release(who);
  }
}
