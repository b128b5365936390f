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

  /** Does what somebody waits for: throws 429 before it is begun when too many wait already. */
  async wait<Answer>(workspace: string, work: () => Promise<Answer>): Promise<Answer> {
    const who = { workspace, lane: 'realtime' } as const;
    if (!this.shares.take(who)) throw tooMany(2);
    try {
      return await work();
    } finally {
      this.shares.release(who);
    }
  }
}
