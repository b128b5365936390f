import type { Sql } from 'postgres';
import * as z from 'zod';
import { parsedJson } from '../../flow/document/json.ts';
import type { Actor } from './actor.ts';

/** Told that a run moved on: by the actor when that happened in this process, by nothing but its id when it was elsewhere. */
export type Told = (actor: Actor | undefined) => void;

const Notice = z.object({
  from: z.string(),
  what: z.enum(['watch', 'changed', 'cancelled']),
  runs: z.array(z.string()),
});

/** Changes gather for so long before the others are told: at most 25 notices a second. */
const gatherMs = 40;
/** A notice holds 8,000 bytes at most; ids are some 30. */
const idsMost = 150;
const interestMs = 60_000;
const channel = 'heddle_runs';

/**
 * Who wants to know that a run moved on. Commits of this process tell their watchers at once and for free. Other processes say which runs they
 * watch, and are told of those alone, outside the transactions that write facts, gathered, by ids only (SPEED, trap 1): while nobody watches
 * from elsewhere no notice is ever sent. A notice may be lost; who watches looks again by itself now and then.
 */
export class Live {
  private readonly watchers = new Map<string, Set<Told>>();
  /** Runs that other processes watch, until when. */
  private readonly wanted = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly sql: Sql;
  private readonly boot: string;
  private readonly onCancelled: (run: string) => void;
  private readonly onBroken: (error: unknown, doing: string) => void;
  private flushing: NodeJS.Timeout | undefined;
  private renewing: NodeJS.Timeout | undefined;
  private listening: Promise<{ unlisten(): Promise<void> }> | undefined;

  constructor(options: {
    sql: Sql;
    boot: string;
    /** A run was cancelled elsewhere: what is held of it here must stop. */
    onCancelled: (run: string) => void;
    onBroken: (error: unknown, doing: string) => void;
  }) {
    this.sql = options.sql;
    this.boot = options.boot;
    this.onCancelled = options.onCancelled;
    this.onBroken = options.onBroken;
  }

  /** Begins to hear other processes. */
  async open(): Promise<void> {
    this.listening = this.sql.listen(channel, (text) => this.hear(text));
    await this.listening;
    this.renewing = setInterval(() => this.renew(), interestMs / 2);
    this.renewing.unref();
  }

  /** For the engine: a commit of this process. */
  committed(actor: Actor): void {
    const { run } = actor;
    const watchers = this.watchers.get(run);
    if (watchers) for (const tell of watchers) tell(actor);
    if (this.wanted.size > 0 && this.wanted.has(run)) this.tellOthers(run);
  }

  /** Tells of every commit of this run in this process, until the function that it gives is called. */
  watchHere(run: string, tell: Told): () => void {
    const watchers = this.watchers.get(run) ?? new Set();
    watchers.add(tell);
    this.watchers.set(run, watchers);
    return () => {
      watchers.delete(tell);
      if (watchers.size === 0 && this.watchers.get(run) === watchers) this.watchers.delete(run);
    };
  }

  /** Tells of the run's commits wherever they happen. */
  watch(run: string, tell: Told): () => void {
    const stop = this.watchHere(run, tell);
    this.send('watch', [run]);
    return stop;
  }

  /** Tells who watches runs that were cancelled, and every process to let go of them (E15); cancels are rare. */
  cancelled(runs: readonly string[]): void {
    for (const run of runs) this.tellHere(run);
    this.send('cancelled', runs);
  }

  async close(): Promise<void> {
    clearTimeout(this.flushing);
    clearInterval(this.renewing);
    const listening = await this.listening?.catch(() => undefined);
    await listening?.unlisten().catch(() => undefined);
  }

  private hear(text: string): void {
    const notice = Notice.safeParse(parsedJson(text));
    if (!notice.success || notice.data.from === this.boot) return;
    const { what, runs } = notice.data;
    for (const run of runs) {
      if (what === 'watch') {
        this.wanted.set(run, performance.now() + interestMs);
        // It may have moved on between the other's look and now.
        this.tellOthers(run);
      } else if (what === 'cancelled') this.onCancelled(run);
      else this.tellHere(run);
    }
  }

  private tellHere(run: string): void {
    for (const tell of this.watchers.get(run) ?? []) tell(undefined);
  }

  private tellOthers(run: string): void {
    this.changed.add(run);
    this.flushing ??= setTimeout(() => this.flush(), gatherMs);
  }

  private flush(): void {
    this.flushing = undefined;
    this.send('changed', [...this.changed]);
    this.changed.clear();
  }

  /** Says again what is watched here, and forgets what nobody elsewhere asked for lately. */
  private renew(): void {
    const now = performance.now();
    for (const [run, until] of this.wanted) if (until < now) this.wanted.delete(run);
    this.send('watch', [...this.watchers.keys()]);
  }

  private send(what: z.infer<typeof Notice>['what'], runs: readonly string[]): void {
    for (let from = 0; from < runs.length; from += idsMost) {
      const text = JSON.stringify({ from: this.boot, what, runs: runs.slice(from, from + idsMost) });
      this.sql`select pg_notify(${channel}, ${text})`.catch((error: unknown) =>
        this.onBroken(error, 'telling other processes of runs'),
      );
    }
  }
}
