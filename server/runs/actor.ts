import type { Plan } from '../../flow/compile/plan.ts';
import { decide } from '../../flow/run/decide.ts';
import type { Decision, Live } from '../../flow/run/decide.ts';
import type { Reply, RunEvent } from '../../flow/run/events.ts';
import { snapshotEvery } from '../../flow/run/snapshot.ts';
import { foldInto, instanceKey, numbered } from '../../flow/run/state.ts';
import type { RunState } from '../../flow/run/state.ts';
import { carryOut } from './carry-out.ts';
import type { Carriage } from './carriage.ts';
import { dueTimers, isSame, lateOutcomes, leftOpen, stopOf } from './due.ts';
import type { Append, AppendResult } from './flusher.ts';
import type { Entry } from './entry.ts';
import { ClaimLost, Fenced, breather, fenceOf, newHolding, pauseFor, whenRenewed } from './holding.ts';
import type { Holding } from './holding.ts';
import { effectChanges, openedTokens, runPatch } from './mirror.ts';
import { liveMap, stageChanges, wakesFor } from './stage-changes.ts';
import { Spent } from './run-limits.ts';
import { timeOutWake } from './time-out.ts';
import { Refused } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

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
  private readonly spent: Spent;
  private readonly held = new Map<string, Holding>();
  private live = new Map<string, Live>();
  private queue: Entry[] = [];
  private isPumping = false;
  /** What the journal has for certain: `state` is ahead of it while an append is in flight. */
  settled: { readonly reply: Reply | undefined; readonly isOver: boolean };
  private readonly waiters: { reply: ((reply: Reply) => void)[]; over: (() => void)[] } = { reply: [], over: [] };

  /** The state is the actor's own from now on: it is folded into. */
  constructor(
    place: { workspace: string; run: string; plan: Plan; bytes: number },
    state: RunState,
    around: Surroundings,
  ) {
    this.workspace = place.workspace;
    this.run = place.run;
    this.plan = place.plan;
    this.state = state;
    this.around = around;
    this.spent = new Spent(place.plan, around.limits, { state, bytes: place.bytes });
    this.live = liveMap(decide(this.plan, state));
    this.settled = { reply: state.reply, isOver: state.ended !== undefined };
  }

  get isIdle(): boolean {
    return this.held.size === 0 && this.queue.length === 0 && !this.isPumping;
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
  append(facts: readonly RunEvent[], more: Pick<Partial<Entry>, 'start' | 'fence' | 'check'> = {}): Promise<void> {
    return this.enqueue({ facts, by: undefined, ends: false, ...more });
  }

  /** Carries out a stage whose claim was just made in the database; resolves when the claim is no longer held. */
  adopt(claim: { stage: string; path: string; epoch: number }): Promise<void> {
    const live = this.live.get(instanceKey(claim.stage, claim.path));
    const holding = newHolding(claim.stage, claim.path, claim.epoch, this.around.fence());
    this.held.set(instanceKey(claim.stage, claim.path), holding);
    this.around.hold(holding);
    const freed = new Promise<void>((resolve) => holding.onFree.push(resolve));
    if (live) {
      this.begin(holding);
      return freed;
    }
    // A row that no fact speaks for: it goes with an append of nothing.
    this.live.set(instanceKey(claim.stage, claim.path), { stage: claim.stage, path: claim.path, next: 'now' });
    void this.enqueue({ facts: [], by: holding, ends: true }).then(
      // It was our memory that was old: the append read the run again, and the stage is there.
      () => holding.isLost || this.begin(holding),
      () => undefined,
    );
    return freed;
  }

  /** Appends what recovery says of a claim that ran out, unless its process renewed it after all. */
  recover(claim: { stage: string; path: string; epoch: number }, facts: readonly RunEvent[]): Promise<void> {
    const key = instanceKey(claim.stage, claim.path);
    // A row that no fact speaks for goes with this append.
    if (!this.live.has(key)) this.live.set(key, { stage: claim.stage, path: claim.path, next: 'now' });
    return this.enqueue({
      facts,
      by: undefined,
      ends: false,
      fence: [{ stage: claim.stage, path: claim.path, epoch: claim.epoch, expired: true }],
      recovers: key,
    });
  }

  /** The claims that this process holds in this run are gone. */
  lose(stage: string, path: string, why: string): void {
    const holding = this.held.get(instanceKey(stage, path));
    if (holding) this.drop(holding, why);
  }

  private enqueue(entry: Omit<Entry, 'resolve' | 'reject'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ ...entry, resolve, reject });
      if (!this.isPumping) void this.pump();
    });
  }

  private async pump(): Promise<void> {
    this.isPumping = true;
    try {
      while (this.queue.length > 0) {
        const entries = this.queue;
        this.queue = [];
        await this.commit(entries);
      }
    } finally {
      this.isPumping = false;
    }
  }

  /** Appends the facts of some entries and what follows from them, once; on a lost race all of them again, on a lost claim one by one. */
  private async commit(entries: readonly Entry[]): Promise<void> {
    const valid = entries.filter((entry) => this.isValid(entry));
    if (valid.length === 0) return;
    const before = this.live;
    const seq = this.state.seq;
    const given = valid.flatMap((entry) => entry.facts);
    const { facts, decision } = this.follow(given);
    const ended = valid.flatMap(({ ends, by }) => (ends && by ? [instanceKey(by.stage, by.path)] : []));
    const { changes, claimed, released } = stageChanges({
      plan: this.plan,
      state: this.state,
      before,
      after: liveMap(decision),
      held: this.held,
      ending: new Set(ended),
      recovered: new Set(valid.flatMap(({ recovers }) => (recovers === undefined ? [] : [recovers]))),
      now: this.around.clock(),
      claim: (live, code) => this.claimInPlace(live, code),
    });
    const append = this.appendOf(valid, { seq, facts, decision, changes });
    let result: AppendResult;
    try {
      result = await this.appended(append, valid);
    } catch (error) {
      for (const holding of claimed) this.unclaim(holding);
      for (const entry of valid) entry.reject(error);
      await this.reload();
      return;
    }
    if (!result.ok) {
      for (const holding of claimed) this.unclaim(holding);
      return this.refused(valid, result);
    }
    this.live = liveMap(decision);
    this.keepSnapshot(seq);
    for (const holding of released)
      if (ended.includes(instanceKey(holding.stage, holding.path))) this.free(holding);
      else this.drop(holding, 'its stage is over');
    for (const entry of valid) entry.resolve();
    this.settled = { reply: this.state.reply, isOver: this.isOver };
    this.around.changed(this, facts);
    this.tell();
    for (const holding of claimed) {
      this.around.hold(holding);
      this.begin(holding);
    }
  }

  private appendOf(
    entries: readonly Entry[],
    made: { seq: number; facts: readonly RunEvent[]; decision: Decision; changes: Append['stages'] },
  ): Append {
    const epochOf = (stage: string, path: string) => this.held.get(instanceKey(stage, path))?.epoch ?? 0;
    return {
      workspace: this.workspace,
      run: this.run,
      expect: made.seq,
      facts: made.facts,
      fence: entries.flatMap((entry) => [...(entry.fence ?? []), ...(entry.by ? [fenceOf(entry.by)] : [])]),
      row: runPatch(this.state, made.decision),
      ...(entries[0]?.start ? { start: entries[0].start } : {}),
      stages: made.changes,
      effects: effectChanges(this.plan, this.state, this.run, made.facts, epochOf),
      tokens: openedTokens(made.facts),
      onWeighed: (bytes) => this.spent.weigh(bytes),
      wake: [
        ...wakesFor(this.run, made.changes, this.around.clock()),
        ...(entries[0]?.start ? timeOutWake(this.plan, this.state, this.run) : []),
      ],
    };
  }

  private keepSnapshot(before: number): void {
    const isDue = Math.floor(before / snapshotEvery) < Math.floor(this.state.seq / snapshotEvery);
    if (isDue && !this.isOver) this.around.snapshot(this.state);
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
    if (entry.by?.isLost) this.letLapse(entry, 'taken over');
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

  /** Folds facts and what follows from them, until nothing more does. */
  private follow(given: readonly RunEvent[]): { facts: RunEvent[]; decision: Decision } {
    const facts = [...given];
    foldInto(this.state, numbered(this.state.seq, given));
    let decision = decide(this.plan, this.state);
    while (decision.facts.length > 0) {
      facts.push(...decision.facts);
      foldInto(this.state, numbered(this.state.seq, decision.facts));
      decision = decide(this.plan, this.state);
    }
    const over = this.spent.add(facts, this.state, this.around.clock());
    if (!over) return { facts, decision };
    foldInto(this.state, numbered(this.state.seq, [over]));
    return { facts: [...facts, over], decision: decide(this.plan, this.state) };
  }

  private claimInPlace(live: Live, code: boolean): Holding | undefined {
    if (!this.around.takeSlot(code)) return undefined;
    const holding = newHolding(live.stage, live.path, 1, this.around.fence());
    this.held.set(instanceKey(live.stage, live.path), holding);
    return holding;
  }

  private async refused(entries: readonly Entry[], result: Exclude<AppendResult, { ok: true }>): Promise<void> {
    if (result.why === 'duplicate' || result.why === 'unavailable' || entries.some((entry) => entry.start)) {
      for (const entry of entries) entry.reject(new Refused(result));
      if (result.why === 'unavailable' && !entries.some((entry) => entry.start)) await this.reload();
      return;
    }
    await this.reload();
    if (result.why === 'fenced' && entries.length === 1) {
      this.letLapse(entries[0]!, 'taken over');
    } else if (result.why === 'fenced') for (const entry of entries) await this.commit([entry]);
    else await this.commit(entries);
  }

  /** Until it has been read again the state holds facts that are not in the journal, so nothing goes on before. */
  private async reload(): Promise<void> {
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      try {
        this.state = await this.around.reload();
        this.spent.recount(this.state);
        this.live = liveMap(decide(this.plan, this.state));
        return this.tell();
      } catch (error) {
        this.around.broken(error, 'reading a run again');
        await breather(pause);
      }
    }
  }

  private unclaim(holding: Holding): void {
    this.held.delete(instanceKey(holding.stage, holding.path));
    this.around.releaseSlot();
  }

  private free(holding: Holding): void {
    holding.isLost = true;
    this.held.delete(instanceKey(holding.stage, holding.path));
    this.around.letGo(holding);
    this.around.releaseSlot();
    for (const tell of holding.onFree) tell();
  }

  private drop(holding: Holding, why: string): void {
    if (holding.isLost) return;
    this.free(holding);
    holding.abort.abort(new ClaimLost(why));
  }

  private tell(): void {
    this.settled = { reply: this.state.reply, isOver: this.isOver };
    if (this.state.reply) for (const waiter of this.waiters.reply.splice(0)) waiter(this.state.reply);
    if (!this.isOver) return;
    for (const holding of this.held.values()) this.drop(holding, 'the run is over');
    for (const waiter of this.waiters.over.splice(0)) waiter();
  }

  private begin(holding: Holding): void {
    this.carry(holding).catch((error: unknown) => {
      if (!(error instanceof ClaimLost) && !holding.abort.signal.aborted)
        this.around.broken(error, `carrying out ${holding.stage}`);
      this.drop(holding, 'carrying it out failed');
    });
  }

  /** Carries out a stage until it has ended or waits for something that this process need not hold it for. */
  private async carry(holding: Holding): Promise<void> {
    const key = instanceKey(holding.stage, holding.path);
    while (!holding.isLost) {
      const live = this.live.get(key);
      if (!live) return;
      const wait = typeof live.next === 'number' ? live.next - this.around.clock() : 0;
      if (wait > 0) await pauseFor(wait, holding.abort.signal);
      const facts =
        stopOf(this.state, holding, this.around.clock()) ??
        dueTimers(this.state, holding, this.around.clock()) ??
        leftOpen(this.plan, this.state, holding, this.around.clock()) ??
        (await carryOut(this.carriageOf(holding), this.around.startChildren));
      await this.enqueue({ facts, by: holding, ends: true });
    }
  }

  private carriageOf(holding: Holding): Carriage {
    return {
      run: this.run,
      plan: this.plan,
      stage: this.plan.stages.find((stage) => stage.id === holding.stage)!,
      path: holding.path,
      state: () => this.state,
      append: (facts) => this.enqueue({ facts, by: holding, ends: false }),
      signal: holding.abort.signal,
      lastLook: () => {
        if (holding.isLost || performance.now() > holding.fencedAt) throw new Fenced();
        if (this.state.failing || this.isOver) throw new ClaimLost('the run is ending');
      },
      whenHeld: () =>
        performance.now() < holding.fencedAt ? undefined : whenRenewed(holding, () => this.around.renew()),
      clock: () => this.around.clock(),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      ...this.around.carriage(holding.abort.signal),
    };
  }
}
