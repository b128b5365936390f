import type { Plan } from '../compile/plan.ts';
import { failedItems } from './failed-items.ts';
import type { FactOf, LogLine, NodeRecord, StoredFact, TurnCount } from './fact.ts';
import { inputsOf, itemsOf, nodeOf, portArrival, readyAt, stageOf, viewOf } from './items.ts';
import type { View } from './items.ts';
import { depthOf, outerPath, turnOf, turnPath } from './path.ts';
import { joinCounts } from './progress.ts';
import type { TurnCounts } from './progress.ts';
import { foldFact } from './fold.ts';
import { warningWords } from './step-parts.ts';
import { stepId } from './step.ts';
import { ToldItems } from './told-items.ts';
import type { Lineage, Step, StepStatus } from './step.ts';
import { atWork, hasDoubt, liveStatus } from './under-way.ts';
import type { Under } from './under-way.ts';
import { copyOf, emptyState, instanceKey, outputKey } from './state.ts';
import type { InstanceState, NodeOutput, RunState } from './state.ts';
import { decide } from './decide.ts';

const noLines: readonly LogLine[] = [];
const noFaults: Partial<Step> = {};

/** The steps of a run, in the order in which they ended, then what is live: worked out from the facts and nothing else. */
export function trace(plan: Plan, facts: readonly StoredFact[]): Step[] {
  const tracing = new Trace(plan);
  tracing.take(facts);
  return tracing.steps();
}

/**
 * The steps of a run, fact by fact: what was worked out stays, and what comes is laid on it. Taking a part of the facts, looking, and taking the
 * rest gives the same as taking all.
 */
export class Trace {
  /** All that the facts so far say; its own, and changed by what is taken. */
  readonly state: RunState = copyOf(emptyState);
  private readonly plan: Plan;
  private view: View | undefined;
  /** What ended. */
  private readonly ended: Step[] = [];
  private known: Step[] | undefined;
  /** What nodes delivered in a stage that then failed, and in single turns: shown, though nothing follows from it. */
  private readonly before = new Map<string, NodeOutput>();
  /** Until when turns were laid out, by stage and path. */
  private readonly reached = new Map<string, number>();
  /** Of stages under way that have been at a later node for a while: which, and the steps before it. */
  private readonly under = new Map<string, Under>();
  private readonly told = new ToldItems();
  /** The nodes of each stage. */
  private readonly stages: ReadonlyMap<string, readonly string[]>;

  constructor(plan: Plan) {
    this.plan = plan;
    this.stages = new Map(plan.stages.map(({ id, nodes }) => [id, nodes]));
  }

  private readonly nodesOf = (stage: string): readonly string[] => this.stages.get(stage) ?? [];

  /** Lays on the next facts, in order; those that were taken already are passed over. */
  take(facts: readonly StoredFact[]): void {
    for (const fact of facts) this.add(fact);
  }

  /** As `take`, of one. */
  add(fact: StoredFact): void {
    if (fact.seq <= this.state.seq) return;
    this.known = undefined;
    foldFact(this.state, fact);
    this.lay(fact);
  }

  /** The steps by the facts so far, in the order in which they ended, then what is live; the same list until a fact comes. */
  steps(): Step[] {
    this.known ??= this.worked();
    return this.known;
  }

  private worked(): Step[] {
    const live: Step[] = [];
    for (const { stage, path, next } of decide(this.plan, this.state).live) live.push(...this.alive(stage, path, next));
    if (this.state.ended?.status === 'cancelled') live.push(...this.cutOff(this.state.ended.at));
    for (const instance of this.state.instances.values()) {
      const { key, turn } = this.under.get(instanceKey(instance.stage, instance.path)) ?? { key: instance.node };
      if (instance.ending === 'stopped' && key !== undefined) live.push(this.stopped(instance, key, turn));
    }
    const before = [...this.under.values()].flatMap((one) => one.before);
    const all = [...this.ended, ...before, ...live];
    if (!this.told.anyTries) return all;
    return all.map((step) => {
      const tries = step.status === 'skipped' ? 1 : this.told.triesOf(step);
      return tries > 1 ? { ...step, tries } : step;
    });
  }

  /** What has arrived where, also in stages that failed. */
  private get seen(): View {
    if (this.view) return this.view;
    const folded = viewOf(this.plan, this.state);
    const view: View = {
      ...folded,
      find: (node, path) => folded.find(node, path) ?? this.before.get(outputKey(node, path)),
    };
    // Where a run starts is known with its first fact.
    if (this.state.started) this.view = view;
    return view;
  }

  private lay(fact: StoredFact): void {
    this.told.take(fact);
    if (fact.type === 'stage.progressed') return this.progressed(fact);
    const isSaid = fact.type === 'stage.finished' || fact.type === 'step.failed' || fact.type === 'loop.progressed';
    // What it came to is said with these; or, after a crash, nobody knows.
    const isOver = this.under.size > 0 && (isSaid || fact.type === 'stage.crashed');
    const place = isOver ? instanceKey(fact.data.stage, fact.data.path) : '';
    const under = this.under.get(place);
    this.under.delete(place);
    if (fact.type === 'stage.finished') this.finished(fact);
    else if (fact.type === 'step.failed') this.failed(fact, under);
    else if (fact.type === 'loop.progressed') this.turnsKept(fact.data.kept, fact);
    else if (fact.type === 'stage.skipped')
      for (const { stage, path } of fact.data.stages) this.unreached(stage, path, 'skipped', fact.at);
  }

  private finished(fact: StoredFact & FactOf<'stage.finished'>): void {
    const { at, data } = fact;
    this.turnsKept(data.kept, fact);
    const ready = this.readyOf(data.stage, data.path);
    let began = Math.max(ready, at - data.nodes.reduce((sum, record) => sum + (record.ms ?? 0), 0));
    for (const record of data.nodes) {
      // A loop that ran whole in one stage, and its body, were at it the whole time.
      const times = record.turns
        ? { began: ready, ended: at }
        : // A step whose items are tried again began with the first of them, and its record knows the last attempt alone.
          { began: this.told.triesOf(record) > 1 ? ready : began, ended: Math.min(began + (record.ms ?? 0), at) };
      const folded = record.byItem && this.state.outputs.get(outputKey(record.key, record.path));
      const whole = folded ? folded.record : record;
      this.ended.push(this.stepOf(whole, data.path, times));
      began = Math.max(began, Math.min(times.ended, at));
    }
  }

  /** The nodes before the one that a stage is at, one after the other since it could begin, and until now at the latest. */
  private progressed({
    seq,
    at,
    data: { stage, path, node, turn, ms = 0, nodes },
  }: StoredFact & FactOf<'stage.progressed'>): void {
    const place = instanceKey(stage, path);
    const under = this.under.get(place);
    const known = under?.turn === turn ? (under?.before ?? []) : [];
    const spent = nodes.reduce((sum, record) => sum + (record.ms ?? 0), 0);
    const ready = this.readyOf(stage, path);
    const since = at - ms;
    let began = known.at(-1)?.finishedAt ?? (turn === undefined ? ready : Math.max(ready, since - spent));
    const steps = new Map(known.map((step) => [step.id, step]));
    for (const record of nodes) {
      const ended = Math.min(began + (record.ms ?? 0), since);
      this.before.set(outputKey(record.key, record.path), { record, seq, at: ended });
      const step = this.stepOf(record, record.path, { began, ended });
      steps.set(step.id, step);
      began = ended;
    }
    this.under.set(place, { key: node, turn, since: ms > 0 ? since : began, before: [...steps.values()] });
  }

  /** When a stage could begin: what its first node reads was there. */
  private readyOf(stage: string, path: string): number {
    const [first] = this.nodesOf(stage);
    return first === undefined ? this.state.startedAt : readyAt(this.seen, first, path, this.state.startedAt);
  }

  /** Single turns whose data is kept, one after the other in the time that they had together. */
  private turnsKept(
    records: readonly NodeRecord[] | undefined,
    { seq, at, data: { stage, path } }: StoredFact & FactOf<'stage.finished' | 'loop.progressed' | 'step.failed'>,
  ): void {
    if (!records) return;
    for (const record of records) this.before.set(outputKey(record.key, record.path), { record, seq, at });
    const ready = this.readyOf(stage, path);
    const place = instanceKey(stage, path);
    const spent = records.reduce((sum, { ms = 0 }) => sum + ms, 0);
    let began = Math.max(this.reached.get(place) ?? ready, at - spent);
    for (const record of records) {
      const ended = Math.min(began + (record.ms ?? 0), at);
      this.ended.push(this.stepOf(record, record.path, { began, ended }));
      began = ended;
    }
    this.reached.set(place, at);
  }

  /** What of its items failed and went on. */
  private faultsOf(record: NodeRecord, path: string): Partial<Step> {
    const all = this.told.faultsOf(record);
    if (!all?.[0]) return noFaults;
    const first = nodeOf(this.plan, record.key).inputs.at(0)?.port ?? '';
    return {
      faults: all,
      error: all[0],
      failed: failedItems(all, this.inputOf(record.key, path)[first]?.length ?? 0),
    };
  }

  private stepOf(record: NodeRecord, path: string, { began, ended }: { began: number; ended: number }): Step {
    const node = nodeOf(this.plan, record.key);
    const output: Record<string, readonly unknown[]> = {};
    const from: Record<string, Lineage> = {};
    for (const [port, out] of Object.entries(record.out)) {
      output[port] = itemsOf(this.seen, record, out);
      const parents = 'pick' in out ? out.pick : out.from;
      if (parents !== undefined && parents !== 'all') from[port] = parents;
    }
    const isSkipped = record.status === 'skipped';
    return {
      id: stepId(record.key, record.path, record.attempt),
      key: record.key,
      type: node.type,
      path: record.path,
      attempt: record.attempt,
      status: isSkipped ? 'skipped' : 'finished',
      startedAt: isSkipped ? null : Math.round(began),
      finishedAt: Math.round(ended),
      input: this.inputOf(record.key, node.mode === 'turn' ? path : record.path),
      output,
      logs: this.linesOf(record),
      ...(record.usage === undefined ? {} : { usage: record.usage }),
      ...(record.turns ? { turns: this.placed(record.key, path, record.turns) } : {}),
      ...this.faultsOf(record, path),
      ...(Object.keys(from).length > 0 ? { from } : {}),
    };
  }

  /** What a step logged, after what is said of its input: for most of 50,000 steps the one empty list. */
  private linesOf(record: NodeRecord): readonly LogLine[] {
    const warnings = this.warningsOf(record.key);
    const own = this.told.logsOf(record);
    return warnings.length === 0 ? own : [...warnings, ...own];
  }

  /** What of the run's input could not be kept as it came. */
  private warningsOf(key: string): readonly LogLine[] {
    const { started } = this.state;
    if (key !== started?.start) return noLines;
    return (started.warnings ?? []).map(({ code, at }) => ({ level: 'warn', text: warningWords(code, at) }));
  }

  private inputOf(key: string, path: string): Record<string, readonly unknown[]> {
    const node = nodeOf(this.plan, key);
    const inputs = inputsOf(this.seen, key, path);
    const turn = node.mode === 'turn' && depthOf(path) > node.loops.length ? turnOf(path) : 0;
    const back = node.inputs.find((input) => input.back);
    if (!back || turn === 0) return inputs;
    const came = portArrival(this.seen, { ...back, take: 'all' }, turnPath(outerPath(path), key, turn - 1));
    // The turn before may not be kept: what came back from it is then not known, which is not nothing.
    if (came === 'pending') return inputs;
    return { ...inputs, [back.port]: typeof came === 'object' ? came.items : [] };
  }

  private failed(fact: StoredFact & FactOf<'step.failed'>, under: Under | undefined): void {
    const { at, data, seq } = fact;
    const isTold = under?.key === data.node && under.turn === data.turn;
    this.turnsKept(data.kept, isTold ? { ...fact, at: under.since } : fact);
    if (data.counts) this.ended.push(...this.turning(data, { status: 'finished', at }));
    // In a loop that runs whole in one stage it began when the iterations before it were over, at the earliest with the loop.
    const isLater = data.turn !== undefined || data.before !== undefined;
    const ready = readyAt(this.seen, data.node, data.path, this.state.startedAt);
    let began = isLater ? this.readyOf(data.stage, data.path) : ready;
    for (const record of data.before ?? []) {
      const ended = Math.min(began + (record.ms ?? 0), isTold ? under.since : at);
      this.before.set(outputKey(record.key, record.path), { record, seq, at: ended });
      this.ended.push(this.stepOf(record, data.path, { began, ended }));
      began = ended;
    }
    const node = nodeOf(this.plan, data.node);
    const reached = data.kept && this.reached.get(instanceKey(data.stage, data.path));
    const path = data.turn ?? data.path;
    this.ended.push({
      ...this.bare(data.node, path),
      id: stepId(node.key, path, data.attempt),
      attempt: data.attempt,
      status: 'failed',
      startedAt: Math.round(isTold ? under.since : (reached ?? began)),
      finishedAt: at,
      output: this.partial(data.stage, data.path),
      error: { ...data.fault, node: data.node },
      logs: data.logs ?? [],
    });
  }

  /** A loop that runs whole in one stage and its body, by what their turns so far came to. */
  private turning(
    { stage, path, counts = {} }: { stage: string; path: string; counts?: TurnCounts | undefined },
    { status, at }: { status: StepStatus; at: number | null },
  ): Step[] {
    const before = this.state.instances.get(instanceKey(stage, path))?.progress?.counts ?? {};
    return Object.entries(joinCounts(before, counts)).map(([key, turns]) => ({
      ...this.bare(key, path),
      status: status === 'finished' && turns.every(({ skipped }) => skipped) ? 'skipped' : status,
      // What a node of the body took is in its turns.
      startedAt: nodeOf(this.plan, key).mode === 'turn' ? this.readyOf(stage, path) : null,
      finishedAt: at,
      turns: this.placed(key, path, turns),
    }));
  }

  /** Turns, each with its path; what was recorded by builds that did not say it of inner loops goes without. */
  private placed(key: string, path: string, turns: readonly TurnCount[]): TurnCount[] {
    const { stage: id, loops } = nodeOf(this.plan, key);
    const loop = stageOf(this.plan, id)?.nodes[0] ?? '';
    const isInner = loops.length > nodeOf(this.plan, loop).loops.length + 1;
    let index = 0;
    return turns.map((turn) =>
      turn.at !== undefined || isInner ? turn : { ...turn, at: turnPath(path, loop, index++) },
    );
  }

  private bare(key: string, path: string): Step {
    const node = nodeOf(this.plan, key);
    return {
      id: stepId(key, path),
      key,
      type: node.type,
      path,
      attempt: 1,
      status: 'queued',
      startedAt: null,
      finishedAt: null,
      input: this.inputOf(key, path),
      output: {},
      logs: [],
    };
  }

  /** What the items answered so far gave, of a stage that did not end. */
  private partial(stage: string, path: string): Record<string, readonly unknown[]> {
    const output: Record<string, unknown[]> = {};
    const items = this.state.instances.get(instanceKey(stage, path))?.items ?? new Map();
    for (const [, item] of [...items].toSorted(([a], [b]) => a - b))
      for (const [port, values] of Object.entries((item.out ?? {}) as Record<string, unknown[]>))
        (output[port] ??= []).push(...values);
    return output;
  }

  private unreached(stage: string, path: string, status: 'skipped', at: number): void {
    for (const key of this.nodesOf(stage)) this.ended.push({ ...this.bare(key, path), status, finishedAt: at });
  }

  private alive(stage: string, path: string, next: 'now' | 'never' | number): Step[] {
    const keys = this.nodesOf(stage);
    const instance = this.state.instances.get(instanceKey(stage, path));
    const status = instance ? liveStatus(instance, next) : next === 'now' ? 'running' : 'queued';
    const steps = instance?.progress ? this.turning({ stage, path }, { status, at: null }) : [];
    const shown = new Set(steps.map(({ key }) => key));
    const under = this.under.get(instanceKey(stage, path));
    for (const key of atWork(keys, instance, under)) {
      const isUnder = under?.key === key;
      if (!isUnder && shown.has(key)) continue;
      steps.push({
        ...this.bare(key, isUnder ? (under.turn ?? path) : path),
        status,
        attempt: (instance?.failures ?? 0) + 1,
        startedAt: isUnder ? under.since : readyAt(this.seen, key, path, this.state.startedAt),
        output: this.partial(stage, path),
        ...(instance?.quarantined
          ? { error: { code: 'quarantined', message: `Crashed its worker ${instance.crashes} times.`, node: key } }
          : {}),
      });
    }
    return steps;
  }

  /** What was live when the run was cancelled: nothing else tells that it was ever begun. */
  private cutOff(at: number): Step[] {
    const { live } = decide(this.plan, { ...this.state, ended: undefined });
    return live
      .flatMap(({ stage, path }) => this.alive(stage, path, 'never'))
      .map((step) => ({ ...step, status: step.status === 'in-doubt' ? 'in-doubt' : 'cancelled', finishedAt: at }));
  }

  private stopped(instance: InstanceState, key: string, turn = instance.path): Step {
    const isInDoubt = hasDoubt(instance);
    return {
      ...this.bare(key, turn),
      status: isInDoubt ? 'in-doubt' : 'cancelled',
      output: this.partial(instance.stage, instance.path),
      finishedAt: instance.endedAt ?? null,
    };
  }
}
