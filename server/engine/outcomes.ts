import type { Outcome, Standing, Standings } from '../journal/standings.ts';
import type { Actor } from './actor.ts';
import type { Engine } from './engine.ts';
import type { Live } from './live.ts';

/** What somebody who waits for a run waits for: an answer (or the end without one), or the end. */
export type Wanted = 'reply' | 'end';

/** A run that is waited for; with its actor where this process has just started it. */
export interface WaitedFor {
  readonly workspace: string;
  readonly run: string;
  readonly actor?: Actor | undefined;
}

export interface Waiting {
  readonly want: Wanted;
  readonly withinMs: number;
  /** The caller went away. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly want: Wanted;
  /** By `performance.now`. */
  readonly until: number;
  readonly done: (outcome: Outcome | undefined) => void;
}

/** A run that somebody waits for longer than a moment. */
interface Awaited extends Pick<WaitedFor, 'workspace' | 'run'> {
  readonly waiters: Set<Waiter>;
  /** The seq up to which its facts were looked through for an answer. */
  seen: number;
  hasReplied: boolean;
  isBrought: boolean;
  stopAfar?: () => void;
}

/** Most runs that are waited for are over by then, and it costs them nothing. */
const firstLookMs = 250;
/** Others may lose a notice; so all runs that nobody carries here are looked at together now and then. */
const looksMs = 2_000;

/** Only what the journal has counts: nobody is told of what a crash could still undo. */
const has = ({ settled }: Actor, want: Wanted) => settled.isOver || (want === 'reply' && settled.reply !== undefined);

/**
 * What runs come to, for those who wait for it in this process. Commits of this process tell them. A run that nobody carries here, because it waits or
 * another process has it, is looked at by its rows: all such runs in one statement, however many wait for one of them, and read when there is something to
 * bring, of its facts those alone that tell of it. To read each anew for each caller let sixty who had left already take most of a processor.
 */
export class Outcomes {
  private readonly engine: Pick<Engine, 'known' | 'options'>;
  private readonly live: Pick<Live, 'watch' | 'watchHere'>;
  private readonly standings: Standings;
  private readonly awaited = new Map<string, Awaited>();
  private readonly asked = new Set<Awaited>();
  private isAsking = false;
  private looking: NodeJS.Timeout | undefined;

  constructor(around: {
    engine: Pick<Engine, 'known' | 'options'>;
    live: Pick<Live, 'watch' | 'watchHere'>;
    standings: Standings;
  }) {
    this.engine = around.engine;
    this.live = around.live;
    this.standings = around.standings;
  }

  /** Runs that are waited for longer than a moment. */
  get size(): number {
    return this.awaited.size;
  }

  /**
   * Waits for a run: what it came to when it has what is wanted; undefined when it has not within the time, the caller went away, or it waits for a
   * person or a moment beyond that time.
   */
  of({ workspace, run, actor }: WaitedFor, { want, withinMs, signal }: Waiting): Promise<Outcome | undefined> {
    let begun = actor ?? this.engine.known(run);
    if (begun && has(begun, want)) return Promise.resolve(begun.state);
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        want,
        until: performance.now() + withinMs,
        done: (outcome) => {
          clearTimeout(timer);
          stopHere();
          signal?.removeEventListener('abort', onAbort);
          this.leave(run, waiter);
          resolve(outcome);
        },
      };
      const late = () => waiter.done(undefined);
      const onAbort = late;
      const stopHere = this.live.watchHere(run, (told) => {
        if (told && has(told, want)) waiter.done(told.state);
        else if (!told) this.askFor(run);
      });
      const stay = () => {
        const leftMs = waiter.until - performance.now();
        if (begun && has(begun, want)) return waiter.done(begun.state);
        if (leftMs <= 0) return late();
        // Who waits long holds no run in memory: of those that are idle the engine keeps as many as it may.
        begun = undefined;
        timer = setTimeout(late, leftMs);
        this.join(workspace, run, waiter);
      };
      let timer = setTimeout(stay, begun ? Math.min(firstLookMs, withinMs) : 0);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  private join(workspace: string, run: string, waiter: Waiter): void {
    const known = this.awaited.get(run);
    const awaited = known ?? { workspace, run, waiters: new Set(), seen: 0, hasReplied: false, isBrought: false };
    awaited.waiters.add(waiter);
    this.awaited.set(run, awaited);
    this.looking ??= setInterval(() => this.lookAround(), looksMs).unref();
    this.askFor(run);
  }

  private leave(run: string, waiter: Waiter): void {
    const awaited = this.awaited.get(run);
    if (!awaited?.waiters.delete(waiter) || awaited.waiters.size > 0) return;
    this.awaited.delete(run);
    this.asked.delete(awaited);
    awaited.stopAfar?.();
    if (this.awaited.size > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  private lookAround(): void {
    for (const run of this.awaited.keys()) this.askFor(run);
  }

  /** Has a run looked at, with all others that are to be, unless this process carries it and tells of it by itself. */
  private askFor(run: string): void {
    const awaited = this.awaited.get(run);
    const here = this.engine.known(run);
    if (!awaited || (here && !here.isIdle)) return;
    this.asked.add(awaited);
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    // What is told in one go is asked in one go.
    await Promise.resolve();
    while (this.asked.size > 0) {
      const some = [...this.asked];
      this.asked.clear();
      // Heard of from now on, and then looked at: what happens in between is told.
      for (const awaited of some)
        awaited.stopAfar ??= this.live.watch(awaited.run, (told) => void (told ?? this.askFor(awaited.run)));
      // What could not be read is looked at again, as all are.
      const standings = await this.standings
        .of(some.map(({ run, seen }) => ({ run, after: seen })))
        .catch(() => undefined);
      if (standings) for (const awaited of some) this.take(awaited, standings.get(awaited.run));
    }
    this.isAsking = false;
  }

  private take(awaited: Awaited, standing: Standing | undefined): void {
    const waiters = [...awaited.waiters];
    if (!standing) {
      for (const waiter of waiters) waiter.done(undefined);
      return;
    }
    awaited.seen = standing.seq;
    awaited.hasReplied ||= standing.hasReplied;
    const isThere = ({ want }: Waiter) => standing.isOver || (want === 'reply' && awaited.hasReplied);
    if (waiters.some(isThere)) void this.bring(awaited, isThere);
    const { parkedUntil } = standing;
    if (parkedUntil === undefined) return;
    const now = this.engine.options.clock() - performance.now();
    for (const waiter of waiters) if (!isThere(waiter) && parkedUntil > now + waiter.until) waiter.done(undefined);
  }

  /** Reads what a run came to, once for all who wait for it; when that fails the next look brings it. */
  private async bring(awaited: Awaited, isThere: (waiter: Waiter) => boolean): Promise<void> {
    if (awaited.isBrought) return;
    awaited.isBrought = true;
    const { workspace, run, waiters } = awaited;
    const outcome = await this.standings.outcomeOf(workspace, run).catch(() => undefined);
    awaited.isBrought = false;
    if (outcome) for (const waiter of waiters) if (isThere(waiter)) waiter.done(outcome);
  }
}
