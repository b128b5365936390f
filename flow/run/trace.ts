import type { Plan } from '../compile/plan.ts';
import type { EventOf, FaultRecord, LogLine, NodeRecord, StoredEvent } from './events.ts';
import { backOf, inputsOf, itemsOf, nodeOf, readyAt, viewOf } from './items.ts';
import type { View } from './items.ts';
import { depthOf, outerPath, turnOf } from './path.ts';
import { emptyState, fold, instanceKey, outputKey } from './state.ts';
import type { InstanceState, NodeOutput, RunState } from './state.ts';
import { decide } from './decide.ts';

export type StepStatus =
  'queued' | 'running' | 'waiting' | 'finished' | 'failed' | 'skipped' | 'cancelled' | 'in-doubt';

/** One attempt of one node at one path, as the inspector and the API show it. Times in epoch milliseconds. */
export interface Step {
  /** The node's key and path; later attempts add `#2`, `#3`. */
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly path: string;
  readonly attempt: number;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly input: Readonly<Record<string, readonly unknown[]>>;
  readonly output: Readonly<Record<string, readonly unknown[]>>;
  readonly error?: FaultRecord;
  readonly logs: readonly LogLine[];
  readonly usage?: unknown;
  /** Items in and out, a turn each, for nodes of a loop that ran whole in one stage. */
  readonly turns?: NodeRecord['turns'];
  readonly faults?: readonly FaultRecord[];
  /** By output port: which items of the first input each item came from, where that is not one to one (E25). */
  readonly from?: Readonly<Record<string, Lineage>>;
}

/** For each item the index of its parent, or the indexes of its parents. */
export type Lineage = readonly (number | readonly number[])[];

export const stepId = (key: string, path: string, attempt = 1): string =>
  `${key}${path}${attempt > 1 ? `#${attempt}` : ''}`;

/** The steps of a run, in the order in which they ended, then what is live: worked out from the facts and nothing else. */
export function trace(plan: Plan, facts: readonly StoredEvent[]): Step[] {
  const state = fold(emptyState, facts);
  const tracing = new Tracing(plan, state);
  for (const fact of facts) tracing.take(fact);
  return tracing.done();
}

class Tracing {
  private readonly plan: Plan;
  private readonly state: RunState;
  private readonly view: View;
  private readonly steps: Step[] = [];
  /** What nodes delivered in a stage that then failed: shown, though nothing follows from it. */
  private readonly before = new Map<string, NodeOutput>();

  constructor(plan: Plan, state: RunState) {
    this.plan = plan;
    this.state = state;
    const folded = viewOf(plan, state);
    this.view = { ...folded, find: (node, path) => folded.find(node, path) ?? this.before.get(outputKey(node, path)) };
  }

  take(fact: StoredEvent): void {
    if (fact.type === 'stage.finished') this.finished(fact);
    else if (fact.type === 'step.failed') this.failed(fact);
    else if (fact.type === 'stage.skipped')
      for (const { stage, path } of fact.data.stages) this.unreached(stage, path, 'skipped', fact.at);
  }

  done(): Step[] {
    for (const live of decide(this.plan, this.state).live) this.alive(live.stage, live.path, live.next);
    if (this.state.ended?.status === 'cancelled') this.cutOff(this.state.ended.at);
    for (const instance of this.state.instances.values())
      if (instance.ending === 'stopped' && instance.node !== undefined) this.stopped(instance);
    return this.steps;
  }

  private finished({ at, data }: EventOf<'stage.finished'>): void {
    const first = nodeOf(this.plan, data.nodes[0]!.key);
    const ready = readyAt(this.view, first.key, data.path, this.state.startedAt);
    let began = Math.max(ready, at - data.nodes.reduce((sum, record) => sum + (record.ms ?? 0), 0));
    for (const record of data.nodes) {
      const ended = began + (record.ms ?? 0);
      const whole = this.state.outputs.get(outputKey(record.key, record.path))?.record ?? record;
      this.steps.push(this.stepOf(whole, data.path, { began, ended: Math.min(ended, at) }));
      began = Math.min(ended, at);
    }
  }

  private stepOf(record: NodeRecord, path: string, { began, ended }: { began: number; ended: number }): Step {
    const node = nodeOf(this.plan, record.key);
    const output: Record<string, readonly unknown[]> = {};
    const from: Record<string, Lineage> = {};
    for (const [port, out] of Object.entries(record.out)) {
      output[port] = itemsOf(this.view, record, out);
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
      logs: [...this.warningsOf(record.key), ...(record.logs ?? [])],
      ...(record.usage === undefined ? {} : { usage: record.usage }),
      ...(record.turns ? { turns: record.turns } : {}),
      ...(record.faults ? { faults: record.faults, error: record.faults[0]! } : {}),
      ...(Object.keys(from).length > 0 ? { from } : {}),
    };
  }

  /** What of the run's input could not be kept as it came. */
  private warningsOf(key: string): LogLine[] {
    const { started } = this.state;
    if (key !== started?.start) return [];
    return (started.warnings ?? []).map(({ code, at }) => ({ level: 'warn', text: warningWords(code, at) }));
  }

  private inputOf(key: string, path: string): Record<string, readonly unknown[]> {
    const node = nodeOf(this.plan, key);
    const inputs = inputsOf(this.view, key, path);
    const turn = node.mode === 'turn' && depthOf(path) > node.loops.length ? turnOf(path) : 0;
    const back = node.inputs.find((input) => input.back);
    return back && turn > 0
      ? { ...inputs, [back.port]: backOf(this.view, key, outerPath(path), turn)[turn - 1] ?? [] }
      : inputs;
  }

  private failed({ at, data, seq }: StoredEvent & EventOf<'step.failed'>): void {
    for (const record of data.before ?? []) {
      this.before.set(outputKey(record.key, record.path), { record, seq, at });
      this.steps.push(this.stepOf(record, data.path, { began: at, ended: at }));
    }
    const node = nodeOf(this.plan, data.node);
    const ready = readyAt(this.view, data.node, data.path, this.state.startedAt);
    this.steps.push({
      ...this.bare(data.node, data.path),
      id: stepId(node.key, data.path, data.attempt),
      attempt: data.attempt,
      status: 'failed',
      startedAt: ready,
      finishedAt: at,
      output: this.partial(data.stage, data.path),
      error: { ...data.fault, node: data.node },
    });
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
    for (const key of this.plan.stages.find((one) => one.id === stage)?.nodes ?? [])
      this.steps.push({ ...this.bare(key, path), status, finishedAt: at });
  }

  private alive(stage: string, path: string, next: 'now' | 'never' | number): void {
    const keys = this.plan.stages.find((one) => one.id === stage)?.nodes ?? [];
    const instance = this.state.instances.get(instanceKey(stage, path));
    const status = instance ? liveStatus(instance, next) : next === 'now' ? 'running' : 'queued';
    for (const [index, key] of keys.entries()) {
      if (index > 0 && instance?.node !== key) continue;
      const step = this.bare(key, path);
      this.steps.push({
        ...step,
        status,
        attempt: (instance?.failures ?? 0) + 1,
        startedAt: readyAt(this.view, key, path, this.state.startedAt),
        output: this.partial(stage, path),
        ...(instance?.quarantined
          ? { error: { code: 'quarantined', message: `Crashed its worker ${instance.crashes} times.`, node: key } }
          : {}),
      });
    }
  }

  /** What was live when the run was cancelled: nothing else tells that it was ever begun. */
  private cutOff(at: number): void {
    const count = this.steps.length;
    for (const live of decide(this.plan, { ...this.state, ended: undefined }).live)
      this.alive(live.stage, live.path, 'never');
    for (const step of this.steps.splice(count))
      this.steps.push({ ...step, status: step.status === 'in-doubt' ? 'in-doubt' : 'cancelled', finishedAt: at });
  }

  private stopped(instance: InstanceState): void {
    const isInDoubt = hasDoubt(instance);
    this.steps.push({
      ...this.bare(instance.node!, instance.path),
      status: isInDoubt ? 'in-doubt' : 'cancelled',
      output: this.partial(instance.stage, instance.path),
      finishedAt: instance.endedAt ?? null,
    });
  }
}

const hasDoubt = (instance: InstanceState) =>
  [...instance.items.values()].some((item) => item.state === 'in-doubt') ||
  [...instance.calls.values()].some((call) => call.state === 'in-doubt');

function liveStatus(instance: InstanceState, next: 'now' | 'never' | number): StepStatus {
  if (hasDoubt(instance) && next !== 'now') return 'in-doubt';
  if (instance.quarantined) return 'failed';
  return next === 'now' ? 'running' : 'waiting';
}

const warningWords = (code: string, at: string): string =>
  code === 'number-as-text'
    ? `${at || 'The value'} is an integer that a number cannot hold; it was kept exactly, as text.`
    : `${at || 'The value'} held characters that cannot be stored; they were replaced.`;
