import type { EventOf, FaultRecord, NodeRecord, Reply, RunEvent, StoredEvent, Waiting } from './events.ts';
import { doubted } from './doubts.ts';
import { outOfItems } from './items-output.ts';
import { putItem } from './tally.ts';
import { loopOf, outerPath, turnOf } from './path.ts';
import { progressed } from './progress.ts';
import type { Progress } from './progress.ts';

/** What is known of one item of a node that is carried out item by item. */
export interface ItemState {
  readonly state: 'intended' | 'answered' | 'failed' | 'retrying' | 'in-doubt' | 'again';
  /** The attempt this speaks of, from 1. */
  readonly attempt: number;
  readonly out?: Readonly<Record<string, readonly unknown[]>>;
  readonly fault?: FaultRecord;
  readonly retryAt?: number;
  /** Of one in doubt: since when; whether the service could not tell. */
  readonly since?: number;
  readonly checked?: true;
}

/** What is known of one host call of a node (E12). */
export interface CallState {
  readonly state: 'intended' | 'answered' | 'suspended' | 'in-doubt';
  readonly op: string;
  readonly hash: string;
  readonly effect?: 'pure' | 'idempotent' | 'effect';
  readonly value?: unknown;
  readonly fault?: FaultRecord;
  readonly waiting?: Waiting;
}

export type Ending = 'finished' | 'skipped' | 'failed' | 'stopped';

/** A stage at a path. It is live until it has an ending; what it waits for follows from its items, calls and retry. */
export interface InstanceState {
  readonly stage: string;
  readonly path: string;
  readonly ending?: Ending;
  readonly endedAt?: number;
  /** Failed attempts so far of the stage as a whole. */
  readonly failures: number;
  readonly crashes: number;
  readonly retryAt?: number;
  readonly quarantined?: boolean;
  /** Why a value that it works on is not there any more, when that is what keeps it from running. */
  readonly lost?: string;
  readonly missing?: { readonly node: string; readonly type: string; readonly version: number };
  readonly items: ReadonlyMap<number, ItemState>;
  readonly calls: ReadonlyMap<string, CallState>;
  /** The node whose items or calls these are. */
  readonly node?: string;
  /** Hashes of the tokens by which its node may be called (E13). */
  readonly tokens?: readonly string[];
  /** What the one call by such a token brought. */
  readonly called?: { readonly value: unknown };
  readonly progress?: Progress;
}

/** What a node delivered at a path, and at which fact. */
export interface NodeOutput {
  readonly record: NodeRecord;
  readonly seq: number;
  readonly at: number;
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';

/** All that the facts of a run say, folded. Maps are keyed by `stage@path` and `node@path`. */
export interface RunState {
  readonly seq: number;
  readonly started: EventOf<'run.started'>['data'] | undefined;
  readonly startedAt: number;
  /** When the last fact was appended: the only time that `decide` knows. */
  readonly at: number;
  readonly instances: ReadonlyMap<string, InstanceState>;
  readonly outputs: ReadonlyMap<string, NodeOutput>;
  /** The latest turn whose head has delivered, by `loop@path`. */
  readonly turns: ReadonlyMap<string, number>;
  readonly reply: Reply | undefined;
  /** The first fault that fails the run, by seq; set before the run has ended. */
  readonly failing: FaultRecord | undefined;
  readonly ended: { readonly status: 'finished' | 'failed' | 'cancelled'; readonly at: number } | undefined;
  readonly output: readonly unknown[] | undefined;
  readonly cancelReason: string | undefined;
}

export const emptyState: RunState = {
  seq: 0,
  started: undefined,
  startedAt: 0,
  at: 0,
  instances: new Map(),
  outputs: new Map(),
  turns: new Map(),
  reply: undefined,
  failing: undefined,
  ended: undefined,
  output: undefined,
  cancelReason: undefined,
};

export const instanceKey = (stage: string, path: string): string => `${stage}@${path}`;
export const outputKey = (node: string, path: string): string => `${node}@${path}`;

type Changing<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** An instance being folded: changed in place, because a node of 10,000 items gets a fact for each. */
type ChangingInstance = Changing<Omit<InstanceState, 'items' | 'calls'>> & {
  items: Map<number, ItemState>;
  calls: Map<string, CallState>;
};

/** A state that its holder owns and folds into. */
type Folding = Changing<Omit<RunState, 'instances' | 'outputs' | 'turns'>> & {
  instances: Map<string, ChangingInstance>;
  outputs: Map<string, NodeOutput>;
  turns: Map<string, number>;
};

/**
 * Folds facts into a state, in order of seq; facts already folded are passed over. Incremental: folding a prefix and then
 * the rest gives the same as folding all. Pure: the state given is never changed.
 */
export const fold = (state: RunState, facts: readonly StoredEvent[]): RunState => foldInto(copyOf(state), facts);

/** As `fold`, but changes the state given, which must be the caller's own: what an actor does with each of 10,000 answers. */
export function foldInto(state: RunState, facts: readonly StoredEvent[]): RunState {
  const draft = state as Folding;
  for (const fact of facts) {
    if (fact.seq <= draft.seq) continue;
    draft.seq = fact.seq;
    draft.at = Math.max(draft.at, fact.at);
    apply(draft, fact);
  }
  return draft;
}

/** A state of one's own, to fold into. */
export const copyOf = (state: RunState): RunState => ({
  ...state,
  instances: new Map(
    [...state.instances].map(([key, was]) => [key, { ...was, items: new Map(was.items), calls: new Map(was.calls) }]),
  ),
  outputs: new Map(state.outputs),
  turns: new Map(state.turns),
});

/** Facts with the numbers that they get when appended after `seq`. */
export const numbered = (seq: number, facts: readonly RunEvent[]): StoredEvent[] =>
  facts.map((fact, index) => ({ ...fact, seq: seq + 1 + index }));

function apply(draft: Folding, fact: StoredEvent): void {
  switch (fact.type) {
    case 'run.started':
      draft.started = fact.data;
      draft.startedAt = fact.at;
      return;
    case 'stage.finished':
      return finishStage(draft, fact);
    case 'stage.skipped':
      for (const { stage, path } of fact.data.stages) end(draft, stage, path, 'skipped', fact.at);
      return;
    case 'step.failed':
      return failStep(draft, fact);
    case 'stage.crashed':
      instanceOf(draft, fact.data.stage, fact.data.path).crashes++;
      return;
    case 'stage.quarantined':
      return quarantine(draft, fact);
    case 'stage.missing-node': {
      const { node, nodeType, version } = fact.data;
      instanceOf(draft, fact.data.stage, fact.data.path).missing = { node, type: nodeType, version };
      return;
    }
    case 'stage.stopped':
      return end(draft, fact.data.stage, fact.data.path, 'stopped', fact.at);
    case 'loop.progressed':
      return progressed(instanceOf(draft, fact.data.stage, fact.data.path), fact.data);
    case 'step.intended':
    case 'step.answered':
    case 'item.failed':
    case 'step.in-doubt':
    case 'doubt.answered':
      return foldItem(draft, fact);
    case 'call.intended':
    case 'call.answered':
    case 'call.suspended':
    case 'timer.due':
      return foldCall(draft, fact);
    case 'token.issued':
    case 'token.answered':
      return foldToken(draft, fact);
    case 'run.replied':
      draft.reply ??= fact.data.reply;
      return;
    case 'run.finished':
      draft.ended = { status: 'finished', at: fact.at };
      draft.output = fact.data.output;
      return;
    case 'run.failed':
      draft.ended = { status: 'failed', at: fact.at };
      draft.failing ??= fact.data.fault;
      return;
    case 'run.cancelled':
      draft.ended = { status: 'cancelled', at: fact.at };
      draft.cancelReason = fact.data.reason;
  }
}

function instanceOf(draft: Folding, stage: string, path: string): ChangingInstance {
  const key = instanceKey(stage, path);
  let instance = draft.instances.get(key);
  if (!instance) {
    instance = { stage, path, failures: 0, crashes: 0, items: new Map(), calls: new Map() };
    draft.instances.set(key, instance);
  }
  return instance;
}

function end(draft: Folding, stage: string, path: string, ending: Ending, at: number): void {
  const instance = instanceOf(draft, stage, path);
  if (instance.ending) return;
  instance.ending = ending;
  instance.endedAt = at;
}

function quarantine(draft: Folding, { data }: EventOf<'stage.quarantined'>): void {
  const instance = instanceOf(draft, data.stage, data.path);
  instance.quarantined = true;
  if (data.reason === 'value-lost') instance.lost = data.why ?? 'A value of the run is not in the store any more.';
}

function finishStage(draft: Folding, fact: StoredEvent & EventOf<'stage.finished'>): void {
  const { stage, path, nodes } = fact.data;
  const instance = instanceOf(draft, stage, path);
  for (const record of nodes) {
    const whole =
      record.byItem === true ? { ...record, out: { ...record.out, ...outOfItems(instance.items) } } : record;
    draft.outputs.set(outputKey(record.key, record.path), { record: whole, seq: fact.seq, at: fact.at });
    if (loopOf(record.path) === record.key)
      draft.turns.set(outputKey(record.key, outerPath(record.path)), turnOf(record.path));
  }
  end(draft, stage, path, 'finished', fact.at);
  // What was journalled on the way is in the outputs now: the instance keeps nothing but its end.
  instance.items = new Map();
  instance.calls = new Map();
  delete instance.progress;
}

function failStep(draft: Folding, { data, at }: EventOf<'step.failed'>): void {
  const { stage, path, node, fault, retryAt } = data;
  const instance = instanceOf(draft, stage, path);
  instance.node = node;
  instance.failures++;
  if (retryAt === undefined) {
    end(draft, stage, path, 'failed', at);
    draft.failing ??= { ...fault, node };
    return;
  }
  instance.retryAt = retryAt;
  // The next attempt starts afresh: calls are forgotten, unless one had an effect that must not happen twice.
  for (const [call, known] of instance.calls)
    if (known.effect !== 'effect' || known.fault !== undefined) instance.calls.delete(call);
}

type ItemFact = EventOf<'step.intended' | 'step.answered' | 'item.failed' | 'step.in-doubt' | 'doubt.answered'>;

function foldItem(draft: Folding, fact: ItemFact): void {
  const instance = instanceOf(draft, fact.data.stage, fact.data.path);
  instance.node = fact.data.node;
  switch (fact.type) {
    case 'step.intended':
      for (const item of fact.data.items)
        putItem(instance.items, item, { state: 'intended', attempt: fact.data.attempt });
      return;
    case 'step.answered': {
      const { item, attempt, out, fault, late } = fact.data;
      if (late && !isOpen(instance, item)) return;
      putItem(instance.items, item, { state: 'answered', attempt, out, ...(fault ? { fault } : {}) });
      return;
    }
    case 'item.failed': {
      const { item, attempt, fault, retryAt } = fact.data;
      putItem(
        instance.items,
        item,
        retryAt === undefined ? { state: 'failed', attempt, fault } : { state: 'retrying', attempt, fault, retryAt },
      );
      return;
    }
    case 'step.in-doubt':
      if (fact.data.call !== undefined) return setCall(instance, fact.data.call, { state: 'in-doubt' });
      for (const item of fact.data.items) putItem(instance.items, item, doubted(fact, attemptOf(instance, item)));
      return;
    case 'doubt.answered':
      return answerDoubt(draft, instance, fact);
  }
}

/** Whether an outcome that comes late still tells something: nobody has answered meanwhile, and the stage has not ended. */
const isOpen = ({ ending, items }: InstanceState, item: number) =>
  ending === undefined && ['intended', 'in-doubt'].includes(items.get(item)?.state ?? '');

const attemptOf = (instance: InstanceState, item: number) => instance.items.get(item)?.attempt ?? 1;

function answerDoubt(draft: Folding, instance: ChangingInstance, { data, at }: EventOf<'doubt.answered'>): void {
  const fault: FaultRecord = {
    code: 'doubt.failed',
    message: 'Somebody answered that this counts as failed.',
    node: data.node,
  };
  if (data.call !== undefined) {
    if (data.answer === 'again') instance.calls.delete(data.call);
    else
      setCall(
        instance,
        data.call,
        data.answer === 'sent' ? { state: 'answered', value: data.output ?? {} } : { state: 'answered', fault },
      );
  } else if (data.item !== undefined) {
    const attempt = attemptOf(instance, data.item);
    if (data.answer === 'sent')
      putItem(instance.items, data.item, {
        state: 'answered',
        attempt,
        out: { [data.port ?? 'out']: [data.output ?? {}] },
      });
    else if (data.answer === 'again') putItem(instance.items, data.item, { state: 'again', attempt: attempt + 1 });
    else putItem(instance.items, data.item, { state: 'failed', attempt, fault: { ...fault, item: data.item } });
  } else if (data.answer === 'again') {
    // A quarantined stage gets another three crashes; one that missed a node is looked at again.
    delete instance.missing;
    delete instance.lost;
    instance.quarantined = false;
    instance.crashes = 0;
  } else {
    end(draft, data.stage, data.path, 'failed', at);
    draft.failing ??= { ...fault, code: instance.lost === undefined ? 'quarantined' : 'value.missing' };
  }
}

type CallFact = EventOf<'call.intended' | 'call.answered' | 'call.suspended' | 'timer.due'>;

function foldCall(draft: Folding, fact: CallFact): void {
  const instance = instanceOf(draft, fact.data.stage, fact.data.path);
  instance.node = fact.data.node;
  const { call } = fact.data;
  switch (fact.type) {
    case 'call.intended':
      return setCall(instance, call, {
        state: 'intended',
        op: fact.data.op,
        hash: fact.data.hash,
        effect: fact.data.effect,
      });
    case 'call.answered': {
      const { op, hash, value, fault, late } = fact.data;
      // What comes late tells something while nobody has answered meanwhile.
      if (late && (instance.ending || !['intended', 'in-doubt'].includes(instance.calls.get(call)?.state ?? '')))
        return;
      return setCall(instance, call, { state: 'answered', op, hash, value, ...(fault ? { fault } : {}) });
    }
    case 'call.suspended': {
      const { op, hash, waiting } = fact.data;
      // The link may have been called while the node was about to wait for that.
      const isCalled = waiting.kind === 'token' && instance.called;
      return setCall(
        instance,
        call,
        isCalled ? { state: 'answered', op, hash, value: isCalled.value } : { state: 'suspended', op, hash, waiting },
      );
    }
    case 'timer.due':
      // An answer that came first stands.
      if (instance.calls.get(call)?.state === 'suspended') setCall(instance, call, { state: 'answered', value: null });
  }
}

/** The first call counts, and none after the time has passed; it is kept for a node that has not begun to wait. */
function foldToken(draft: Folding, { type, data }: EventOf<'token.issued' | 'token.answered'>): void {
  const instance = instanceOf(draft, data.stage, data.path);
  if (type === 'token.issued') {
    instance.tokens = [...(instance.tokens ?? []), data.hash];
    return;
  }
  const { node, value } = data;
  if (instance.called || instance.ending) return;
  instance.called = { value };
  for (const [call, known] of instance.calls)
    if (known.state === 'suspended' && known.waiting?.kind === 'token') {
      instance.node = node;
      setCall(instance, call, { state: 'answered', value });
    }
}

function setCall(instance: ChangingInstance, call: string, patch: Partial<CallState>): void {
  const before: CallState = instance.calls.get(call) ?? { state: 'intended', op: '', hash: '' };
  instance.calls.set(call, { ...before, ...patch });
}
