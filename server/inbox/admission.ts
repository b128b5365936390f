import type { Sql, TransactionSql } from 'postgres';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Engine } from '../engine/engine.ts';
import { Refused } from '../journal/refused.ts';
import { eventOf, failedBy, isAwaited, requestOf, runIdAhead, startFailed } from './accept.ts';
import type { Accepted, Occurrence } from './accept.ts';
import type { Directory } from '../triggers/directory.ts';
import { asWorkedOut, isLimited, limitsOf, lotsOf, workedOut } from '../triggers/limits.ts';
import type { Concurrency } from '../triggers/limits.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { keepItems, keptItems } from './kept-items.ts';
import type { QueueRoom } from './queue-room.ts';
import { queueFull } from './rates.ts';
import { overlapOf } from '../triggers/overlap.ts';
import { KeyFailed, keyFault } from '../triggers/value-over.ts';
import {
  dropPending,
  giveTurnsBack,
  lockWorkflow,
  movedAtOnce,
  movableWorkflows,
  movePending,
  putEvent,
  putPending,
  readKept,
  readMovable,
} from './pending.ts';
import type { Pending } from './pending.ts';
import { judge, judgeFresh } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { WorkflowTurns } from './workflow-turns.ts';

/** Decides whether a run may start now, by the concurrency, throttle, batch and debounce of its workflow (E29). */
export interface Admission {
  /** Whether the workflow has such settings; nearly none has. */
  governs(document: Workflow): boolean;
  /** Takes in an event of a workflow that has; `overlap` is a schedule's own. */
  admit(what: Occurrence, overlap?: Concurrency): Promise<Accepted>;
  /** A run of the workflow ended: what waits for its turn may go. */
  ended(workspace: string, workflow: string, run: string): Promise<void>;
  /** Moves on what is due, of all workflows. Safe in any number of processes at once. */
  tick(): Promise<void>;
}

export interface AdmissionOptions {
  /** The engine's pool. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly directory: Directory;
  /** Where large values stand. */
  readonly blobs: BlobStore;
  /** Cancels a run that gives way to a newer one. */
  readonly cancel: (run: string) => Promise<void>;
  readonly queue: QueueRoom;
  readonly onBroken: (error: unknown, doing: string) => void;
}

export function openAdmission(options: AdmissionOptions): Admission {
  const waiting = new Waiting(options);
  return {
    governs: isLimited,
    admit: (what, overlap) =>
      waiting.admit(what, overlap).catch((error: unknown) => withoutKey(options.engine, what, error)),
    ended: (workspace, workflow, run) => waiting.ended(workspace, workflow, run),
    tick: async () => {
      const movable = await movableWorkflows(options.sql, options.engine.options.clock());
      // Side by side, by the turns of workspaces: the many of one would come before the one of another.
      await Promise.all(
        movable.map(({ workspace, workflow }) =>
          waiting
            .moveOn(workspace, workflow)
            .catch((error: unknown) => options.onBroken(error, `moving on what waits of ${workflow}`)),
        ),
      );
    },
  };
}

/** A sender hears that a key cannot be worked out; what nobody waits for is kept as a run that failed by it. Nothing of it is stored until then. */
function withoutKey(engine: Engine, what: Occurrence, error: unknown): Promise<Accepted> {
  if (!(error instanceof KeyFailed) || isAwaited(what.kind)) throw error;
  return startFailed(engine, what, keyFault(error));
}

/** So often it is looked for what may move on of one workflow; the next tick goes on. */
const mostLooks = 20;
/** Ending a hundred thousand takes less. */
const endWithinMs = 10 * 60_000;

class Waiting {
  private readonly options: AdmissionOptions;
  private readonly turns = new WorkflowTurns();
  /** Runs that are over and hold a turn as yet, by workflow: the next look gives all of these back. */
  private readonly over = new Map<string, string[]>();

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Stores the event and what it waits for in one transaction, then starts its run if nothing stands in the way. */
  async admit(what: Occurrence, overlap: Concurrency | undefined): Promise<Accepted> {
    const now = this.options.engine.options.clock();
    const event = eventOf(what);
    const { workspace, published, key, items, descends = null } = what;
    if (this.options.queue.isFull(workspace, published.id)) return tooMany(what);
    const { document, plan } = published;
    const run = what.run ?? runIdAhead(this.options.engine);
    const limits = limitsOf(document, workedOut(items[0], { zone: plan.settings.timezone, now }), overlap);
    const pending: Pending = {
      id: event.id,
      workspace,
      workflow: published.id,
      key,
      lot: '',
      kind: 'start',
      run,
      bytes: 0,
      descends,
      lots: lotsOf(limits),
      due: null,
      at: now,
    };
    // What is gathered with others is read with each that comes, so it stays in the row.
    const kept = limits.batch ? items : await keepItems(this.options.blobs, pending, items);
    const decided = await this.inTurn(workspace, published.id, async (tx) => {
      const verdict = await judgeFresh(tx, { pending, items }, limits, now);
      // An event that is gathered with others names the run of the first.
      const own = verdict.is === 'skip' ? run : verdict.pending.run;
      const holder = await putEvent(tx, workspace, kept === items ? event : { ...event, data: kept }, own, now);
      if (holder !== undefined) throw new Again(holder);
      const bytes = verdict.is === 'skip' ? 0 : await putPending(tx, verdict.pending, verdict.items ?? kept);
      return { ...verdict, bytes };
    }).catch((error: unknown) => {
      if (error instanceof Again) return { is: 'duplicate' as const, run: error.run };
      throw error;
    });
    if (decided.is === 'duplicate') {
      if (decided.run !== run) this.options.blobs.letGo(run);
      return decided;
    }
    if (decided.is === 'skip') return { is: 'skipped', why: decided.why };
    if (decided.is === 'wait' && decided.pending.id === event.id)
      this.options.queue.add(workspace, published.id, { events: 1, bytes: decided.bytes });
    // The run of the first names what it will begin with.
    if (decided.pending.run !== run && kept !== items) await keepItems(this.options.blobs, decided.pending, items);
    if (decided.is === 'wait') return { is: 'pending', run: decided.pending.run };
    return this.start(decided, { ...what, items: decided.items ?? items });
  }

  /** Gives the turn of a run that is over on. Of many that end while a look waits to begin, that one sees to all. */
  async ended(workspace: string, workflow: string, run: string): Promise<void> {
    const others = this.over.get(workflow);
    if (others) return void others.push(run);
    this.over.set(workflow, [run]);
    await this.moveOn(workspace, workflow);
  }

  /** Starts what may start by now, the oldest first. */
  async moveOn(workspace: string, workflow: string): Promise<void> {
    const starts = await this.inTurn(workspace, workflow, async (tx) => {
      const now = this.options.engine.options.clock();
      const over = this.over.get(workflow) ?? [];
      this.over.delete(workflow);
      await giveTurnsBack(tx, over);
      const started: Extract<Verdict, { is: 'start' }>[] = [];
      const full = new Set<string>();
      // Beyond the many that wait for a turn of one lot there may be others whose lot has one.
      for (let looks = 0, found = movedAtOnce; found === movedAtOnce && looks < mostLooks; looks++) {
        const movable = await readMovable(tx, workflow, now, [...full]);
        found = movable.length;
        for (const pending of movable) {
          if (full.has(pending.lot)) continue;
          const verdict = await this.moveIt(tx, pending, now);
          if (verdict.is === 'start') started.push(verdict);
          else if (verdict.is === 'wait') full.add(verdict.pending.lot);
        }
      }
      return started;
    });
    for (const verdict of starts)
      await this.startStored(workspace, verdict).catch((error: unknown) =>
        this.options.onBroken(error, `starting ${verdict.pending.run}`),
      );
  }

  private async moveIt(tx: TransactionSql, pending: Pending, now: number): Promise<Verdict> {
    const verdict = await this.judgeAgain(tx, pending, now);
    if (verdict.is === 'skip') await dropPending(tx, pending.id);
    else if (isMoved(verdict.pending, pending)) await movePending(tx, verdict.pending);
    return verdict;
  }

  private async judgeAgain(tx: TransactionSql, pending: Pending, now: number): Promise<Verdict> {
    const found = await this.trigger(pending);
    // Whoever unpublishes ends it, as the run that was promised; it is forgotten when nobody does.
    if (!found && pending.kind !== 'ending')
      return { is: 'wait', pending: { ...pending, kind: 'ending', due: now + endWithinMs } };
    if (!found) return { is: 'skip', why: 'it is not published any more' };
    // Its process died between storing and starting: its turns are counted already.
    if (pending.kind === 'start') return { is: 'start', pending: { ...pending, due: now + 10_000 }, cancel: [] };
    const { document, plan } = found.published;
    const overlap = overlapOf(found.trigger);
    if (pending.lots) return judge(tx, pending, limitsOf(document, asWorkedOut(pending.lots), overlap), now);
    // One that came before lots were kept: they are worked out now, once.
    const items = await keptItems(this.options.blobs, pending.workspace, (await readKept(tx, pending.id))?.items);
    try {
      const limits = limitsOf(document, workedOut(items[0], { zone: plan.settings.timezone, now }), overlap);
      return await judge(tx, { ...pending, lots: lotsOf(limits) }, limits, now);
    } catch (error) {
      if (!(error instanceof KeyFailed)) throw error;
      // Its sender was told that it is kept.
      const kept = [failedBy(this.options.engine, keyFault(error))];
      return { is: 'start', pending: { ...pending, kind: 'start', lot: '', due: now + 10_000 }, cancel: [], kept };
    }
  }

  private async trigger({ workspace, ...of }: Pending) {
    const trigger = this.options.directory.trigger(workspace, of);
    const published = trigger && (await this.options.directory.version(trigger));
    return trigger && published ? { trigger, published } : undefined;
  }

  private async startStored(workspace: string, verdict: Extract<Verdict, { is: 'start' }>): Promise<void> {
    const { pending } = verdict;
    const found = await this.trigger(pending);
    if (!found) return;
    const { key, run, id, descends } = pending;
    const { kind, slug } = found.trigger;
    const { sql, blobs } = this.options;
    const kept = await readKept(sql, id);
    if (kept === undefined) return;
    const items = await keptItems(blobs, workspace, kept.items);
    this.options.queue.add(workspace, pending.workflow, { events: -1, bytes: -pending.bytes });
    await this.start(verdict, {
      workspace,
      published: found.published,
      key,
      kind,
      items,
      lane: 'background',
      source: slug,
      run,
      ...(descends ? { descends } : {}),
    });
  }

  /** The run of a stored event: cancels what gives way, starts it under its own id, and forgets that it waited. */
  private async start(
    { pending, cancel, kept }: Extract<Verdict, { is: 'start' }>,
    what: Occurrence,
  ): Promise<Accepted> {
    const { engine, sql } = this.options;
    for (const run of cancel) await this.options.cancel(run);
    const { trigger, ...request } = requestOf({ ...what, run: pending.run });
    try {
      const started = { ...request, trigger: { ...trigger, event: pending.id }, ...(kept ? { kept } : {}) };
      const actor = await engine.start(started);
      await sql`delete from pending_events where id = ${pending.id}`;
      return { is: 'started', actor };
    } catch (error) {
      if (!(error instanceof Refused && error.result.why === 'seq')) throw error;
      await sql`delete from pending_events where id = ${pending.id}`;
      return { is: 'duplicate', run: pending.run };
    }
  }

  private async inTurn<T>(workspace: string, workflow: string, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
    const { done } = await this.turns.take(workspace, workflow, () =>
      this.options.sql.begin(async (tx) => {
        await lockWorkflow(tx, workflow);
        return { done: await work(tx) };
      }),
    );
    return done;
  }
}

/** A sender hears that it is to come again; what nobody waits for is left out, as where no more than one may run. */
function tooMany({ kind }: Occurrence): Accepted {
  if (isAwaited(kind)) throw queueFull();
  return { is: 'skipped', why: 'as many wait to start as may' };
}

/** The event was taken in before: what was decided about it this time is undone. */
class Again extends Error {
  readonly run: string;

  constructor(run: string) {
    super('this event was taken in before');
    this.run = run;
  }
}

const isMoved = (now: Pending, before: Pending): boolean =>
  now.kind !== before.kind || now.lot !== before.lot || now.due !== before.due || now.lots !== before.lots;
