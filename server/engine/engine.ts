import type { Plan } from '../../flow/compile/plan.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { copyOf, emptyState, instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { Actor } from './actor.ts';
import { Actors } from './actors.ts';
import { noAddress } from './answer-rules.ts';
import type { AnswerPlace } from './answer-rules.ts';
import { carryAhead } from './ahead.ts';
import type { Computing } from './computing.ts';
import { newRunId } from '../journal/ids.ts';
import type { Holding } from './holding.ts';
import { PreparedNodes } from './prepared-nodes.ts';
import type { FindDefinition } from './prepared-nodes.ts';
import { Recovery } from './recovery.ts';
import { Refused } from '../journal/refused.ts';
import { Parked } from './parked.ts';
import { Room } from './room.ts';
import type { Surroundings } from './surroundings.ts';
import type { Leave, Lend } from './carriage.ts';
import type { StartChildren } from './calls.ts';
import type { StagePlace } from '../journal/claims.ts';
import type { LinkMaker } from './links.ts';
import type { CleanText } from '../text/reading.ts';
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

/** A stage that was claimed and is carried out. In an object, or waiting for the claim would be waiting for its end. */
interface TakenUp {
  readonly whenAway: Promise<void>;
  readonly whenFree: Promise<void>;
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
  /** What a run's nodes read text of answers through. */
  readonly cleanTextOf?: (place: RunPlace) => CleanText;
  readonly startChildren: (actor: Actor) => StartChildren;
  /** What is too long for this process; without it all is done here. */
  readonly compute?: Computing;
  readonly linkOf: LinkMaker;
  /** Where answers of runs stand; at no address of ours when left out. */
  readonly answers?: AnswerPlace;
  /** Stages that compute at once in this process (E4); at 0 none is carried out in place, only what lanes bring. */
  readonly slots: number;
  /** How many lanes may bring at once, where that is more than there are slots. */
  readonly fromLanes?: number;
  /** What stages that wait for something outside may weigh together, in bytes; 256 MB. */
  readonly ticketBytes?: number;
  /** Whether this process runs a person's code. */
  readonly mayRunCode: boolean;
  readonly leaseMs: number;
  /** What a run may use; the usual when left out. */
  readonly limits?: RunLimits;
  readonly clock: () => number;
  readonly onCommit?: (actor: Actor, facts: readonly Fact[]) => void;
  readonly onBroken: (error: unknown, doing: string) => void;
}

/** Lanes of a worker as usual: three of eight. */
const usualFromLanes = 24;
const usualTicketBytes = 256 * 1024 * 1024;

const everything: Leave = async () => {};

/** Part of the lease that is left when a process stops starting effects: a renewal may be late by so much. */
const fenceShare = 0.75;

/**
 * All the runs of this process: starts them, takes up woken stages, recovers what other processes dropped, and holds the
 * slots. The database decides who holds what; the engine only remembers it.
 */
export class Engine {
  readonly options: EngineOptions;
  private readonly actors: Actors;
  private readonly holdings = new Map<Holding, Actor>();
  private readonly room: Room;
  private readonly parked: Parked;
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
    const { slots, fromLanes = usualFromLanes, ticketBytes = usualTicketBytes, mayRunCode } = options;
    const onTicketBack = (workspace: string) => this.parked.roomFor(workspace);
    this.room = new Room({ slots, fromLanes, ticketBytes, mayRunCode, onTicketBack });
    this.parked = new Parked({
      find: (workspace, most) => options.ledger.findReady(workspace, most),
      wake: (place) => this.awaken(place),
      onBroken: options.onBroken,
    });
    this.actors = new Actors({
      read: async (run) => {
        const { state, ...stored } = await options.ledger.read(run);
        return this.newActor({ run, ...stored }, state);
      },
      hasMore: (run, seq) => options.ledger.hasMore(run, seq),
    });
    this.recovery = new Recovery(options, (run, seq) => this.actor(run, seq));
  }

  /** Stages being carried out here at this moment, those that wait for an answer from outside too. */
  get carrying(): number {
    return this.room.carrying;
  }

  /** How many of them compute, or hold what they need to. */
  get computing(): number {
    return this.room.computing;
  }

  /** What those that may wait weigh, in bytes. */
  get waitingBytes(): number {
    return this.room.waitingBytes;
  }

  /** Where answers of runs stand. */
  get answers(): AnswerPlace {
    return this.options.answers ?? noAddress;
  }

  /** Workspaces that have as much waiting here as they may: more of theirs is taken when some of it has come back. */
  get crowded(): readonly string[] {
    return this.parked.workspaces;
  }

  /**
   * Starts a run: its first facts are durable when this resolves. Rejects with `Refused` on a duplicate dedupe key (the
   * first run is named) or when the database is away.
   */
  async start(request: StartRequest): Promise<Actor> {
    const run = request.run ?? newRunId(this.options.clock());
    // A child that is begun again may be under way here.
    if (this.actors.known(run)) throw new Refused({ ok: false, why: 'seq', run });
    const actor = this.newActor(
      { workspace: request.workspace, run, plan: request.plan, bytes: 0 },
      copyOf(emptyState),
    );
    const facts = [startFact(run, request, this.options.clock()), ...(request.kept ?? [])];
    await this.actors.begin(actor, this.begin(actor, facts, request));
    return actor;
  }

  private async begin(actor: Actor, facts: readonly Fact[], request: StartRequest): Promise<void> {
    const make = async () => (request.isAwaited ? carryAhead(actor, actor.around, facts) : []);
    const store = (ahead: readonly Fact[]) => actor.append([...facts, ...ahead], { start: appendStart(request) });
    if (request.ahead) await request.ahead.through(request.workspace, make, store);
    else await store(await make());
  }

  /**
   * A wake-up for a stage: claims it if it is ready, carries it out and resolves when the claim is given back or the stage
   * has ended. False when there was nothing to do here: the wake-up was stale, or too much of its workspace waits here already.
   */
  async take(run: string, stage: string, path: string, { isEarly = false } = {}): Promise<boolean> {
    const taken = await this.takeUp({ run, stage, path }, isEarly);
    if (typeof taken === 'string') return false;
    await taken.whenFree;
    return true;
  }

  /** As `take`, for lanes: resolves as soon as the stage waits for something outside, because a lane is for what computes. */
  async wake(place: StagePlace): Promise<void> {
    await this.awaken(place);
  }

  private async awaken({ run, stage, path }: StagePlace): Promise<'taken' | 'stale' | 'crowded'> {
    const taken = await this.takeUp({ run, stage, path }, false);
    if (typeof taken === 'string') return taken;
    await Promise.race([taken.whenFree, taken.whenAway]);
    return 'taken';
  }

  private async takeUp(place: StagePlace, isEarly: boolean): Promise<TakenUp | 'stale' | 'crowded'> {
    if (this.isDraining) return 'stale';
    const taking = Symbol(place.run);
    this.taking.set(taking, claimName(place.run, place));
    try {
      return await this.claimed(place, isEarly);
    } finally {
      this.taking.delete(taking);
    }
  }

  private async claimed(place: StagePlace, isEarly: boolean): Promise<TakenUp | 'stale' | 'crowded'> {
    const { ledger } = this.options;
    const claim = await ledger.claim(place, { isEarly });
    if (!claim) return 'stale';
    const { stage, path, run } = place;
    const actor = await this.actor(run, claim.seq);
    const { workspace } = actor;
    const wanted = actor.wanted(stage);
    const pass = await this.room.inTurn(workspace, wanted);
    if (!pass) {
      await ledger.giveBack({ run, stage, path, epoch: claim.epoch });
      this.parked.add(workspace);
      // What it would have waited for came back while it was given back.
      if (this.room.mayWait(workspace, wanted)) this.parked.roomFor(workspace);
      return 'crowded';
    }
    const whenAway = new Promise<void>((resolve) => (pass.onAway = resolve));
    try {
      // Its turn may have been long in coming, and an idle run forgotten meanwhile: there is one actor of a run.
      const current = await this.actor(run, claim.seq);
      return { whenAway, whenFree: current.adopt({ stage, path, epoch: claim.epoch }, pass) };
    } catch (error) {
      pass.close();
      throw error;
    }
  }

  /** The run, if this process has it in memory. */
  known(run: string): Actor | undefined {
    return this.actors.known(run);
  }

  /** The run in memory, read from the journal unless what is held is at least as new; `Infinity` asks for what is stored now. */
  actor(run: string, seq = 0): Promise<Actor> {
    return this.actors.find(run, seq);
  }

  private newActor(given: Omit<StoredRun, 'state'> & { run: string }, state: RunState): Actor {
    const { workspace, run, plan } = given;
    const { compute } = this.options;
    const around: Surroundings = {
      append: (append) => this.options.ledger.append(append),
      reload: () => this.options.ledger.read(run),
      readSince: (seq) => this.options.ledger.readFacts(run, seq),
      mayCarryAhead: () => !this.isDraining && this.options.slots > 0,
      enter: (wanted) => (this.isDraining ? undefined : this.room.enter(workspace, wanted)),
      fence: () => this.renewedAt + this.options.leaseMs * fenceShare,
      renew: async () => void (await this.extend()),
      hold: (holding) => {
        this.holdings.set(holding, actor);
        this.actors.hold(actor);
      },
      letGo: (holding) => void this.holdings.delete(holding),
      idle: (idle) => this.actors.trim(idle),
      gone: (gone) => this.actors.forget(gone),
      carriage: (signal) => ({
        ...this.nodes.of(place, signal),
        lend,
        leave: this.options.leaveOf?.(place, signal) ?? everything,
        cleanText: this.options.cleanTextOf?.(place),
        linkOf: (node, path) => this.options.linkOf(run, node, path),
        answers: this.answers,
      }),
      compute: compute && ((...asked) => compute.node(workspace, ...asked)),
      params: compute && ((...asked) => compute.params(workspace, ...asked)),
      computation: compute?.for(workspace),
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

  private changed(actor: Actor, facts: readonly Fact[]): void {
    this.options.onCommit?.(actor, facts);
    this.actors.trim(actor);
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
    while (this.carrying + this.taking.size > 0 && performance.now() < until && !this.isHurried)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const [holding, actor] of this.holdings) actor.lose(holding, 'the process is stopping');
  }
}

const claimName = (run: string, { stage, path }: { readonly stage: string; readonly path: string }) =>
  `${run}/${instanceKey(stage, path)}`;

const epochName = (run: string, claim: { readonly stage: string; readonly path: string; readonly epoch: number }) =>
  `${claimName(run, claim)}#${claim.epoch}`;
