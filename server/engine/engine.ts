import type { Plan } from '../../flow/compile/plan.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { copyOf, emptyState, instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { Actor } from './actor.ts';
import { carryAhead } from './ahead.ts';
import { newRunId } from '../journal/ids.ts';
import { Idle } from './idle.ts';
import type { Holding } from './holding.ts';
import { PreparedNodes } from './prepared-nodes.ts';
import type { FindDefinition } from './prepared-nodes.ts';
import { Recovery } from './recovery.ts';
import { Refused } from '../journal/refused.ts';
import type { Surroundings } from './surroundings.ts';
import type { Leave, Lend } from './carriage.ts';
import type { StartChildren } from './calls.ts';
import type { StagePlace } from '../journal/claims.ts';
import type { LinkMaker } from './links.ts';
import type { Claim, Ledger, StoredRun } from '../journal/ledger.ts';
import { usualLimits } from './run-limits.ts';
import type { RunLimits } from './run-limits.ts';
import type { StartRequest } from './start.ts';
import { appendStart, startFact } from './start.ts';

/** A run as powers are lent to it. */
export interface RunPlace {
  readonly workspace: string;
  readonly run: string;
  readonly plan: Plan;
  readonly state: () => RunState;
}

/** What an engine is opened with. Times in milliseconds. */
export interface EngineOptions {
  readonly ledger: Ledger;
  /** This process's own id, drawn when it started. */
  readonly boot: string;
  readonly definition: FindDefinition;
  /** The powers of one run; what they answer is redacted before it comes back. */
  readonly powersOf: (place: RunPlace) => Lend;
  /** What its version was granted, for powers that the engine itself carries out; everything when left out, as tests do. */
  readonly leaveOf?: (place: RunPlace, signal: AbortSignal) => Leave;
  readonly startChildren: (actor: Actor) => StartChildren;
  readonly linkOf: LinkMaker;
  /** Stages carried out at once in this process, and whether those may run a person's code (E4). */
  readonly slots: number;
  readonly mayRunCode: boolean;
  readonly leaseMs: number;
  /** What a run may use; the usual when left out. */
  readonly limits?: RunLimits;
  readonly clock: () => number;
  readonly onCommit?: (actor: Actor, facts: readonly Fact[]) => void;
  readonly onBroken: (error: unknown, doing: string) => void;
}

/** What idle runs may weigh together, as JSON: in memory they are some three times as large. */
const idleBytes = 32 * 1024 * 1024;

const everything: Leave = async () => {};

/** Part of the lease that is left when a process stops starting effects: a renewal may be late by so much. */
const fenceShare = 0.75;

/**
 * All the runs of this process: starts them, takes up woken stages, recovers what other processes dropped, and holds the
 * slots. The database decides who holds what; the engine only remembers it.
 */
export class Engine {
  readonly options: EngineOptions;
  private readonly actors = new Map<string, Actor>();
  /** Kept in memory, so that a child's end or a short timer need not read the run again. */
  private readonly idle = new Idle<Actor>(idleBytes);
  private readonly starting = new Map<string, Promise<void>>();
  private readonly holdings = new Map<Holding, Actor>();
  private readonly perWorkspace = new Map<string, number>();
  private used = 0;
  /** Stages whose claim is being made, by name: a drain waits for those too, and nobody takes them for claims that are not carried out. */
  private readonly taking = new Map<symbol, string>();
  private isDraining = false;
  private isHurried = false;
  private readonly nodes: PreparedNodes;
  private orphans: ReadonlySet<string> = new Set();
  private renewedAt = performance.now();
  private renewing: Promise<Map<string, Omit<Claim, 'seq'>>> | undefined;

  private readonly recovery: Recovery;

  constructor(options: EngineOptions) {
    this.options = options;
    this.nodes = new PreparedNodes(options.definition);
    this.recovery = new Recovery(options, (run, seq) => this.actor(run, seq));
  }

  /** Stages being carried out here at this moment. */
  get carrying(): number {
    return this.used;
  }

  /**
   * Starts a run: its first facts are durable when this resolves. Rejects with `Refused` on a duplicate dedupe key (the
   * first run is named) or when the database is away.
   */
  async start(request: StartRequest): Promise<Actor> {
    const run = request.run ?? newRunId(this.options.clock());
    // A child that is begun again may be under way here.
    if (this.actors.has(run)) throw new Refused({ ok: false, why: 'seq', run });
    const actor = this.newActor(
      { workspace: request.workspace, run, plan: request.plan, bytes: 0 },
      copyOf(emptyState),
    );
    const facts = [startFact(run, request, this.options.clock()), ...(request.kept ?? [])];
    const started = this.begin(actor, facts, request);
    this.starting.set(run, started);
    this.actors.set(run, actor);
    try {
      await started;
    } catch (error) {
      this.actors.delete(run);
      throw error;
    } finally {
      this.starting.delete(run);
    }
    return actor;
  }

  private async begin(actor: Actor, facts: readonly Fact[], request: StartRequest): Promise<void> {
    const ahead = request.isAwaited ? await carryAhead(actor, actor.around, facts) : [];
    await actor.append([...facts, ...ahead], { start: appendStart(request) });
  }

  /**
   * A wake-up for a stage: claims it if it is ready, carries it out and resolves when the claim is given back or the stage
   * has ended. False when there was nothing to do here: the wake-up was stale. A lane's own concurrency is its limit.
   */
  async take(run: string, stage: string, path: string, { isEarly = false } = {}): Promise<boolean> {
    if (this.isDraining) return false;
    const taking = Symbol(run);
    this.taking.set(taking, claimName(run, { stage, path }));
    const freed = await this.claimed({ run, stage, path }, isEarly).finally(() => this.taking.delete(taking));
    await freed?.whenFree;
    return freed !== undefined;
  }

  /** In an object, or waiting for the claim would be waiting for its end. */
  private async claimed(place: StagePlace, isEarly: boolean): Promise<{ whenFree: Promise<void> } | undefined> {
    const claim = await this.options.ledger.claim(place, { isEarly });
    if (!claim) return undefined;
    const actor = await this.actor(place.run, claim.seq);
    this.used++;
    this.perWorkspace.set(actor.workspace, (this.perWorkspace.get(actor.workspace) ?? 0) + 1);
    return { whenFree: actor.adopt({ stage: place.stage, path: place.path, epoch: claim.epoch }) };
  }

  /** The run, if this process has it in memory. */
  known(run: string): Actor | undefined {
    return this.actors.get(run);
  }

  /** The run in memory, read from the journal unless what is held is at least as new; `Infinity` asks for what is stored now. */
  async actor(run: string, seq = 0): Promise<Actor> {
    // A start that is refused leaves nothing, and who came meanwhile must not get hold of it.
    await this.starting.get(run)?.catch(() => undefined);
    const known = this.actors.get(run);
    if (known && known.state.seq >= seq) return known;
    if (known && !known.isIdle) {
      // It holds a stage, so it must stay the one: an append of nothing makes it read what others have appended.
      await known.append([]);
      return known;
    }
    const { state, ...stored } = await this.options.ledger.read(run);
    const again = this.actors.get(run);
    // Meanwhile another who asked has read it, and may hold a stage already: there is one actor of a run.
    if (again && again !== known) return this.actor(run, Math.min(seq, state.seq));
    if (again && !again.isIdle) return this.actor(run, state.seq);
    const actor = this.newActor({ run, ...stored }, state);
    this.actors.set(run, actor);
    return actor;
  }

  private newActor(given: Omit<StoredRun, 'state'> & { run: string }, state: RunState): Actor {
    const { workspace, run, plan } = given;
    const around: Surroundings = {
      append: (append) => this.options.ledger.append(append),
      reload: () => this.options.ledger.read(run),
      readSince: (seq) => this.options.ledger.readFacts(run, seq),
      takeSlot: (code) => this.takeSlot(workspace, code),
      releaseSlot: () => this.releaseSlot(workspace),
      fence: () => this.renewedAt + this.options.leaseMs * fenceShare,
      renew: async () => void (await this.extend()),
      hold: (holding) => void this.holdings.set(holding, actor),
      letGo: (holding) => void this.holdings.delete(holding),
      idle: (idle) => this.trim(idle),
      gone: (gone) => this.forget(gone),
      carriage: (signal) => ({
        ...this.nodes.of(place, signal),
        lend,
        leave: this.options.leaveOf?.(place, signal) ?? everything,
        linkOf: (node, path) => this.options.linkOf(run, node, path),
      }),
      startChildren: (job, parent) => this.options.startChildren(actor)(job, parent),
      snapshot: (state) =>
        void this.options.ledger
          .saveSnapshot(workspace, run, state)
          .catch((error: unknown) => this.options.onBroken(error, 'keeping a snapshot')),
      clock: this.options.clock,
      limits: this.options.limits ?? usualLimits,
      changed: (changed, facts) => this.changed(changed, facts),
      broken: this.options.onBroken,
    };
    const actor: Actor = new Actor(given, state, around);
    const place = { workspace, run, plan, state: () => actor.state };
    const lend = this.options.powersOf(place);
    return actor;
  }

  private takeSlot(workspace: string, code: boolean): boolean {
    const { slots, mayRunCode } = this.options;
    const own = this.perWorkspace.get(workspace) ?? 0;
    // A workspace alone on the machine may use all; beside others, at most a quarter (E4).
    const isAlone = own === this.used;
    if (this.isDraining || this.used >= slots || (code && !mayRunCode) || (!isAlone && own >= Math.max(1, slots / 4)))
      return false;
    this.used++;
    this.perWorkspace.set(workspace, own + 1);
    return true;
  }

  private releaseSlot(workspace: string): void {
    this.used--;
    const own = (this.perWorkspace.get(workspace) ?? 1) - 1;
    if (own > 0) this.perWorkspace.set(workspace, own);
    else this.perWorkspace.delete(workspace);
  }

  private changed(actor: Actor, facts: readonly Fact[]): void {
    this.options.onCommit?.(actor, facts);
    this.trim(actor);
  }

  /** What is over, or is not what it was, is read again when it is asked for; of idle ones those used last are kept. */
  private trim(actor: Actor): void {
    if (this.actors.get(actor.run) !== actor) return;
    if (actor.isOver || (actor.lost && actor.isIdle)) this.forget(actor);
    else if (actor.isIdle) for (const oldest of this.idle.add(actor, actor.spent.bytes)) this.actors.delete(oldest.run);
    else this.idle.remove(actor);
  }

  private forget(actor: Actor): void {
    this.idle.remove(actor);
    if (this.actors.get(actor.run) === actor) this.actors.delete(actor.run);
  }

  /** Renews every lease of this process; what is no longer ours is let go at once. Call it each heartbeat. */
  async renew(): Promise<void> {
    await this.giveUp([...(await this.extend())]);
  }

  /** Renews, and gives the claims in the database that nobody here carries out. */
  private extend(): Promise<Map<string, Omit<Claim, 'seq'>>> {
    this.renewing ??= this.extendOnce().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async extendOnce(): Promise<Map<string, Omit<Claim, 'seq'>>> {
    const asked = performance.now();
    const own = await this.options.ledger.renew();
    this.renewedAt = asked;
    const kept = new Map(own.map((claim) => [epochName(claim.run, claim), claim]));
    for (const [holding, actor] of this.holdings) {
      // A claim made after the question was asked, or being made, need not be in its answer.
      if (kept.delete(epochName(actor.run, holding))) holding.fencedAt = asked + this.options.leaseMs * fenceShare;
      else if (holding.since < asked) actor.lose(holding, 'taken over');
    }
    const taking = new Set(this.taking.values());
    for (const [name, claim] of kept) if (taking.has(claimName(claim.run, claim))) kept.delete(name);
    return kept;
  }

  /**
   * Claims in the database that nobody here carries out: their actor broke. Seen twice (an append may be on its way), their
   * lease is ended, so that recovery counts a crash and the stage is not held for ever.
   */
  private async giveUp(orphans: readonly (readonly [string, Omit<Claim, 'seq'>])[]): Promise<void> {
    const seenTwice = orphans.filter(([name]) => this.orphans.has(name)).map(([, claim]) => claim);
    this.orphans = new Set(orphans.map(([name]) => name));
    if (seenTwice.length > 0) await this.options.ledger.expire(seenTwice);
  }

  /** Looks for claims whose lease has run out, wherever they were held, and makes them ready or puts them in doubt (E5). Gives how many were seen to. */
  async recover(limit = 100): Promise<number> {
    // After a database that was away: what is ours is renewed, not taken for somebody's who died.
    if (performance.now() > this.renewedAt + this.options.leaseMs * fenceShare) await this.extend();
    const expired = await this.options.ledger.findExpired(limit);
    return this.recovery.all(expired);
  }

  /** A drain waits for nothing more. */
  hurry(): void {
    this.isHurried = true;
  }

  /** Takes no more work and waits for what is under way; what is left after `withinMs` is let go, for the ledger to hand back. */
  async drain(withinMs: number): Promise<void> {
    this.isDraining = true;
    const until = performance.now() + withinMs;
    while (this.used + this.taking.size > 0 && performance.now() < until && !this.isHurried)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const [holding, actor] of this.holdings) actor.lose(holding, 'the process is stopping');
  }
}

const claimName = (run: string, { stage, path }: { readonly stage: string; readonly path: string }) =>
  `${run}/${instanceKey(stage, path)}`;

const epochName = (run: string, claim: { readonly stage: string; readonly path: string; readonly epoch: number }) =>
  `${claimName(run, claim)}#${claim.epoch}`;
