import type { Sql, TransactionSql } from 'postgres';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Engine } from '../engine/engine.ts';
import { Refused } from '../journal/refused.ts';
import { eventOf, requestOf, runIdAhead } from './accept.ts';
import type { Accepted, Occurrence } from './accept.ts';
import type { Directory } from '../triggers/directory.ts';
import { isLimited, limitsOf } from '../triggers/limits.ts';
import type { Concurrency, Limits } from '../triggers/limits.ts';
import { overlapOf } from '../triggers/overlap.ts';
import { dropPending, lockWorkflow, movableWorkflows, putEvent, putPending, readMovable } from './pending.ts';
import type { Pending } from './pending.ts';
import { judge } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Decides whether a run may start now, by the concurrency, throttle, batch and debounce of its workflow (E29). */
export interface Admission {
  /** Whether the workflow has such settings; nearly none has. */
  governs(document: Workflow): boolean;
  /** Takes in an event of a workflow that has; `overlap` is a schedule's own. */
  admit(what: Occurrence, overlap?: Concurrency): Promise<Accepted>;
  /** A run ended: what waits for its turn may go. */
  ended(workspace: string, workflow: string): Promise<void>;
  /** Moves on what is due, of all workflows. Safe in any number of processes at once. */
  tick(): Promise<void>;
}

export interface AdmissionOptions {
  /** The engine's pool. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly directory: Directory;
  /** Cancels a run that gives way to a newer one. */
  readonly cancel: (workspace: string, run: string) => Promise<void>;
  readonly onBroken: (error: unknown, doing: string) => void;
}

export function openAdmission(options: AdmissionOptions): Admission {
  const waiting = new Waiting(options);
  return {
    governs: isLimited,
    admit: (what, overlap) => waiting.admit(what, overlap),
    ended: (workspace, workflow) => waiting.moveOn(workspace, workflow),
    tick: async () => {
      for (const { workspace, workflow } of await movableWorkflows(options.sql, options.engine.options.clock()))
        await waiting.moveOn(workspace, workflow);
    },
  };
}

class Waiting {
  private readonly options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Stores the event and what it waits for in one transaction, then starts its run if nothing stands in the way. */
  async admit(what: Occurrence, overlap: Concurrency | undefined): Promise<Accepted> {
    const now = this.options.engine.options.clock();
    const event = eventOf(what);
    const { workspace, published, key, items } = what;
    const run = what.run ?? runIdAhead(this.options.engine);
    const fresh: Pending = {
      id: event.id,
      workspace,
      workflow: published.id,
      key,
      lot: '',
      kind: 'start',
      run,
      items,
      due: null,
      at: now,
    };
    const limits = limitsOf(published.document, items[0], { zone: published.plan.settings.timezone, now }, overlap);
    const decided = await this.inTurn(published.id, async (tx) => {
      const verdict = await judge(tx, fresh, limits, now);
      // An event that is gathered with others names the run of the first.
      const own = verdict.is === 'skip' ? run : verdict.pending.run;
      const holder = await putEvent(tx, workspace, event, own, now);
      if (holder !== undefined) throw new Again(holder);
      return store(tx, verdict, fresh);
    }).catch((error: unknown) => {
      if (error instanceof Again) return { is: 'duplicate' as const, run: error.run };
      throw error;
    });
    if (decided.is === 'duplicate') return decided;
    if (decided.is === 'skip') return { is: 'skipped', why: decided.why };
    if (decided.is === 'wait') return { is: 'pending', run: decided.pending.run };
    return this.start(decided, what);
  }

  /** Starts what may start by now, the oldest first. */
  async moveOn(workspace: string, workflow: string): Promise<void> {
    const now = this.options.engine.options.clock();
    const starts = await this.inTurn(workflow, async (tx) => {
      const started: Extract<Verdict, { is: 'start' }>[] = [];
      const full = new Set<string>();
      for (const pending of await readMovable(tx, workflow, now)) {
        if (full.has(pending.lot)) continue;
        const verdict = await this.judgeAgain(tx, pending, now);
        await store(tx, verdict, pending);
        if (verdict.is === 'start') started.push(verdict);
        else if (verdict.is === 'wait') full.add(verdict.pending.lot);
      }
      return started;
    });
    for (const verdict of starts)
      await this.startStored(workspace, verdict).catch((error: unknown) =>
        this.options.onBroken(error, `starting ${verdict.pending.run}`),
      );
  }

  private async judgeAgain(tx: TransactionSql, pending: Pending, now: number): Promise<Verdict> {
    const found = await this.trigger(pending);
    if (!found) return { is: 'skip', why: 'it is not published any more' };
    // Its process died between storing and starting: its turns are counted already.
    if (pending.kind === 'start') return { is: 'start', pending: { ...pending, due: now + 10_000 }, cancel: [] };
    const { document, plan } = found.published;
    const place = { zone: plan.settings.timezone, now };
    const limits: Limits = limitsOf(document, pending.items[0], place, overlapOf(found.trigger));
    return judge(tx, pending, limits, now, 'gathered');
  }

  private async trigger({ workspace, workflow, key }: Pending) {
    const trigger = this.options.directory.of(workspace).find((one) => one.workflow === workflow && one.key === key);
    const published = trigger && (await this.options.directory.version(trigger));
    return trigger && published ? { trigger, published } : undefined;
  }

  private async startStored(workspace: string, verdict: Extract<Verdict, { is: 'start' }>): Promise<void> {
    const { pending } = verdict;
    const found = await this.trigger(pending);
    if (!found) return;
    const { key, items, run } = pending;
    const { kind, slug } = found.trigger;
    await this.start(verdict, {
      workspace,
      published: found.published,
      key,
      kind,
      items,
      lane: 'background',
      source: slug,
      run,
    });
  }

  /** The run of a stored event: cancels what gives way, starts it under its own id, and forgets that it waited. */
  private async start({ pending, cancel }: Extract<Verdict, { is: 'start' }>, what: Occurrence): Promise<Accepted> {
    const { engine, sql } = this.options;
    for (const run of cancel) await this.options.cancel(pending.workspace, run);
    const { trigger, ...request } = requestOf({ ...what, run: pending.run, items: pending.items });
    try {
      const actor = await engine.start({ ...request, trigger: { ...trigger, event: pending.id } });
      await sql`delete from pending_events where id = ${pending.id}`;
      return { is: 'started', actor };
    } catch (error) {
      if (!(error instanceof Refused && error.result.why === 'seq')) throw error;
      await sql`delete from pending_events where id = ${pending.id}`;
      return { is: 'duplicate', run: pending.run };
    }
  }

  private async inTurn<T>(workflow: string, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
    const { done } = await this.options.sql.begin(async (tx) => {
      await lockWorkflow(tx, workflow);
      return { done: await work(tx) };
    });
    return done;
  }
}

/** The event was taken in before: what was decided about it this time is undone. */
class Again extends Error {
  readonly run: string;

  constructor(run: string) {
    super('this event was taken in before');
    this.run = run;
  }
}

/** Stores what was decided about an event. */
async function store<V extends Verdict>(tx: TransactionSql, verdict: V, before: Pending): Promise<V> {
  if (verdict.is === 'skip') await dropPending(tx, before.id);
  else await putPending(tx, verdict.pending);
  return verdict;
}
