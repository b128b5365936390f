import type { PlanNode } from '../../flow/compile/plan.ts';
import type { FaultRecord, LogLine, NodeRecord, PortOutput, Fact } from '../../flow/facts/fact.ts';
import { seededRandom } from '../../flow/facts/keys.ts';
import { retryDelay } from '../../flow/facts/retry.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { InstanceState, ItemState } from '../../flow/facts/state.ts';
import { tallyOf } from '../../flow/facts/tally.ts';
import { Failed, faultRecordOf } from '../../nodes/kit/fault-record.ts';
import type { ItemOutcome } from '../../nodes/kit/perform.ts';
import { isRestDue, rest } from '../../nodes/kit/rest.ts';
import { wasFenced } from './holding.ts';
import { dueChecks, notDone, reconciled, sentAgain } from './carry-checks.ts';
import { MissingNode, batchOf, directly } from './carry-node.ts';
import type { Call, Ready } from './carry-node.ts';
import { withTimeout } from './node-timeout.ts';
import { logsWith } from './step-log.ts';

/** How a stage that goes item by item stands after this pass: over, failed, or to be taken up again later. */
export type ItemsCarried =
  | { readonly kind: 'finished'; readonly facts: readonly Fact[]; readonly record: NodeRecord }
  | { readonly kind: 'later'; readonly facts: readonly Fact[] };

/**
 * Carries out an `each` node that leaves the process, item by item (E8). For class effect the intents of a window are
 * committed before their first byte; every outcome is appended as it comes. Items that an earlier attempt settled are
 * kept; those in doubt or waiting for another try are left alone.
 */
export async function carryItems(call: Call): Promise<ItemsCarried> {
  const prepared = call.carriage.prepared(call.node);
  if (!prepared) throw new MissingNode(call.node);
  const pass = new Pass(call, (index, powers, batch) => prepared.item(batch, index, powers));
  return pass.run();
}

/** One item on its way: whether anything left, and what was logged. */
interface Sending {
  readonly item: number;
  readonly attempt: number;
  readonly sent: boolean;
  readonly logs: readonly LogLine[];
}

type PerformItem = (
  index: number,
  powers: ReturnType<ReturnType<typeof directly>>,
  batch: Ready['batch'],
) => ItemOutcome | Promise<ItemOutcome>;

class Pass {
  private readonly call: Call;
  private readonly node: PlanNode;
  private readonly performItem: PerformItem;
  private readonly ready: Ready;
  private readonly count: number;
  private readonly place: { stage: string; path: string; node: string };
  /** The final fault under `stop`: nothing further is sent. */
  private fatal: { fault: FaultRecord; attempt: number; logs?: LogLine[] } | undefined;
  /** The outcome that settles the last item, kept for the stage's own commit. */
  private held: Fact | undefined;
  private readonly began = performance.now();
  private begun: Promise<void> = Promise.resolve();

  constructor(call: Call, performItem: PerformItem) {
    this.call = call;
    this.node = call.node;
    this.performItem = performItem;
    this.ready = batchOf(call);
    this.count = this.ready.inputs[this.ready.batch.first]?.length ?? 0;
    this.place = { stage: call.carriage.stage.id, path: call.path, node: call.node.key };
  }

  private instance(): InstanceState | undefined {
    return this.call.carriage.state().instances.get(instanceKey(this.place.stage, this.place.path));
  }

  async run(): Promise<ItemsCarried> {
    await this.settleAnswered();
    // A single idempotent item needs no journal of its own: its outcome is the stage's.
    if (this.count === 1 && this.node.effect !== 'effect' && !this.instance()?.items.size) return this.single();
    while (!this.fatal && !this.held) {
      const asked = await this.check();
      const items = this.fatal ? [] : this.sendable();
      if (items.length === 0 && !asked) break;
      if (items.length > 0) await this.slide(items);
    }
    return this.conclusion([]);
  }

  /**
   * A window of as many as may be on their way slides over the items: as one ends, its outcome and the intent of the next are one append, so that
   * a slow one holds up no other and an item costs one commit at most (E8).
   */
  private async slide(items: readonly number[]): Promise<void> {
    const { carriage } = this.call;
    if (this.ready.params) this.ready.params.order = items;
    const first = items.slice(0, this.node.concurrency);
    let next = first.length;
    await carriage.whenHeld();
    await this.intend(first);
    const lane = async (begun: number) => {
      for (let item: number | undefined = begun; item !== undefined;) {
        const fact: Fact = await this.send(item, this.attemptOf(item));
        // The last outcome is appended with what follows from it, in one commit.
        if (fact.type === 'step.answered' && this.answered() === this.count - 1) {
          this.held = fact;
          return;
        }
        item = this.fatal ? undefined : items[next++];
        await this.keep(fact, item);
      }
    };
    await carriage.sideBySide(first.map((item) => () => lane(item)));
  }

  /** Appends an outcome, and the intent of the item that is sent next; an outcome does not wait for a lease that must be renewed first. */
  private async keep(fact: Fact, next: number | undefined): Promise<void> {
    const { carriage } = this.call;
    if (next === undefined) return carriage.append([fact]);
    const held = carriage.whenHeld();
    if (!held) return carriage.append([fact, ...this.intents([next])]);
    await carriage.append([fact]);
    await held;
    await this.intend([next]);
  }

  private async intend(items: readonly number[]): Promise<void> {
    const intents = this.intents(items);
    if (intents.length > 0) await this.call.carriage.append(intents);
  }

  /** Items that a person answered as failed leave as their node's onError says; they are not sent. */
  private async settleAnswered(): Promise<void> {
    const left: Fact[] = [];
    for (const [item, known] of this.instance()?.items ?? []) {
      if (known.state !== 'failed' || !known.fault) continue;
      if (this.node.onError === 'stop') this.fatal ??= { fault: { ...known.fault, item }, attempt: known.attempt };
      else left.push(this.left(item, known.attempt, known.fault));
    }
    if (left.length > 0) await this.call.carriage.append(left);
  }

  /** Asks the service about items in doubt, as many at a time as may be on their way; true when it asked about any. */
  private async check(): Promise<boolean> {
    const due = dueChecks(this.call, this.instance());
    const left = due.values();
    const lane = async () => {
      for (const item of left) {
        const fact = await this.asked(item);
        if (fact) await this.call.carriage.append([fact]);
      }
    };
    await this.call.carriage.whenHeld();
    await this.call.carriage.sideBySide(
      Array.from({ length: Math.min(due.length, this.node.concurrency) }, () => lane),
    );
    return due.length > 0;
  }

  /** What the service says of one item in doubt, as a fact; none when it could not be asked just now. */
  private async asked(item: number): Promise<Fact | undefined> {
    const said = await reconciled(this.call, this.ready, item);
    if (!said) return undefined;
    const attempt = this.attemptOf(item);
    const at = this.call.carriage.clock();
    if (said.did === 'done')
      return { type: 'step.answered', at, data: { ...this.place, item, attempt, out: outOf(said) } };
    if (said.did === 'unknown')
      return { type: 'step.in-doubt', at, data: { ...this.place, items: [item], why: said.why, checked: true } };
    return sentAgain(this.call, item, attempt) ?? this.failed({ item, attempt, sent: false, logs: [] }, notDone());
  }

  /** Items that are to be sent now, in order. */
  private sendable(): number[] {
    const items = this.instance()?.items ?? new Map<number, ItemState>();
    const now = this.call.carriage.clock();
    const found: number[] = [];
    for (let item = 0; item < this.count; item++) {
      const known = items.get(item);
      const isDue = known?.state === 'retrying' && (known.retryAt ?? 0) <= now;
      // An idempotent item without an outcome is simply sent again, with the same key.
      const isOpen =
        known === undefined || known.state === 'again' || (known.state === 'intended' && this.node.effect !== 'effect');
      if (isOpen || isDue) found.push(item);
    }
    return found;
  }

  private attemptOf(item: number): number {
    const known = this.instance()?.items.get(item);
    if (!known) return 1;
    return known.state === 'retrying' ? known.attempt + 1 : known.attempt;
  }

  /** Only effects have intents. */
  private intents(window: readonly number[]): Fact[] {
    if (this.node.effect !== 'effect') return [];
    const at = this.call.carriage.clock();
    const byAttempt = Map.groupBy(window, (item) => this.attemptOf(item));
    return [...byAttempt].map(([attempt, items]) => ({
      type: 'step.intended',
      at,
      data: { ...this.place, attempt, items },
    }));
  }

  /** Sends one item and says what came of it, as a fact. */
  private async send(item: number, attempt: number): Promise<Fact> {
    let sent = false;
    const own = new AbortController();
    const { signal: claim } = this.call.carriage;
    // An effect under way is not cut off with its claim: what it came to is worth knowing (E15).
    const stop = () => (sent && this.node.effect === 'effect') || own.abort(claim.reason);
    if (claim.aborted) stop();
    claim.addEventListener('abort', stop, { once: true });
    const lastLook = () => {
      this.call.carriage.lastLook();
      sent = true;
    };
    const logs: Ready['logs'] = [];
    try {
      const call = { ...this.call, carriage: { ...this.call.carriage, signal: own.signal } };
      const outcome = await withTimeout(call, async (signal) => {
        await this.turn();
        const later = this.call.carriage.whenRoomy?.();
        if (later) await later;
        lastLookUnless(this.node, this.call);
        this.call.budget.begins('stays');
        return this.performItem(item, directly(this.call)({ ...this.ready, logs }, signal, lastLook), {
          ...this.ready.batch,
          signal,
          attempt,
          onError: 'stop',
        });
      });
      return {
        type: 'step.answered',
        at: this.call.carriage.clock(),
        data: { ...this.place, item, attempt, out: outOf(outcome), ...(logs.length > 0 ? { logs } : {}) },
      };
    } catch (error) {
      if (claim.aborted) throw error;
      if (!sent && wasFenced(error)) return this.unsent(item, attempt, error);
      return this.failed({ item, attempt, sent, logs }, error);
    } finally {
      claim.removeEventListener('abort', stop);
    }
  }

  /** Lanes begin one after the other, so that others have their turn once those before have worked for a while. */
  private turn(): Promise<void> {
    const { batch } = this.ready;
    return (this.begun = this.begun.then(() => (isRestDue(batch) ? rest(batch) : undefined)));
  }

  /** The fence fell between the look before and the last one: no failure of the node, so it is tried again once the claim is renewed. */
  private unsent(item: number, attempt: number, error: unknown): Fact {
    const at = this.call.carriage.clock();
    const fault = faultRecordOf(error, { node: this.node.key, item });
    return { type: 'item.failed', at, data: { ...this.place, item, attempt, fault, retryAt: at } };
  }

  private failed({ item, attempt, sent, logs }: Sending, error: unknown): Fact {
    const at = this.call.carriage.clock();
    const said = logsWith(error, logs);
    const fault: FaultRecord =
      error instanceof Failed ? error.record : faultRecordOf(error, { node: this.node.key, item });
    const retryAfterMs = error instanceof Failed ? error.retryAfterMs : undefined;
    const done = fault.done ?? (!sent ? 'no' : fault.code === 'node.timeout' ? 'unknown' : 'yes');
    if (this.node.effect === 'effect' && done === 'unknown')
      return { type: 'step.in-doubt', at, data: { ...this.place, items: [item], why: fault.message } };
    const random = seededRandom(`${this.call.carriage.run}/${this.call.path}/${this.node.key}/${item}/${attempt}`)();
    // An effect goes out again only when it surely did not happen, or was answered with an error and the author wants it.
    const mayRepeat = this.node.effect !== 'effect' || done === 'no' || fault.code === 'http.status';
    const delay = mayRepeat ? retryDelay(this.node, { fault, retryAfterMs, attempt }, random) : undefined;
    if (delay !== undefined)
      return { type: 'item.failed', at, data: { ...this.place, item, attempt, fault, ...said, retryAt: at + delay } };
    if (this.node.onError !== 'stop') return this.left(item, attempt, fault, said);
    this.fatal ??= { fault, attempt, ...said };
    return { type: 'item.failed', at, data: { ...this.place, item, attempt, fault, ...said } };
  }

  /** E9: the item leaves by `error`, or unchanged by the first output. */
  private left(item: number, attempt: number, fault: FaultRecord, said: { logs?: LogLine[] } = {}): Fact {
    const value = this.ready.inputs[this.ready.batch.first]?.[item];
    const error = { code: fault.code, message: fault.message, node: this.node.key, attempt };
    const out =
      this.node.onError === 'port' ? { error: [{ error, item: value }] } : { [this.node.outputs[0] ?? 'out']: [value] };
    return {
      type: 'step.answered',
      at: this.call.carriage.clock(),
      data: { ...this.place, item, attempt, out, fault, ...said },
    };
  }

  private async single(): Promise<ItemsCarried> {
    await this.call.carriage.whenHeld();
    const fact = await this.send(0, 1);
    if (fact.type !== 'step.answered') return this.conclusion([fact]);
    const { out, fault, logs } = fact.data;
    const ports: Record<string, PortOutput> = Object.fromEntries(
      Object.entries(out).map(([port, items]) => [port, { items, from: items.map(() => 0) }]),
    );
    return {
      kind: 'finished',
      facts: [],
      record: {
        ...this.record(),
        out: this.everyPort(ports),
        ...(fault ? { faults: [fault] } : {}),
        ...(logs ? { logs } : {}),
      },
    };
  }

  private record(): NodeRecord {
    const ms = Math.round((performance.now() - this.began) * 100) / 100;
    return { key: this.node.key, path: this.call.path, status: 'finished', out: {}, attempt: this.call.attempt, ms };
  }

  private everyPort(ports: Record<string, PortOutput>): Record<string, PortOutput> {
    return Object.fromEntries(this.node.outputs.map((port) => [port, ports[port] ?? { items: [] }]));
  }

  private conclusion(facts: Fact[]): ItemsCarried {
    if (this.fatal) {
      return {
        kind: 'later',
        facts: [
          ...facts,
          { type: 'step.failed', at: this.call.carriage.clock(), data: { ...this.place, ...this.fatal } },
        ],
      };
    }
    const all = this.held ? [...facts, this.held] : facts;
    if (this.answered() + (this.held ? 1 : 0) < this.count) return { kind: 'later', facts: all };
    return { kind: 'finished', facts: all, record: { ...this.record(), out: this.everyPort({}), byItem: true } };
  }

  private answered(): number {
    const items = this.instance()?.items;
    return items ? tallyOf(items).answered : 0;
  }
}

const outOf = (outcome: Pick<ItemOutcome, 'out'>): Record<string, unknown[]> =>
  Object.fromEntries(Object.entries(outcome.out).map(([port, values]) => [port, [...values]]));

/** An effect is looked at once more straight before it starts, even if its power would not. */
function lastLookUnless(node: PlanNode, call: Call): void {
  if (node.effect === 'effect') call.carriage.lastLook();
}
