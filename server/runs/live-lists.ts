import type { Sql } from 'postgres';
import * as z from 'zod';
import { parsedJson } from '../../flow/document/json.ts';

/** Runs of a workspace that moved on, by their ids; undefined: more than are named, or something may have been missed. */
export type Moved = (runs: ReadonlySet<string> | undefined) => void;

const Notice = z.object({
  from: z.string(),
  what: z.enum(['watch', 'moved']),
  workspace: z.string(),
  /** None: too many to be named. */
  runs: z.array(z.string()).default([]),
});
type Notice = z.infer<typeof Notice>;

/** Changes gather for so long before anybody is told: at most four tellings a second, a workspace each. */
const gatherMs = 250;
/** A notice holds 8,000 bytes at most; ids are some 30. */
const namedMost = 150;
const interestMs = 60_000;
const channel = 'heddle_lists';

/**
 * Who looks at a list of runs. As `Live` does for one run: commits of this process are gathered here, other processes are told of them only
 * while somebody there looks at the workspace, outside the transactions that write facts and by ids alone (SPEED, trap 1).
 */
export class LiveLists {
  private readonly watchers = new Map<string, Set<Moved>>();
  /** Workspaces that other processes look at, until when. */
  private readonly wanted = new Map<string, number>();
  private readonly gathered = new Map<string, Set<string>>();
  private readonly sql: Sql;
  private readonly boot: string;
  private readonly onBroken: (error: unknown, doing: string) => void;
  private telling: NodeJS.Timeout | undefined;
  private renewing: NodeJS.Timeout | undefined;
  private listening: { unlisten(): Promise<void> } | undefined;

  constructor(options: { sql: Sql; boot: string; onBroken: (error: unknown, doing: string) => void }) {
    this.sql = options.sql;
    this.boot = options.boot;
    this.onBroken = options.onBroken;
  }

  /** Begins to hear other processes. What was said while the connection was gone may be anything. */
  async open(): Promise<void> {
    const missed = () => [...this.watchers.keys()].forEach((workspace) => this.tellHere(workspace, undefined));
    this.listening = await this.sql.listen(channel, (text) => this.hear(text), missed);
    this.renewing = setInterval(() => this.renew(), interestMs / 2);
    this.renewing.unref();
  }

  /** For the engine: a commit of this process. Costs two look-ups while nobody looks. */
  committed(workspace: string, run: string): void {
    if (!this.watchers.has(workspace) && !this.wanted.has(workspace)) return;
    const runs = this.gathered.get(workspace) ?? new Set();
    this.gathered.set(workspace, runs.add(run));
    this.telling ??= setTimeout(() => this.tell(), gatherMs);
  }

  /** Tells of the workspace's runs wherever they move on, until the function that it gives is called. */
  watch(workspace: string, moved: Moved): () => void {
    const watchers = this.watchers.get(workspace) ?? new Set();
    this.watchers.set(workspace, watchers.add(moved));
    this.send({ what: 'watch', workspace, runs: [] });
    return () => {
      watchers.delete(moved);
      if (watchers.size === 0 && this.watchers.get(workspace) === watchers) this.watchers.delete(workspace);
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.telling);
    clearInterval(this.renewing);
    await this.listening?.unlisten().catch(() => undefined);
  }

  private tell(): void {
    this.telling = undefined;
    for (const [workspace, runs] of this.gathered) {
      this.tellHere(workspace, runs);
      if (this.wanted.has(workspace))
        this.send({ what: 'moved', workspace, runs: runs.size > namedMost ? [] : [...runs] });
    }
    this.gathered.clear();
  }

  private tellHere(workspace: string, runs: ReadonlySet<string> | undefined): void {
    for (const moved of this.watchers.get(workspace) ?? []) moved(runs);
  }

  private hear(text: string): void {
    const notice = Notice.safeParse(parsedJson(text));
    if (!notice.success || notice.data.from === this.boot) return;
    const { what, workspace, runs } = notice.data;
    if (what === 'watch') this.wanted.set(workspace, performance.now() + interestMs);
    else this.tellHere(workspace, runs.length === 0 ? undefined : new Set(runs));
  }

  /** Says again what is looked at here, and forgets what nobody elsewhere asked for lately. */
  private renew(): void {
    const now = performance.now();
    for (const [workspace, until] of this.wanted) if (until < now) this.wanted.delete(workspace);
    for (const workspace of this.watchers.keys()) this.send({ what: 'watch', workspace, runs: [] });
  }

  private send(notice: Omit<Notice, 'from'>): void {
    const text = JSON.stringify({ from: this.boot, ...notice });
    this.sql`select pg_notify(${channel}, ${text})`.catch((error: unknown) =>
      this.onBroken(error, 'telling other processes of lists'),
    );
  }
}
