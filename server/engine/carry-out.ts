import type { PlanNode } from '../../flow/compile/plan.ts';
import type { FaultRecord, LogLine, NodeRecord, Reply, Fact } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { nodeOf, readyAt } from '../../flow/facts/items.ts';
import { seededRandom } from '../../flow/facts/keys.ts';
import { outputOf } from '../../flow/facts/output.ts';
import { turnOf } from '../../flow/facts/path.ts';
import { doubtsOf } from '../../flow/facts/recover.ts';
import { retryDelay } from '../../flow/facts/retry.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import { Failed, faultRecordOf } from '../../nodes/kit/fault-record.ts';
import { Suspended } from '../../nodes/kit/suspended.ts';
import { CallJournal, journalled } from './calls.ts';
import type { StartChildren } from './calls.ts';
import { carryItems } from './carry-items.ts';
import { MissingNode, carryNode, directly, outside, perform, plainly } from './carry-node.ts';
import type { Call, Carried } from './carry-node.ts';
import { StageView } from './carriage.ts';
import type { Carriage } from './carriage.ts';
import { Turns, turnWait } from './carry-turns.ts';
import { issueLinks } from './links.ts';
import { withTimeout } from './node-timeout.ts';
import { stageBudget } from './stage-budget.ts';
import { logsWith } from './step-log.ts';
import { StageProgress } from './stage-progress.ts';
import { Rests } from './rests.ts';
import { whyUnheard } from './unheard.ts';

/**
 * Carries out one stage and gives the facts that end this attempt: `stage.finished` and what was said on the way, or why it
 * goes on later. No facts means that the claim is given back as it is. What is thrown is a bug or a lost claim.
 */
export async function carryOut(carriage: Carriage, startChildren: StartChildren): Promise<Fact[]> {
  await issueLinks(carriage);
  const fetching = carriage.whenPrepared(carriage.stage.nodes);
  if (fetching) await fetching;
  const state = carriage.state();
  const view = new StageView(carriage.plan, state);
  const first = nodeOf(carriage.plan, carriage.stage.nodes[0]!);
  const now = readyAt(view, first.key, carriage.path, state.startedAt);
  const attempt = (state.instances.get(instanceKey(carriage.stage.id, carriage.path))?.failures ?? 0) + 1;
  const stage = new StageCarrying(
    carriage,
    view,
    { now, attempt, isLenient: first.retry === undefined },
    startChildren,
  );
  try {
    return await stage.carry();
  } catch (error) {
    const failed = stage.failed(error);
    if (failed !== 'settle') return failed;
  }
  // Tries are used up: carried out once more, and now what fails leaves as the node's onError says (E9).
  const last = new StageCarrying(
    carriage,
    new StageView(carriage.plan, state),
    { now, attempt, isLenient: true },
    startChildren,
  );
  try {
    return await last.carry();
  } catch (error) {
    return last.failed(error) as Fact[];
  }
}

class StageCarrying {
  private readonly carriage: Carriage;
  private readonly view: StageView;
  private readonly when: { readonly now: number; readonly attempt: number; readonly isLenient: boolean };
  private readonly budget = stageBudget();
  private readonly startChildren: StartChildren;
  private readonly records: NodeRecord[] = [];
  private reply: Reply | undefined;
  private isStopped = false;
  private current: PlanNode | undefined;
  private logs: LogLine[] = [];
  private journal: CallJournal | undefined;
  private turning: Turns | undefined;
  private readonly progress: StageProgress;

  constructor(
    carriage: Carriage,
    view: StageView,
    when: { readonly now: number; readonly attempt: number; readonly isLenient: boolean },
    startChildren: StartChildren,
  ) {
    this.carriage = carriage;
    this.view = view;
    this.when = when;
    this.startChildren = startChildren;
    this.progress = new StageProgress(carriage);
  }

  async carry(): Promise<Fact[]> {
    if (this.carriage.stage.kind === 'turns') return this.turns();
    const rests = new Rests();
    for (const key of this.carriage.stage.nodes) {
      const rest = rests.due(this.carriage.pause);
      if (rest) await rest;
      const node = nodeOf(this.carriage.plan, key);
      this.current = node;
      this.logs = [];
      const own = { node, path: this.carriage.path, logs: this.logs };
      const call: Call = {
        carriage: this.carriage,
        view: this.view,
        budget: this.budget,
        ...own,
        ...this.when,
      };
      // Straight before it begins: what other stages did in this turn is known only then.
      const turn = this.carriage.whenRoomy?.();
      if (turn) await turn;
      const later =
        node.effect === 'pure' && this.carriage.stage.kind === 'nodes'
          ? this.pure(await this.told(call))
          : await this.guarded(call);
      if (later) return later;
    }
    return this.finished([]);
  }

  private told(call: Call): Carried | Promise<Carried> {
    const carried = this.once(call);
    return carried instanceof Promise ? this.progress.whileAt(call, carried, () => this.records) : carried;
  }

  /** A pure node: synchronous when it can be. */
  private once(call: Call): Carried | Promise<Carried> {
    if (call.node.timeoutMs === undefined) return carryNode(call);
    return this.inTime(call, (own) => Promise.resolve(carryNode(own)));
  }

  private pure(carried: Carried): Fact[] | undefined {
    this.take(carried);
    return undefined;
  }

  /** A loop's head, or a node that leaves the process. Facts when the stage does not end now. */
  private async guarded(call: Call): Promise<Fact[] | undefined> {
    const plain = plainly(call);
    if (plain) return this.pure(plain);
    if (call.node.mode === 'turn') return this.head(call);
    if (call.node.mode === 'each') {
      const carried = await carryItems(call);
      if (carried.kind === 'later') return [...carried.facts];
      this.records.push(carried.record);
      this.view.add(carried.record, this.carriage.clock());
      return this.finished(carried.facts);
    }
    const journal = new CallJournal(call);
    this.journal = journal;
    const carried = await this.inTime(call, async (own) => {
      const lend = directly(own);
      return perform(own, (ready) =>
        journalled(journal, (lastLook) => lend(ready, own.carriage.signal, lastLook), own, this.startChildren),
      );
    });
    // A node that swallowed the word that it must wait still waits.
    if (journal.suspension) return [journal.suspension];
    return this.pure(carried);
  }

  private async head(call: Call): Promise<Fact[] | undefined> {
    const carried = await carryNode(call);
    const turn = turnOf(call.path);
    const known = this.carriage.state().instances.get(instanceKey(this.carriage.stage.id, this.carriage.path));
    const mustWait =
      carried.waitMs !== undefined && carried.waitMs > 0 && known?.calls.get(`turn:${turn}`)?.state !== 'answered';
    if (mustWait && carried.record.path !== outside(call.node, call.path))
      return [turnWait(this.carriage, call.node, turn, carried.waitMs ?? 0)];
    return this.pure(carried);
  }

  private async turns(): Promise<Fact[]> {
    this.current = nodeOf(this.carriage.plan, this.carriage.stage.nodes[0]!);
    const skipped = plainly({
      carriage: this.carriage,
      view: this.view,
      node: { ...this.current, mode: 'all' },
      path: this.carriage.path,
      budget: this.budget,
      ...this.when,
    });
    if (skipped) {
      this.take(skipped);
      return this.finished([]);
    }
    this.turning = new Turns(this.carriage, this.view, { now: this.when.now, budget: this.budget }, this.progress);
    const carried = await this.turning.outermost();
    if (carried.kind === 'later') return [...carried.facts];
    for (const record of carried.records) this.take({ record });
    return this.finished([], carried.kept);
  }

  private async inTime(call: Call, carry: (call: Call) => Promise<Carried>): Promise<Carried> {
    return withTimeout(call, (signal) => carry({ ...call, carriage: { ...this.carriage, signal } }));
  }

  private take(carried: Carried): void {
    const record = carried.reply ? this.responded(carried.record) : carried.record;
    this.records.push(record);
    this.view.add(record, this.carriage.clock());
    this.reply ??= carried.reply;
    if (carried.stop?.as === 'error') throw new Fault('stop.author', carried.stop.message);
    if (carried.stop?.as === 'success') this.isStopped = true;
  }

  /** The record of a Respond node, whose log tells when nobody hears it. */
  private responded(record: NodeRecord): NodeRecord {
    const { plan, state, clock } = this.carriage;
    const isAnswered = this.reply !== undefined || state().reply !== undefined;
    const why = whyUnheard(plan, state(), { at: clock(), isAnswered });
    return why === undefined ? record : { ...record, logs: [...(record.logs ?? []), why] };
  }

  private finished(before: readonly Fact[], kept: readonly NodeRecord[] = []): Fact[] {
    const at = this.carriage.clock();
    const { id: stage } = this.carriage.stage;
    // The reply goes before the end of its stage: cut between the two, the stage would never say it again.
    const replied: Fact[] =
      this.reply && !this.carriage.state().reply ? [{ type: 'run.replied', at, data: { reply: this.reply } }] : [];
    const end: Fact = {
      type: 'stage.finished',
      at,
      data: { stage, path: this.carriage.path, nodes: this.records, ...(kept.length > 0 ? { kept: [...kept] } : {}) },
    };
    const facts = [...before, ...replied, end];
    if (this.isStopped) facts.push({ type: 'run.finished', at, data: { output: outputOf(this.view), early: true } });
    return facts;
  }

  /** What a failed attempt leaves: another try later, or the end of the run. */
  failed(error: unknown): Fact[] | 'settle' {
    if (this.carriage.signal.aborted) throw error;
    if (error instanceof MissingNode) return [this.missing(error.node)];
    if (error instanceof Suspended || this.journal?.suspension)
      return this.journal?.suspension ? [this.journal.suspension] : [];
    const inside = this.turning?.left();
    const node = inside?.node ?? this.current;
    if (!node) throw error;
    const open = this.leftOpen(error);
    if (open.length > 0) return open;
    const fault: FaultRecord = error instanceof Failed ? error.record : faultRecordOf(error, { node: node.key });
    const failure = {
      fault,
      attempt: this.when.attempt,
      ...(error instanceof Failed ? { retryAfterMs: error.retryAfterMs } : {}),
    };
    const random = seededRandom(`${this.carriage.run}/${this.carriage.path}/${node.key}/${this.when.attempt}`)();
    const delay = retryDelay(node, failure, random);
    const at = this.carriage.clock();
    const data = {
      ...inside,
      stage: this.carriage.stage.id,
      path: this.carriage.path,
      node: node.key,
      attempt: this.when.attempt,
      fault,
      ...logsWith(error, this.logs),
    };
    if (delay !== undefined) return [{ type: 'step.failed', at, data: { ...data, retryAt: at + delay } }];
    return [
      { type: 'step.failed', at, data: { ...data, ...(this.records.length > 0 ? { before: this.records } : {}) } },
    ];
  }

  /** An attempt that gave up on an effect it had sent has not failed: whether it happened cannot be known (E8). */
  private leftOpen(error: unknown): Fact[] {
    const { plan, stage, path, clock, state } = this.carriage;
    const why = error instanceof Error ? error.message : 'The attempt ended before an answer came.';
    return doubtsOf(plan, state(), { stage: stage.id, path, at: clock(), why });
  }

  private missing(node: PlanNode): Fact {
    const data = {
      stage: this.carriage.stage.id,
      path: this.carriage.path,
      node: node.key,
      nodeType: node.type,
      version: node.version,
      ...(node.content === undefined ? {} : { content: node.content }),
    };
    return { type: 'stage.missing-node', at: this.carriage.clock(), data };
  }
}
