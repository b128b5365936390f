import type { Plan, PlanNode, Stage } from '../compile/plan.ts';
import type { Fact } from './fact.ts';
import { arrival, inputsOf, nodeOf, portArrival, viewOf } from './items.ts';
import type { View } from './items.ts';
import { outputOf } from './output.ts';
import { checkAt } from './doubts.ts';
import { rememberedOf } from './remembered.ts';
import type { Remembered, RememberedScope } from './remembered.ts';
import { tallyOf } from './tally.ts';
import { turnPath } from './path.ts';
import { instanceKey, outputKey } from './state.ts';
import type { InstanceState, RunState, RunStatus } from './state.ts';

/** Something only a person (or an operator) can settle. `step` is the node's key and path. */
export interface Need {
  readonly kind: 'in-doubt' | 'review' | 'quarantine' | 'missing-node';
  readonly step: string;
  readonly node: string;
  readonly path: string;
  readonly items?: readonly number[];
  readonly call?: string;
  readonly title?: string;
  readonly details?: unknown;
}

/** A stage at a path that has not ended: to be carried out now, from an instant on (epoch ms), or when something else happens. */
export interface LiveStage {
  /** Its `instanceKey`. */
  readonly key: string;
  readonly stage: string;
  readonly path: string;
  readonly next: 'now' | 'never' | number;
}

/** What follows from the facts: facts to append with them, what is live after that, and how the run stands. */
export interface Decision {
  readonly facts: readonly Fact[];
  readonly live: readonly LiveStage[];
  readonly status: RunStatus;
  readonly needs: readonly Need[];
  /** Whether a call waits for runs that it started. */
  readonly awaitsRuns: boolean;
}

const over = (status: RunStatus): Decision => ({ facts: [], live: [], status, needs: [], awaitsRuns: false });

/**
 * Decides what follows, from the facts alone: the same state always gives the same decision, and once its facts are
 * folded deciding again adds none. Rules by number: E6, E7, E9, E11, E23 of the engine's page.
 */
export const decide = (plan: Plan, state: RunState): Decision => decideBy(plan, state, rememberedOf);

/** As `decide`, with what is remembered of the state, which changes nothing but how long it takes. */
export function decideBy(
  plan: Plan,
  state: RunState,
  remembered: (plan: Plan, state: RunState) => Remembered | undefined,
): Decision {
  if (state.ended) return over(state.ended.status);
  if (!state.started) return over('queued');
  const deciding = new Deciding(plan, state, remembered(plan, state));
  const isSettled = deciding.scope([], '');
  if (state.failing) return deciding.failing();
  return isSettled ? deciding.finished() : deciding.going();
}

class Deciding {
  private readonly view: View;
  private readonly skipped: { stage: string; path: string }[] = [];
  private readonly skippedKeys = new Set<string>();
  private readonly answers: Fact[] = [];
  private readonly live: LiveStage[] = [];
  private readonly needs: Need[] = [];
  private awaitsRuns = false;
  private readonly plan: Plan;
  private readonly state: RunState;
  private readonly remembered: Remembered | undefined;

  constructor(plan: Plan, state: RunState, remembered: Remembered | undefined) {
    this.plan = plan;
    this.state = state;
    this.remembered = remembered;
    const folded = viewOf(plan, state);
    this.view = {
      ...folded,
      isSkipped: (stage, path) => this.skippedKeys.has(instanceKey(stage, path)) || folded.isSkipped(stage, path),
    };
  }

  /** Goes through the stages that stand in exactly these loops at a path, in order; true when all of them are settled. */
  scope(loops: readonly string[], path: string): boolean {
    if (this.remembered) return this.rememberedScope(this.remembered.scope(loops, path));
    let isSettled = true;
    for (const stage of this.plan.stages) {
      if (stage.loops.length !== loops.length || stage.loops.some((loop, index) => loop !== loops[index])) continue;
      const settled = stage.kind === 'loop' ? this.loop(stage, path) : this.stage(stage, path);
      isSettled &&= settled;
    }
    return isSettled;
  }

  private rememberedScope(scope: RememberedScope): boolean {
    let isSettled = true;
    for (const [place, stage] of scope.stages.entries()) {
      const settled = stage.kind === 'loop' ? this.loop(stage, scope.path) : this.rememberedStage(scope, place, stage);
      isSettled &&= settled;
    }
    return isSettled;
  }

  private rememberedStage(scope: RememberedScope, place: number, stage: Stage): boolean {
    const known = scope.at(place);
    if (known) {
      if (known.live) this.live.push(known.live);
      for (const need of known.needs) this.needs.push(need);
      this.awaitsRuns ||= known.awaitsRuns;
      return known.settled;
    }
    const { live, needs, answers, skipped } = this;
    const before = { live: live.length, needs: needs.length, said: answers.length + skipped.length };
    const awaited = this.awaitsRuns;
    this.awaitsRuns = false;
    const settled = this.stage(stage, scope.path);
    // What says facts is looked at again once they are folded.
    if (answers.length + skipped.length === before.said) {
      const found = { settled, live: live[before.live], needs: needs.slice(before.needs), awaitsRuns: this.awaitsRuns };
      scope.keep(
        place,
        found,
        settled || found.live ? [] : this.waitsFor(nodeOf(this.plan, stage.nodes[0]!), scope.path),
      );
    }
    this.awaitsRuns ||= awaited;
    return settled;
  }

  /** Stages of which one must end before a node that waits does otherwise. */
  private waitsFor({ inputs }: PlanNode, path: string): string[] {
    for (const input of inputs) {
      if (input.back || input.from.length === 0 || portArrival(this.view, input, path) !== 'pending') continue;
      const pending = input.from.filter((from) => arrival(this.view, from, path) === 'pending');
      const stages = pending.map(({ node }) => nodeOf(this.plan, node).stage);
      // Of those that it joins the last will do: branches end about in their order, and a node that 5,000 lead to is not looked at 5,000 times.
      return input.take === 'first' ? stages : stages.slice(-1);
    }
    return [];
  }

  private stage(stage: Stage, path: string): boolean {
    const key = instanceKey(stage.id, path);
    const instance = this.state.instances.get(key);
    if (instance?.ending) return instance.ending === 'finished' || instance.ending === 'skipped';
    const first = nodeOf(this.plan, stage.nodes[0]!);
    const readiness = this.readiness(first, path);
    if (readiness === 'skip') this.skip(stage.id, path);
    else if (readiness === 'ready')
      this.live.push({ key, stage: stage.id, path, next: this.next(instance, first, path) });
    return readiness === 'skip';
  }

  /** A loop node alone: its head is carried out once a turn, and its body is a scope of its own (E7). */
  private loop(stage: Stage, path: string): boolean {
    const key = stage.nodes[0]!;
    const loop = nodeOf(this.plan, key);
    if (this.state.outputs.has(outputKey(key, path)) || this.view.isSkipped(stage.id, path)) return true;
    const turn = this.state.turns.get(outputKey(key, path));
    if (turn === undefined) {
      const readiness = this.readiness(loop, path);
      if (readiness === 'skip') this.skip(stage.id, path);
      else if (readiness === 'ready') this.head(stage, turnPath(path, key, 0), loop);
      return readiness === 'skip';
    }
    if (this.scope([...stage.loops, key], turnPath(path, key, turn)))
      this.head(stage, turnPath(path, key, turn + 1), loop);
    return false;
  }

  private head(stage: Stage, path: string, loop: PlanNode): void {
    const key = instanceKey(stage.id, path);
    const instance = this.state.instances.get(key);
    if (!instance?.ending) this.live.push({ key, stage: stage.id, path, next: this.next(instance, loop, path) });
  }

  private skip(stage: string, path: string): void {
    this.skipped.push({ stage, path });
    this.skippedKeys.add(instanceKey(stage, path));
    this.remembered?.changed(stage);
  }

  /** Whether all edges into all item ports are settled, and whether anything came (E6). */
  private readiness(node: PlanNode, path: string): 'wait' | 'ready' | 'skip' {
    if (node.key === this.view.start) return 'ready';
    if (node.role === 'start') return 'skip';
    const arrivals = node.inputs
      .filter((input) => !input.back && input.from.length > 0)
      .map((input) => portArrival(this.view, input, path));
    if (arrivals.includes('pending')) return 'wait';
    const delivered = arrivals.filter((one) => typeof one === 'object');
    const hasItems = delivered.some((one) => one.items.length > 0);
    // A branch that was not taken is skipped; only a list that was delivered empty makes a node run on empty.
    return hasItems || (node.runOnEmpty && delivered.length > 0) ? 'ready' : 'skip';
  }

  /** What a stage that is ready waits for; nothing, when it has journalled nothing. */
  private next(instance: InstanceState | undefined, node: PlanNode, path: string): LiveStage['next'] {
    if (!instance) return 'now';
    const step = { step: `${node.key}${path}`, node: node.key, path };
    if (instance.missing) {
      // Of a stage of several nodes it is not the first that is missed.
      const { node: missed } = instance.missing;
      this.needs.push({
        kind: 'missing-node',
        step: `${missed}${path}`,
        node: missed,
        path,
        details: instance.missing,
      });
    }
    if (instance.quarantined) {
      const { crashes, lost } = instance;
      const details = lost === undefined ? { crashes } : { crashes, reason: 'value-lost', why: lost };
      this.needs.push({ kind: 'quarantine', ...step, details });
    }
    if (instance.missing || instance.quarantined) return 'never';
    const waits = [...this.callWaits(instance, node, step), ...this.itemWaits(instance, node, path, step)];
    if (instance.retryAt !== undefined) waits.push(instance.retryAt);
    if (waits.length === 0 || waits.includes('now')) return 'now';
    const times = waits.filter((wait) => typeof wait === 'number');
    return times.length > 0 ? Math.min(...times) : 'never';
  }

  private callWaits(
    instance: InstanceState,
    node: PlanNode,
    step: Pick<Need, 'step' | 'node' | 'path'>,
  ): LiveStage['next'][] {
    const waits: LiveStage['next'][] = [];
    for (const [call, known] of instance.calls) {
      if (known.state === 'in-doubt') {
        waits.push(this.doubt(instance, node, step, { call }));
      } else if (known.state === 'suspended' && known.waiting) {
        const { waiting } = known;
        if (waiting.kind === 'review')
          this.needs.push({ kind: 'review', ...step, call, title: waiting.title, details: waiting });
        this.awaitsRuns ||= waiting.kind === 'run';
        waits.push('due' in waiting && waiting.due !== undefined ? waiting.due : 'never');
      }
    }
    return waits;
  }

  private itemWaits(
    instance: InstanceState,
    node: PlanNode,
    path: string,
    step: Pick<Need, 'step' | 'node' | 'path'>,
  ): LiveStage['next'][] {
    if (instance.items.size === 0) return [];
    const waits: LiveStage['next'][] = [];
    const tally = tallyOf(instance.items);
    const dueAt = tally.dueAt();
    if (dueAt !== undefined) waits.push(dueAt);
    if (tally.open > 0) waits.push('now');
    const doubts = [...tally.doubts].toSorted((a, b) => a - b);
    const unasked = new Map(doubts.map((item) => [item, checkAt(node, instance.items.get(item))]));
    for (const at of unasked.values()) if (at !== undefined) waits.push(this.state.failing ? 'never' : at);
    const asked = doubts.filter((item) => unasked.get(item) === undefined);
    if (asked.length > 0) waits.push(this.doubt(instance, node, step, { items: asked }));
    const count = inputsOf(this.view, node.key, path)[node.inputs[0]?.port ?? '']?.length ?? 0;
    if (instance.items.size < count) waits.push('now');
    return waits;
  }

  /** A doubt asks a person, unless the author said what to do (E11). */
  private doubt(
    instance: InstanceState,
    node: PlanNode,
    step: Pick<Need, 'step' | 'node' | 'path'>,
    what: { items?: number[]; call?: string },
  ): LiveStage['next'] {
    const answer = ({ retry: 'again', 'assume-done': 'sent', fail: 'fail' } as const)[
      node.inDoubt as 'retry' | 'assume-done' | 'fail'
    ];
    if (answer === undefined) {
      this.needs.push({ kind: 'in-doubt', ...step, ...what });
      return 'never';
    }
    const about = {
      stage: instance.stage,
      path: instance.path,
      node: node.key,
      answer,
      by: 'setting',
      ...(node.outputs[0] === undefined ? {} : { port: node.outputs[0] }),
    };
    const each = what.items
      ? what.items.map((item) => ({ ...about, item }))
      : [{ ...about, ...(what.call === undefined ? {} : { call: what.call }) }];
    for (const data of each) this.answers.push({ type: 'doubt.answered', at: this.state.at, data });
    return 'now';
  }

  private skipFacts(): Fact[] {
    return this.skipped.length === 0
      ? []
      : [{ type: 'stage.skipped', at: this.state.at, data: { stages: this.skipped } }];
  }

  /** No new stage starts; what waits is let go; what may be under way ends by itself, and then the run fails (E9). */
  failing(): Decision {
    const at = this.state.at;
    const parked = this.live.filter((one) => one.next !== 'now');
    const running = this.live.filter((one) => one.next === 'now');
    const stopped = parked.map(({ stage, path }): Fact => ({ type: 'stage.stopped', at, data: { stage, path } }));
    if (running.length > 0) return { facts: stopped, live: running, status: 'running', needs: [], awaitsRuns: false };
    return { ...over('failed'), facts: [...stopped, { type: 'run.failed', at, data: { fault: this.state.failing! } }] };
  }

  finished(): Decision {
    const output = outputOf(this.view);
    return {
      ...over('finished'),
      facts: [...this.skipFacts(), { type: 'run.finished', at: this.state.at, data: { output } }],
    };
  }

  going(): Decision {
    const status = this.live.some((one) => one.next === 'now') ? 'running' : 'waiting';
    const { live, needs, awaitsRuns } = this;
    return { facts: [...this.skipFacts(), ...this.answers], live, status, needs, awaitsRuns };
  }
}
