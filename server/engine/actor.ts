import type { Plan } from '../../flow/compile/plan.ts';
import { decide } from '../../flow/facts/decide.ts';
import type { LiveStage } from '../../flow/facts/decide.ts';
import type { Reply, Fact } from '../../flow/facts/fact.ts';
import type { Fault } from '../../flow/facts/faults.ts';
import { hasManyStages } from '../../flow/facts/remembered.ts';
import { snapshotEvery } from '../../flow/facts/snapshot.ts';
import { foldInto } from '../../flow/facts/fold.ts';
import { instanceKey, numbered } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { carryHolding } from './carrying.ts';
import { afterRefusal, planCommit } from './commit-plan.ts';
import type { CommitPlan } from './commit-plan.ts';
import { isSame, lateOutcomes } from './due.ts';
import type { Append, AppendResult } from '../journal/flusher.ts';
import type { Entry } from './entry.ts';
import { ClaimLost, breather, newHolding } from './holding.ts';
import type { Holding } from './holding.ts';
import type { Pass } from './pass.ts';
import { Holdings } from './holdings.ts';
import { liveMap } from './stage-changes.ts';
import { Spent } from './run-limits.ts';
import { NoSuchRun, Refused } from '../journal/refused.ts';
import type { Surroundings, Wanted } from './surroundings.ts';
import { hasCode, laneOf, mayLeave } from '../journal/mirror.ts';
import { roomyTurn } from '../text/turns.ts';

/**
 * One run in the memory of this process: its state at seq n, the claims held on its stages, and one append at a time (E1).
 * While an append is in flight what else happens gathers and goes with the next: branches that end together cost one
 * append each at most. Who loses the race for a seq folds the new facts and decides again.
 */
export class Actor {
  readonly workspace: string;
  readonly run: string;
  readonly plan: Plan;
  state: RunState;
  readonly around: Surroundings;
  readonly spent: Spent;
  /** One of the run's values is proven missing: what people say to it is appended, and nothing of it is carried out. */
  lost: Fault | undefined;
  private readonly holdings = new Holdings();
  private live = new Map<string, LiveStage>();
  private queue: Entry[] = [];
  private isPumping = false;
  /** The seq of the last snapshot of this process, or what the run was read at. */
  private snapshotAt: number;
  /** There is no such run (any more): its start was refused, or it was forgotten. */
  private isVoid = false;
  /** What the journal has for certain: `state` is ahead of it while an append is in flight. */
  settled: { readonly reply: Reply | undefined; readonly isOver: boolean };
  private readonly waiters: { reply: ((reply: Reply) => void)[]; over: (() => void)[] } = { reply: [], over: [] };

  /** The state is the actor's own from now on: it is folded into. */
  constructor(
    place: { workspace: string; run: string; plan: Plan; bytes: number; lost?: Fault },
    state: RunState,
    around: Surroundings,
  ) {
    this.workspace = place.workspace;
    this.run = place.run;
    this.plan = place.plan;
    this.state = state;
    this.around = around;
    this.lost = place.lost;
    this.spent = new Spent(place.plan, around.limits, { state, bytes: place.bytes });
    this.snapshotAt = state.seq;
    this.live = liveMap(decide(this.plan, state));
    this.settled = { reply: state.reply, isOver: state.ended !== undefined };
  }

  get isIdle(): boolean {
    return this.holdings.size === 0 && this.queue.length === 0 && !this.isPumping;
  }

  get isOver(): boolean {
    return this.state.ended !== undefined;
  }

  /** Resolves with the reply when one is recorded, or undefined when the run is over without one. */
  whenReplied(): Promise<Reply | undefined> {
    if (this.settled.reply || this.settled.isOver) return Promise.resolve(this.settled.reply);
    return new Promise((resolve) => {
      this.waiters.reply.push(resolve);
      this.waiters.over.push(() => resolve(this.state.reply));
    });
  }

  whenOver(): Promise<void> {
    return this.settled.isOver ? Promise.resolve() : new Promise((resolve) => this.waiters.over.push(resolve));
  }

  /** Appends facts of an outsider (an answer, a cancel, a child's end) or, with `start`, the first fact of the run. */
  append(facts: readonly Fact[], more: Pick<Partial<Entry>, 'start' | 'fence' | 'check'> = {}): Promise<void> {
    return this.enqueue({ facts, by: undefined, ends: false, ...more });
  }

  /**
   * Another ended the run with this fact. Who holds nothing and knows all that was before takes it as it is; else the run is read again, which lets
   * go of what is held.
   */
  endedBy(fact: Fact, seq: number): void {
    if (!this.isIdle || this.state.seq !== seq - 1)
      return void this.append([]).catch((error: unknown) =>
        this.around.broken(error, 'letting go of a run that is over'),
      );
    foldInto(this.state, numbered(seq - 1, [fact]));
    this.live = new Map();
    this.tell();
    this.around.gone(this);
  }

  /**
   * Carries out a stage whose claim was just made in the database, with the room that was taken for it; resolves when the claim is no longer held.
   * What was held of the same stage was lost meanwhile, or there would be no new claim: it is dropped.
   */
  adopt(claim: { stage: string; path: string; epoch: number }, pass: Pass): Promise<void> {
    const key = instanceKey(claim.stage, claim.path);
    const holding = newHolding(claim, this.around.fence(), pass);
    const { isHeld, former } = this.holdings.put(holding);
    if (former) this.drop(former, 'taken over');
    if (!isHeld) {
      pass.close();
      return Promise.resolve();
    }
    this.around.hold(holding);
    holding.since = performance.now();
    const freed = new Promise<void>((resolve) => holding.onFree.push(resolve));
    if (this.live.has(key)) {
      this.begin(holding);
      return freed;
    }
    // A row that no fact speaks for: it goes with an append of nothing.
    this.live.set(key, { key, stage: claim.stage, path: claim.path, next: 'now' });
    void this.enqueue({ facts: [], by: holding, ends: true }).then(
      // It was our memory that was old: the append read the run again, and the stage is there.
      () => holding.isLost || this.begin(holding),
      (error: unknown) => this.fail(holding, error),
    );
    return freed;
  }

  /** Appends what recovery says of a claim that ran out, unless its process renewed it after all. */
  recover(claim: { stage: string; path: string; epoch: number }, facts: readonly Fact[]): Promise<void> {
    const key = instanceKey(claim.stage, claim.path);
    // A row that no fact speaks for goes with this append.
    if (!this.live.has(key)) this.live.set(key, { key, stage: claim.stage, path: claim.path, next: 'now' });
    return this.enqueue({
      facts,
      by: undefined,
      ends: false,
      fence: [{ stage: claim.stage, path: claim.path, epoch: claim.epoch, expired: true }],
      recovers: key,
    });
  }

  /** This claim is gone; what else is held of the run, and a later claim of the same stage, is not touched. */
  lose(holding: Holding, why: string): void {
    this.drop(holding, why);
  }

  private enqueue(entry: Omit<Entry, 'resolve' | 'reject'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ ...entry, resolve, reject });
      if (!this.isPumping) void this.pump();
    });
  }

  /** Never rejects: whatever breaks is told to whoever asked. */
  private async pump(): Promise<void> {
    this.isPumping = true;
    while (this.queue.length > 0) {
      // What a window's lanes hear in the same turn of the event loop is one commit, not one for the first of them and one for the rest.
      if (this.queue.every(({ by, ends }) => by && !ends)) await new Promise((resolve) => setImmediate(resolve));
      // Of very many stages a commit is work: many runs that commit in one turn would hold it.
      const turn = hasManyStages(this.plan) ? roomyTurn() : undefined;
      if (turn) await turn;
      const entries = this.queue;
      this.queue = [];
      await this.commit(entries);
    }
    this.isPumping = false;
    if (this.isIdle) this.around.idle(this);
  }

  /** The one guard around committing: what breaks in it rejects what was asked for, and the run is read again. Never rejects. */
  private async commit(entries: readonly Entry[]): Promise<void> {
    const claimed: Holding[] = [];
    try {
      await this.tryCommit(entries, claimed);
    } catch (error) {
      // Claims that were made by then have begun, or will be taken up again by whoever misses them.
      for (const holding of claimed) if (holding.since === Number.POSITIVE_INFINITY) this.free(holding);
      for (const entry of entries) entry.reject(error);
      if (entries.some((entry) => entry.start)) this.end();
      else await this.reload();
    }
  }

  /** Appends the facts of some entries and what follows from them, once; on a lost race all of them again, on a lost claim one by one. */
  private async tryCommit(entries: readonly Entry[], claimed: Holding[]): Promise<void> {
    const valid = entries.filter((entry) => this.isValid(entry));
    if (valid.length === 0) return;
    const claim = (live: LiveStage) => {
      const holding = this.claimInPlace(live);
      if (holding) claimed.push(holding);
      return holding;
    };
    const { workspace, run, plan, state, live, spent } = this;
    const now = this.around.clock();
    const made = planCommit({ workspace, run, plan, state, live, held: this.holdings.byKey, spent, now, claim }, valid);
    const result = await this.appended(made.append, valid);
    if (result.ok) return this.taken(made, valid);
    for (const holding of claimed.splice(0)) this.free(holding);
    await this.refused(valid, result);
  }

  /** The journal has it: what follows happens, whatever the world does when it is told. */
  private taken(made: CommitPlan, entries: readonly Entry[]): void {
    this.live = made.live;
    for (const holding of made.ended) this.free(holding);
    for (const holding of made.over) this.drop(holding, 'its stage is over');
    for (const entry of entries) entry.resolve();
    this.settled = { reply: this.state.reply, isOver: this.isOver };
    for (const holding of made.claimed) holding.since = performance.now();
    try {
      this.keepSnapshot();
      this.around.changed(this, made.facts);
    } catch (error) {
      this.around.broken(error, 'telling of a commit');
    }
    this.tell();
    for (const holding of made.claimed) if (!holding.isLost) this.begin(holding);
  }

  /** Rarer as the run grows, or each would write all that the ones before it wrote: at most a fifth of the facts is folded after reading it. */
  private keepSnapshot(): void {
    const { seq } = this.state;
    if (this.isOver || seq - this.snapshotAt < Math.max(snapshotEvery, this.snapshotAt / 4)) return;
    this.snapshotAt = seq;
    this.around.snapshot(this.state);
  }

  /**
   * Appends, and when the database is away waits for it with the claim in hand: what was sent must be recorded. Whether an
   * append that got no answer was committed is read before it is tried again. Starts and answers of outsiders do not wait.
   */
  private async appended(append: Append, entries: readonly Entry[]): Promise<AppendResult> {
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      const result = await this.around.append(append);
      if (result.ok || result.why !== 'unavailable' || entries.some((entry) => !entry.by)) return result;
      await breather(pause);
      const since = await this.around.readSince(append.expect).catch(() => undefined);
      if (since && append.facts.length > 0 && isSame(since[0], append.facts[0]))
        return { ok: true, seq: append.expect + append.facts.length };
    }
  }

  /** An entry of a lost claim, or for a run that is over, is let go; starts and answers go on to the database's own judgement. */
  private isValid(entry: Entry): boolean {
    if (this.isVoid) entry.reject(new NoSuchRun(this.run));
    else if (entry.by?.isLost) this.letLapse(entry, 'taken over');
    else if (this.isOver && entry.by) this.letLapse(entry, 'the run is over');
    else return this.passes(entry);
    return false;
  }

  /** The claim of an entry is gone. What an effect came to is kept all the same (E15): it settles a doubt that is still open. */
  private letLapse({ by, facts, reject }: Entry, why: string): void {
    if (by) this.drop(by, why);
    reject(new ClaimLost(why));
    const late = lateOutcomes(this.plan, facts);
    if (late.length > 0)
      this.append(late).catch((error: unknown) => this.around.broken(error, 'keeping a late outcome'));
  }

  private passes(entry: Entry): boolean {
    try {
      entry.check?.(this.state);
      return true;
    } catch (error) {
      entry.reject(error);
      return false;
    }
  }

  private claimInPlace(live: LiveStage): Holding | undefined {
    if (this.lost) return undefined;
    const pass = this.around.enter(this.wanted(live.stage));
    if (!pass) return undefined;
    const holding = newHolding({ stage: live.stage, path: live.path, epoch: 1 }, this.around.fence(), pass);
    this.holdings.put(holding);
    this.around.hold(holding);
    return holding;
  }

  /** What carrying out one of its stages takes. */
  wanted(stage: string): Wanted {
    const { plan, state, spent } = this;
    return {
      lane: laneOf(plan, state, stage),
      code: hasCode(plan, stage),
      mayLeave: mayLeave(plan, stage),
      bytes: spent.bytes,
    };
  }

  private async refused(entries: readonly Entry[], result: Exclude<AppendResult, { ok: true }>): Promise<void> {
    const then = afterRefusal(entries, result);
    if (then === 'over' || then === 'reject') for (const entry of entries) entry.reject(new Refused(result));
    if (then === 'over') return this.end();
    await this.reload();
    if (then === 'lapse') this.letLapse(entries[0]!, 'taken over');
    else if (then === 'one by one') for (const entry of entries) await this.commit([entry]);
    else if (then === 'again') await this.commit(entries);
  }

  /**
   * Until it has been read again the state holds facts that are not in the journal, so nothing goes on before. A run that is not there any more
   * is not waited for.
   */
  private async reload(): Promise<void> {
    for (let pause = 50; !this.isVoid; pause = Math.min(pause * 2, 2_000)) {
      try {
        const { state, lost } = await this.around.reload();
        this.state = state;
        this.lost = lost;
        this.spent.recount(this.state);
        // What works on it would go on with nothing in its place; recovery asks a person.
        if (lost) for (const holding of this.holdings.byKey.values()) this.drop(holding, lost.message);
        this.live = liveMap(decide(this.plan, this.state));
        return this.tell();
      } catch (error) {
        if (error instanceof NoSuchRun) return this.end();
        this.around.broken(error, 'reading a run again');
        await breather(pause);
      }
    }
  }

  /** There is no such run: what is held of it is let go, and whoever waits for it waits no longer. */
  private end(): void {
    this.isVoid = true;
    for (const holding of this.holdings.byKey.values()) this.drop(holding, 'there is no such run');
    this.settled = { reply: undefined, isOver: true };
    this.live = new Map();
    this.around.gone(this);
    for (const waiter of this.waiters.over.splice(0)) waiter();
  }

  /** Gives a claim's room back, and tells whoever waits for it, once. */
  private free(holding: Holding): boolean {
    if (!this.holdings.remove(holding)) return false;
    this.around.letGo(holding);
    holding.pass.close();
    for (const tell of holding.onFree) tell();
    if (this.isIdle) this.around.idle(this);
    return true;
  }

  private drop(holding: Holding, why: string): void {
    if (this.free(holding)) holding.abort.abort(new ClaimLost(why));
  }

  private tell(): void {
    this.settled = { reply: this.state.reply, isOver: this.isOver };
    if (this.state.reply) for (const waiter of this.waiters.reply.splice(0)) waiter(this.state.reply);
    if (!this.isOver) return;
    for (const holding of this.holdings.byKey.values()) this.drop(holding, 'the run is over');
    for (const waiter of this.waiters.over.splice(0)) waiter();
  }

  private begin(holding: Holding): void {
    const { around } = this;
    const carried = carryHolding(
      {
        actor: this,
        around,
        append: (facts, ends) => this.enqueue({ facts, by: holding, ends }),
        liveNow: () => this.live.get(instanceKey(holding.stage, holding.path)),
      },
      holding,
    );
    carried.then(
      () => this.drop(holding, 'nothing is left to carry out'),
      (error: unknown) => this.fail(holding, error),
    );
  }

  private fail(holding: Holding, error: unknown): void {
    if (!(error instanceof ClaimLost) && !holding.abort.signal.aborted)
      this.around.broken(error, `carrying out ${holding.stage}`);
    this.drop(holding, 'carrying it out failed');
  }
}
