import type { PlanNode } from '../../flow/compile/plan.ts';
import type { NodeRecord, RunEvent } from '../../flow/run/events.ts';
import { Fault } from '../../flow/run/faults.ts';
import { deliveredBy, nodeOf, portArrival } from '../../flow/run/items.ts';
import { turnPath } from '../../flow/run/path.ts';
import { instanceKey } from '../../flow/run/state.ts';
import type { Carriage, StageView } from './carriage.ts';
import { batchOf, carryNode, directly, perform, plainly } from './carry-node.ts';
import type { Call, Carried } from './carry-node.ts';

type Counts = NonNullable<NodeRecord['turns']>;

/** A checkpoint is due after so many turns or so long, whichever comes first (E7). */
const turnsAtOnce = 1_000;
const millisecondsAtOnce = 2_000;

export type TurnsCarried =
  | { readonly kind: 'finished'; readonly records: NodeRecord[] }
  /** A checkpoint: what came back so far, and maybe a wait before the next turn. */
  | { readonly kind: 'later'; readonly facts: readonly RunEvent[] };

/**
 * Carries out a loop and its whole body of pure nodes in one stage: all turns, nested loops included. Of the body only
 * counts are kept, a turn each; what came back is what the loop delivers.
 */
export async function carryTurns(carriage: Carriage, view: StageView, now: number): Promise<TurnsCarried> {
  const turns = new Turns(carriage, view, now);
  return turns.outermost();
}

class Turns {
  private readonly carriage: Carriage;
  private readonly view: StageView;
  private readonly now: number;
  private readonly counts = new Map<string, Counts>();
  private readonly body: readonly PlanNode[];

  constructor(carriage: Carriage, view: StageView, now: number) {
    this.carriage = carriage;
    this.view = view;
    this.now = now;
    this.body = carriage.stage.nodes.map((key) => nodeOf(carriage.plan, key));
  }

  async outermost(): Promise<TurnsCarried> {
    const loop = this.body[0]!;
    const { path } = this.carriage;
    const known = this.carriage.state().instances.get(instanceKey(this.carriage.stage.id, path));
    const back = [...(known?.progress?.back ?? [])];
    const began = performance.now();
    for (let turn = known?.progress?.turn ?? 0, done = 0; ; turn++, done++) {
      if (done >= turnsAtOnce || performance.now() - began > millisecondsAtOnce)
        return this.checkpoint(loop, turn, back);
      const head = await this.head(loop, path, turn, back);
      if (head.record.path === path) return { kind: 'finished', records: [head.record, ...this.bodyRecords()] };
      if (head.waitMs !== undefined && head.waitMs > 0 && !this.hasWaited(turn))
        return this.waiting(loop, turn, back, head.waitMs);
      back.push(await this.turn(loop, turnPath(path, loop.key, turn), head));
      await this.carriage.pause();
    }
  }

  private async head(
    loop: PlanNode,
    path: string,
    turn: number,
    back: readonly (readonly unknown[])[],
  ): Promise<Carried> {
    const call: Call = {
      carriage: this.carriage,
      view: this.view,
      node: loop,
      path: turnPath(path, loop.key, turn),
      now: this.now,
      attempt: 1,
      isLenient: true,
    };
    const prepared = this.carriage.prepared(loop);
    if (!prepared) throw new Fault('node.missing', `This build has no ${loop.type}.`);
    // What came back is handed in: the body's own records are dropped after each turn.
    const own: Call = {
      ...call,
      carriage: {
        ...this.carriage,
        prepared: () => ({ ...prepared, batch: (batch, powers) => prepared.batch({ ...batch, back }, powers) }),
      },
    };
    return perform(own, directly(own));
  }

  /** One turn of a body; gives what came back to its loop. */
  private async turn(loop: PlanNode, path: string, head: Carried): Promise<readonly unknown[]> {
    this.view.add(head.record, this.now);
    const inner = this.body.filter(
      (node) => node.loops.at(-1) === loop.key && node.loops.length === loop.loops.length + 1,
    );
    for (const node of inner) await this.node(node, path);
    const next = loop.inputs.find((input) => input.back);
    const came = next ? portArrival(this.view, { ...next, take: 'all' }, path) : 'skipped';
    const items = typeof came === 'object' ? [...came.items] : [];
    for (const key of this.view.records.keys())
      if (key.endsWith(`@${path}`) || key.includes(`@${path}/`)) this.view.records.delete(key);
    return items;
  }

  private async node(node: PlanNode, path: string): Promise<void> {
    const record =
      node.mode === 'turn' && !node.disabled ? await this.innerLoop(node, path) : await this.plain(node, path);
    this.view.add(record, this.now);
    const received = batchOf({
      carriage: this.carriage,
      view: this.view,
      node,
      path,
      now: this.now,
      attempt: 1,
      isLenient: true,
    }).inputs;
    const counts = this.counts.get(node.key) ?? [];
    counts.push({
      in: Object.values(received).reduce((sum, items) => sum + items.length, 0),
      out: Object.fromEntries(
        Object.entries(record.out).map(([port, out]) => [
          port,
          deliveredBy(this.view, { ...record, out: { [port]: out } }).length,
        ]),
      ),
    });
    this.counts.set(node.key, counts);
  }

  private async plain(node: PlanNode, path: string): Promise<NodeRecord> {
    const carried = await carryNode({
      carriage: this.carriage,
      view: this.view,
      node,
      path,
      now: this.now,
      attempt: 1,
      isLenient: true,
    });
    return carried.record;
  }

  private async innerLoop(loop: PlanNode, path: string): Promise<NodeRecord> {
    const fed = plainly({
      carriage: this.carriage,
      view: this.view,
      node: { ...loop, mode: 'all' },
      path,
      now: this.now,
      attempt: 1,
      isLenient: true,
    });
    if (fed) return fed.record;
    const back: (readonly unknown[])[] = [];
    for (let turn = 0; ; turn++) {
      const head = await this.head(loop, path, turn, back);
      if (head.record.path === path) return head.record;
      back.push(await this.turn(loop, turnPath(path, loop.key, turn), head));
      if (turn % 100 === 99) await this.carriage.pause();
    }
  }

  private bodyRecords(): NodeRecord[] {
    const { path } = this.carriage;
    return this.body.slice(1).map((node) => {
      const turns = this.counts.get(node.key) ?? [];
      return { key: node.key, path, status: turns.length > 0 ? 'finished' : 'skipped', out: {}, attempt: 1, turns };
    });
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
    };
    return { kind: 'later', facts: [{ type: 'loop.progressed', at: this.carriage.clock(), data }] };
  }

  private waiting(loop: PlanNode, turn: number, back: (readonly unknown[])[], waitMs: number): TurnsCarried {
    const { facts } = this.checkpoint(loop, turn, back) as Extract<TurnsCarried, { kind: 'later' }>;
    return { kind: 'later', facts: [...facts, turnWait(this.carriage, loop, turn, waitMs)] };
  }
}

/** The fact that a loop waits before a turn, as a call that a timer answers. */
export function turnWait(carriage: Carriage, loop: PlanNode, turn: number, waitMs: number): RunEvent {
  const at = carriage.clock();
  const place = { stage: carriage.stage.id, path: carriage.path, node: loop.key };
  return {
    type: 'call.suspended',
    at,
    data: { ...place, call: `turn:${turn}`, op: 'timer.until', hash: '', waiting: { kind: 'timer', due: at + waitMs } },
  };
}
