import { Slots } from '../engine/slots.ts';
import { tooMany } from '../http/too-many.ts';

/** So many transactions that change the triggers of one workspace wait for each other; who comes then is told to come again. */
const waitingMost = 50;

/** How long, in milliseconds, who waits for a connection does so, and who waits to be alone. */
export interface Patience {
  readonly connection: number;
  readonly alone: number;
}

/** As long as a statement waits for a lock; who publishes waits for others who publish, of whom each may wait for one. */
const usual: Patience = { connection: 10_000, alone: 30_000 };

/** No connection was given back in time. As a database that does not answer: who asked is told to come again, and a run goes on waiting. */
export class NoConnection extends Error {
  readonly code = 'NO_CONNECTION';

  constructor(workspace: string, ms: number) {
    super(`For ${workspace} no connection to the database was free within ${ms} ms.`);
  }
}

/** Who asks for a connection: a request, or a run for what it is to do (a version, a connection's secret), which is a row or a few, and over at once. */
export type Asker = 'request' | 'run';

/**
 * The connections of a pool, parted among workspaces by the rule of slots: who waits for one waits here, and however much one workspace asks for,
 * whoever comes next from another finds one. Of all of them an eighth is left to what is short and waits for nothing: what runs look up, so that the
 * requests of a workspace hold up neither its runs nor a schedule of somebody else behind one of its own, and what belongs to no workspace (sessions,
 * accounts), which takes its own past this.
 */
export class PoolShares {
  private readonly places: Readonly<Record<Asker, Slots>>;
  private readonly patience: Patience;
  /** Of each workspace, what is alone and what waits to be. */
  private readonly lines = new Map<string, Slots>();

  constructor(connections: number, patience = usual) {
    this.places = { request: new Slots(connections), run: new Slots(Math.ceil(connections / 3)) };
    this.patience = patience;
  }

  /** Does the work when there is a connection for the workspace. Rejects with `NoConnection` when there is none for long. */
  take<T>(workspace: string, work: () => Promise<T>, asker: Asker = 'request'): Promise<T> {
    return inTurn(this.places[asker], workspace, this.patience.connection, work);
  }

  /**
   * As `take`, one of a workspace at a time in this process: for what Postgres lets one transaction at a time do, so that the others wait without a
   * connection in hand. Rejects with 429 where many wait already.
   */
  async alone<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(workspace) ?? new Slots(1);
    if (line.waiting >= waitingMost) throw tooMany(1);
    this.lines.set(workspace, line);
    try {
      return await inTurn(line, workspace, this.patience.alone, () => this.take(workspace, work));
    } finally {
      if (line.used + line.waiting === 0) this.lines.delete(workspace);
    }
  }
}

async function inTurn<T>(slots: Slots, workspace: string, ms: number, work: () => Promise<T>): Promise<T> {
  const who = { workspace, lane: 'interactive' } as const;
  const waiter = slots.queue(who);
  if (waiter) {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const timer = setTimeout(end, ms);
    await Promise.race([waiter.granted, over]).finally(() => clearTimeout(timer));
    if (slots.leave(waiter)) throw new NoConnection(workspace, ms);
  }
  try {
    return await work();
  } finally {
    slots.release(who);
  }
}
