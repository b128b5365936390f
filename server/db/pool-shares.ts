import { Slots } from '../engine/slots.ts';
import { tooMany } from '../http/too-many.ts';

/** So many transactions that change the triggers of one workspace wait for each other; who comes then is told to come again. */
const waitingMost = 50;

/**
 * The connections of a pool, parted among workspaces by the rule of slots: who waits for one waits here, and however much one workspace asks for,
 * whoever comes next from another finds one. What belongs to no workspace (sessions, accounts) takes its own past this, and is short.
 */
export class PoolShares {
  private readonly places: Slots;
  /** Of each workspace, what waits to be alone and the last of those. */
  private readonly lines = new Map<string, { waiting: number; last: Promise<void> }>();

  constructor(connections: number) {
    this.places = new Slots(connections);
  }

  /** Does the work when there is a connection for the workspace. */
  async take<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    const who = { workspace, lane: 'interactive' } as const;
    await this.places.queue(who)?.granted;
    try {
      return await work();
    } finally {
      this.places.release(who);
    }
  }

  /**
   * As `take`, one of a workspace at a time in this process: for what Postgres lets one transaction at a time do, so that the others wait without a
   * connection in hand. Rejects with 429 where many wait already.
   */
  async alone<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(workspace) ?? { waiting: 0, last: Promise.resolve() };
    if (line.waiting > waitingMost) throw tooMany(1);
    this.lines.set(workspace, line);
    line.waiting++;
    const before = line.last;
    const { promise: mine, resolve: done } = Promise.withResolvers<void>();
    line.last = mine;
    await before;
    try {
      return await this.take(workspace, work);
    } finally {
      if (--line.waiting === 0) this.lines.delete(workspace);
      done();
    }
  }
}
