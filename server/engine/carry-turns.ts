import type { PlanNode } from '../../flow/compile/plan.ts';
import type { FactOf, NodeRecord, Fact, TurnCount } from '../../flow/facts/fact.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { deliveredBy, inputsOf, nodeOf, portArrival } from '../../flow/facts/items.ts';
import { depthOf, turnPath } from '../../flow/facts/path.ts';
import { joinCounts } from '../../flow/facts/progress.ts';
import type { Progress, TurnCounts } from '../../flow/facts/progress.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import type { Carriage, StageView } from './carriage.ts';
import { carryNode, directly, perform, plainly } from './carry-node.ts';
import type { Call, Carried } from './carry-node.ts';
import { KeptTurns } from './kept-turns.ts';
import { Rests } from './rests.ts';
import type { StageProgress } from './stage-progress.ts';

/** A checkpoint is due after so many turns or so long, whichever comes first (E7). */
const turnsAtOnce = 1_000;
const millisecondsAtOnce = 2_000;

export type TurnsCarried =
  | { readonly kind: 'finished'; readonly records: NodeRecord[]; readonly kept: readonly NodeRecord[] }
  /** A checkpoint: what came back so far, and maybe a wait before the next turn. */
  | { readonly kind: 'later'; readonly facts: readonly Fact[] };

/**
 * Carries out a loop and its whole body of pure nodes in one stage: all turns, nested loops included. Of the body, counts are kept, a turn each,
 * and in a run by hand the data of the latest turns; what came back is what the loop delivers.
 */
export class Turns {
  private readonly carriage: Carriage;
  private readonly view: StageView;
  private readonly now: number;
  private readonly budget: Budget;
  private readonly counts = new Map<string, TurnCount[]>();
  private readonly body: readonly PlanNode[];
  private readonly progress: Progress | undefined;
  private readonly kept: KeptTurns | undefined;
  /** The turns that are under way, from the outermost in. */
  private readonly open: string[] = [];
  private readonly standing: StageProgress;
  private readonly rests = new Rests();
  private current: PlanNode;

  constructor(
    carriage: Carriage,
    view: StageView,
    { now, budget }: { now: number; budget: Budget },
    standing: StageProgress,
  ) {
    this.standing = standing;
    this.carriage = carriage;
    this.view = view;
    this.now = now;
    this.budget = budget;
    this.body = carriage.stage.nodes.map((key) => nodeOf(carriage.plan, key));
    this.current = this.body[0]!;
    const { started, instances } = carriage.state();
    this.progress = instances.get(instanceKey(carriage.stage.id, carriage.path))?.progress;
    // A published version that somebody starts by hand runs live, and is looked at all the same.
    const isByHand = started?.mode !== 'live' || started.trigger.kind === 'manual';
    const isKept = isByHand || carriage.plan.settings.iterations === 'data';
    this.kept = isKept ? new KeptTurns(this.progress?.keptSize ?? 0) : undefined;
  }

  async outermost(): Promise<TurnsCarried> {
    const loop = this.body[0]!;
    const { path } = this.carriage;
    const back = [...(this.progress?.back ?? [])];
    const began = performance.now();
    for (let turn = this.progress?.turn ?? 0, done = 0; ; turn++, done++) {
      if (done >= turnsAtOnce || performance.now() - began > millisecondsAtOnce)
        return this.checkpoint(loop, turn, back);
      const head = await this.head(loop, path, turn, back);
      if (head.record.path === path)
        return { kind: 'finished', records: this.records(head.record), kept: this.kept?.all() ?? [] };
      if (head.waitMs !== undefined && head.waitMs > 0 && !this.hasWaited(turn))
        return this.waiting(loop, turn, back, head.waitMs);
      back.push(await this.turn(loop, turnPath(path, loop.key, turn), head, back.at(-1)));
      await this.carriage.pause();
    }
  }

  /** Of an attempt that failed: where, and what its turns came to. */
  left(): { node: PlanNode } & Pick<FactOf<'step.failed'>['data'], 'turn' | 'counts' | 'kept'> {
    const turn = this.open.at(-1);
    // What went into the turn that failed is what somebody comes to see: it is kept in a run that keeps no other.
    const kept = this.kept ?? new KeptTurns(0);
    for (const path of this.open.toReversed()) kept.add(path, this.recordsAt(path));
    return {
      node: this.current,
      ...(turn === undefined ? {} : { turn }),
      counts: Object.fromEntries(this.counts),
      kept: kept.all(),
    };
  }

  private callOf(node: PlanNode, path: string): Call {
    const { carriage, view, now, budget } = this;
    return { carriage, view, node, path, now, attempt: 1, isLenient: true, budget };
  }

  private async head(
    loop: PlanNode,
    path: string,
    turn: number,
    back: readonly (readonly unknown[])[],
  ): Promise<Carried> {
    // What came back is handed in: the body's own records are dropped after each turn.
    const call: Call = { ...this.callOf(loop, turnPath(path, loop.key, turn)), back };
    this.current = loop;
    this.open.push(call.path);
    const carried = await perform(call, directly(call));
    this.open.pop();
    return carried;
  }

  /** One turn of a body; gives what came back to its loop. */
  private async turn(
    loop: PlanNode,
    path: string,
    head: Carried,
    before: readonly unknown[] = [],
  ): Promise<readonly unknown[]> {
    this.open.push(path);
    const spent = this.budget.used();
    this.view.add(head.record, this.now);
    this.count(loop, path, { in: before.length, out: this.countsOut(head.record) });
    const inner = this.body.filter(
      (node) => node.loops.at(-1) === loop.key && node.loops.length === loop.loops.length + 1,
    );
    for (const node of inner) await this.node(node, path);
    const next = loop.inputs.find((input) => input.back);
    const came = next ? portArrival(this.view, { ...next, take: 'all' }, path) : 'skipped';
    const items = typeof came === 'object' ? [...came.items] : [];
    this.kept?.add(path, this.recordsAt(path));
    for (const key of this.view.records.keys())
      if (key.endsWith(`@${path}`) || key.includes(`@${path}/`)) this.view.records.delete(key);
    this.open.pop();
    // What a turn made goes with it; what came back stays. What passed through it was there before, so it is no more than was made.
    const made = this.budget.used().bytes - spent.bytes;
    const bytes = Math.min(made, jsonWeight(items, made));
    this.budget.backTo({ bytes: spent.bytes + bytes, items: spent.items + items.length });
    return items;
  }

  private recordsAt(path: string): NodeRecord[] {
    return [...this.view.records.values()].flatMap(({ record }) => (record.path === path ? [record] : []));
  }

  /** Only what stands deeper than the outermost loop's turns needs to say where. */
  private count(node: PlanNode, path: string, counted: TurnCount): void {
    const isNested = depthOf(path) > depthOf(this.carriage.path) + 1;
    const known = this.counts.get(node.key) ?? [];
    known.push(isNested ? { ...counted, at: path } : counted);
    this.counts.set(node.key, known);
  }

  private countsOut(record: NodeRecord): Record<string, number> {
    return Object.fromEntries(
      Object.entries(record.out).map(([port, out]) => [
        port,
        deliveredBy(this.view, { ...record, out: { [port]: out } }).length,
      ]),
    );
  }

  private async node(node: PlanNode, path: string): Promise<void> {
    const rest = this.rests.due(this.carriage.pause);
    if (rest) await rest;
    this.current = node;
    const record =
      node.mode === 'turn' && !node.disabled ? await this.innerLoop(node, path) : await this.plain(node, path);
    this.view.add(record, this.now);
    const received = inputsOf(this.view, node.key, path);
    this.count(node, path, {
      in: Object.values(received).reduce((sum, items) => sum + items.length, 0),
      out: this.countsOut(record),
      ...(record.status === 'skipped' ? { skipped: true } : {}),
    });
  }

  private async plain(node: PlanNode, path: string): Promise<NodeRecord> {
    const call = this.callOf(node, path);
    const carried = carryNode(call);
    if (!(carried instanceof Promise)) return carried.record;
    return (await this.standing.whileAt(call, carried, () => this.recordsAt(path))).record;
  }

  private async innerLoop(loop: PlanNode, path: string): Promise<NodeRecord> {
    const fed = plainly(this.callOf({ ...loop, mode: 'all' }, path));
    if (fed) return fed.record;
    const back: (readonly unknown[])[] = [];
    for (let turn = 0; ; turn++) {
      const head = await this.head(loop, path, turn, back);
      if (head.record.path === path) return head.record;
      back.push(await this.turn(loop, turnPath(path, loop.key, turn), head, back.at(-1)));
      if (turn % 100 === 99) await this.carriage.pause();
    }
  }

  /** The loop and its body, with all their turns since the first. */
  private records(loop: NodeRecord): NodeRecord[] {
    const { path } = this.carriage;
    const counts: TurnCounts = joinCounts(this.progress?.counts ?? {}, Object.fromEntries(this.counts));
    const turnsOf = (key: string) => [...(counts[key] ?? [])];
    const body = this.body.slice(1).map((node): NodeRecord => {
      const turns = turnsOf(node.key);
      const status = turns.every(({ skipped }) => skipped) ? 'skipped' : node.disabled ? 'disabled' : 'finished';
      return { key: node.key, path, status, out: {}, attempt: 1, turns };
    });
    return [{ ...loop, turns: turnsOf(loop.key) }, ...body];
  }

  private hasWaited(turn: number): boolean {
    const known = this.carriage.state().instances.get(instanceKey(this.carriage.stage.id, this.carriage.path));
    return known?.calls.get(`turn:${turn}`)?.state === 'answered';
  }

  private checkpoint(loop: PlanNode, turn: number, back: (readonly unknown[])[]): TurnsCarried {
    const data = {
      stage: this.carriage.stage.id,
      path: this.carriage.path,
      node: loop.key,
      turn,
      back: back.map((items) => [...items]),
      counts: Object.fromEntries(this.counts),
      ...this.kept?.told(),
    };
    return { kind: 'later', facts: [{ type: 'loop.progressed', at: this.carriage.clock(), data }] };
  }

  private waiting(loop: PlanNode, turn: number, back: (readonly unknown[])[], waitMs: number): TurnsCarried {
    const { facts } = this.checkpoint(loop, turn, back) as Extract<TurnsCarried, { kind: 'later' }>;
    return { kind: 'later', facts: [...facts, turnWait(this.carriage, loop, turn, waitMs)] };
  }
}

/** The fact that a loop waits before a turn, as a call that a timer answers. */
export function turnWait(carriage: Carriage, loop: PlanNode, turn: number, waitMs: number): Fact {
  const at = carriage.clock();
  const place = { stage: carriage.stage.id, path: carriage.path, node: loop.key };
  return {
    type: 'call.suspended',
    at,
    data: { ...place, call: `turn:${turn}`, op: 'timer.until', hash: '', waiting: { kind: 'timer', due: at + waitMs } },
  };
}
