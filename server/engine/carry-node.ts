import type { PlanNode } from '../../flow/compile/plan.ts';
import type { LogLine, NodeRecord, PortOutput, Reply } from '../../flow/facts/fact.ts';
import { TooLong } from '../../flow/facts/budget.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { backOf, inputsOf, portArrival } from '../../flow/facts/items.ts';
import { idempotencyKey } from '../../flow/facts/keys.ts';
import { depthOf, outerPath, turnOf } from '../../flow/facts/path.ts';
import type { Batch, PowerSource } from '../../nodes/kit/call.ts';
import type { NodeOutcome, Prepared } from '../../nodes/kit/perform.ts';
import { assertItems } from '../../nodes/kit/outcome.ts';
import { toPortOutput } from '../../nodes/kit/port-items.ts';
import { checkReply } from './answer-rules.ts';
import { plainJsonParts } from '../text/known-json.ts';
import type { Carriage, StageView } from './carriage.ts';
import { resumeUrlOf } from './links.ts';
import { ParamsAway } from './params-away.ts';
import { scopeOf, seedOf } from './scope.ts';
import { mayLeave } from './stage-budget.ts';
import { logInto, withLogs } from './step-log.ts';

/** What one node did, as it will be recorded, and what it said to the engine. */
export interface Carried {
  readonly record: NodeRecord;
  readonly reply?: Reply;
  readonly stop?: NonNullable<NodeOutcome['stop']>;
  /** A loop's head asked to wait so long before this turn. */
  readonly waitMs?: number;
}

/** One node about to be carried out: where it stands and what it starts from. */
export interface Call {
  readonly carriage: Carriage;
  readonly view: StageView;
  readonly node: PlanNode;
  readonly path: string;
  readonly now: number;
  readonly attempt: number;
  /** Whether what fails now leaves as the node's onError says; until its tries are used up it fails the attempt. */
  readonly isLenient: boolean;
  /** What the stage may use; the same for all its nodes. */
  readonly budget: Budget;
  /** What came back to a loop's head, where no facts tell. */
  readonly back?: readonly (readonly unknown[])[];
  /** Where its log goes, for whoever needs it even when the node does not end; a list of its own when left out. */
  readonly logs?: LogLine[];
}

/** Nobody has the node, or not as it was pinned: its stage waits until somebody has (E17). */
export class MissingNode extends Error {
  readonly node: PlanNode;

  constructor(node: PlanNode) {
    const as = node.content === undefined ? '' : ` as it was pinned (${node.content.slice(0, 12)})`;
    super(`there is no ${node.type} in version ${node.version}${as}`);
    this.node = node;
  }
}

/**
 * Carries out a node that needs no journal of its own: a start, a pinned or disabled node, a pure one, a loop's head.
 * Synchronous when the node is, so that a chain of pure nodes costs no turn of the event loop.
 */
export function carryNode(call: Call): Carried | Promise<Carried> {
  return plainly(call) ?? perform(call, directly(call));
}

/** What needs no carrying out: starts, pins, disabled nodes, and nodes that nothing reached. Undefined for the others. */
export function plainly({ carriage, view, node, path, attempt }: Call): Carried | undefined {
  const { started } = carriage.state();
  const record = (status: NodeRecord['status'], out: Record<string, PortOutput>): Carried => ({
    record: { key: node.key, path, status, out, attempt },
  });
  const pins = started?.pins?.[node.key];
  if (pins)
    return record(
      'finished',
      Object.fromEntries(Object.entries(pins).map(([port, items]) => [port || firstPort(node), { items }])),
    );
  if (node.key === started?.start) return record('finished', { [firstPort(node)]: started.input });
  if (node.mode === 'turn')
    return node.disabled
      ? { record: { ...record('disabled', passing(node)).record, path: outside(node, path) } }
      : undefined;
  if (!isFed(view, node, path)) return record('skipped', {});
  return node.disabled ? record('disabled', passing(node)) : undefined;
}

const firstPort = (node: PlanNode) => node.outputs[0] ?? 'out';
const passing = (node: PlanNode): Record<string, PortOutput> =>
  node.outputs.length === 0 ? {} : { [firstPort(node)]: { pick: 'all', of: node.inputs[0]?.port ?? 'in' } };

const isFed = (view: StageView, node: PlanNode, path: string) => {
  const arrivals = node.inputs.filter((input) => !input.back).map((input) => portArrival(view, input, path));
  const delivered = arrivals.filter((one) => typeof one === 'object');
  return delivered.some((one) => one.items.length > 0) || (node.runOnEmpty && delivered.length > 0);
};

/** What a node is called with; `inputs` and `batch` serve both the whole batch and one item. */
export interface Ready {
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  /** Where its params are worked out when that takes too long for here; none for nodes that leave altogether, and for those of a workspace's own. */
  readonly params?: ParamsAway | undefined;
  readonly batch: Batch;
  readonly logs: LogLine[];
}

export function batchOf(call: Call): Ready {
  const { carriage, view, node, path, now, attempt, isLenient, budget, logs = [] } = call;
  const inputs = inputsOf(view, node.key, path);
  const root = carriage.state().started?.root ?? carriage.run;
  const seed = seedOf(carriage.run, path, node.key);
  const scope = scopeOf(
    { node, path, now, seed, resumeUrl: resumeUrlOf(carriage, node, path) },
    view,
    carriage.state(),
  );
  scope.budget = budget;
  const outer = outside(node, path);
  const turn = node.mode === 'turn' ? turnOf(path) : undefined;
  const pool = mayLeave(node) || node.content !== undefined ? undefined : carriage.params;
  const params = pool && new ParamsAway(pool, call, () => ready);
  const ready: Ready = {
    inputs,
    params,
    logs,
    batch: {
      node: node.key,
      attempt,
      inputs,
      first: node.inputs[0]?.port ?? 'in',
      scope,
      onError: isLenient ? node.onError : 'stop',
      idempotencyKey: (item) => idempotencyKey(root, path, node.key, item),
      signal: carriage.signal,
      now,
      zone: carriage.plan.settings.timezone,
      pause: carriage.pause,
      compute: carriage.computation,
      paramsElsewhere: params,
      jsonText: async (value) => (await plainJsonParts(value)).join(''),
      budget,
      ...(turn === undefined ? {} : { turn, back: call.back ?? backOf(view, node.key, outer, turn) }),
    },
  };
  return ready;
}

/** Powers lent straight, for nodes whose calls need no journal. */
export function directly(call: Call): (ready: Ready, signal?: AbortSignal, lastLook?: () => void) => PowerSource {
  const { carriage, view, node, path, now } = call;
  return ({ inputs, batch, logs }, signal = carriage.signal, lastLook = carriage.lastLook) =>
    (name, item) =>
      carriage.lend(name, {
        node,
        path,
        item,
        // A hash, which few powers look at.
        get idempotencyKey() {
          return batch.idempotencyKey(item);
        },
        signal,
        now,
        seed: `${seedOf(carriage.run, path, node.key)}/${item ?? ''}`,
        view,
        inputs,
        lastLook,
        answered: () => batch.budget?.rested(),
        resumeUrl: resumeUrlOf(carriage, node, path),
        log: logInto(logs),
      });
}

type LendFor = (ready: Ready) => PowerSource;

/** Calls the node with its whole batch: here, or elsewhere when it turns out to be long. */
export function perform(call: Call, powers: LendFor): Carried | Promise<Carried> {
  const { carriage, node, budget } = call;
  const prepared = carriage.prepared(node);
  if (!prepared) throw new MissingNode(node);
  const ready = batchOf(call);
  const began = performance.now();
  const before = budget.used();
  const finish = (done: NodeOutcome) =>
    finished(call, ready, done, { ms: performance.now() - began, branches: prepared.branches });
  const fail = (error: unknown): never => {
    throw withLogs(error, ready.logs);
  };
  const left = (error: unknown): Promise<Carried> => {
    if (!(error instanceof TooLong)) return fail(error);
    budget.backTo(before);
    ready.logs.length = 0;
    return again({ ...call, logs: ready.logs }, prepared, powers)
      .then(finish)
      .catch(fail);
  };
  budget.begins(mayLeave(node) ? 'may-leave' : 'stays');
  try {
    const outcome = prepared.batch(ready.batch, powers(ready));
    return outcome instanceof Promise ? outcome.then(finish).catch(left) : finish(outcome);
  } catch (error) {
    return left(error);
  }
}

/** A node that was too long for here, from its beginning: what it did so far has changed nothing. */
async function again(call: Call, prepared: Prepared, powers: LendFor): Promise<NodeOutcome> {
  const { carriage, budget } = call;
  budget.begins('elsewhere');
  const ready = batchOf(call);
  if (!carriage.compute) return prepared.batch(ready.batch, powers(ready));
  return carriage.compute(call, ready);
}

function finished(
  call: Call,
  { batch, logs }: Ready,
  outcome: NodeOutcome,
  { ms, branches }: { ms: number; branches: boolean },
): Carried {
  const { node, carriage } = call;
  if (outcome.reply) checkReply(node, outcome.reply, carriage.answers, (text) => logInto(logs)('warn', text));
  const base = {
    attempt: call.attempt,
    status: 'finished' as const,
    ms: Math.round(ms * 100) / 100,
    ...(logs.length > 0 ? { logs } : {}),
    ...(outcome.faults.length > 0 ? { faults: [...outcome.faults] } : {}),
  };
  if (outcome.turn) return turned(call, outcome.turn, base);
  const out: Record<string, PortOutput> = {};
  for (const [port, items] of Object.entries(outcome.out)) {
    assertItems(items.items.length);
    // A branch that no item took was not taken: it is left out, so that what follows is skipped even if it runs on empty.
    if (items.items.length > 0 || !branches) out[port] = toPortOutput(items, batch.first);
  }
  return {
    record: { key: node.key, path: call.path, out, ...base },
    ...(outcome.reply ? { reply: outcome.reply } : {}),
    ...(outcome.stop ? { stop: outcome.stop } : {}),
  };
}

/** The record of a loop's head: the items of this turn inside it, or what leaves outside. */
function turned(
  call: Call,
  turn: NonNullable<NodeOutcome['turn']>,
  base: Omit<NodeRecord, 'key' | 'path' | 'out'>,
): Carried {
  const { node, path } = call;
  if (turn.done)
    return { record: { key: node.key, path: outside(node, path), out: { done: { items: [...turn.done] } }, ...base } };
  const port = node.role === 'repeat' ? 'try' : 'each';
  return {
    record: { key: node.key, path, out: { [port]: { items: [...(turn.body ?? [])] } }, ...base },
    ...(turn.waitMs === undefined ? {} : { waitMs: turn.waitMs }),
  };
}

/** The path at which a node stands: for a loop's head, which is carried out in its turn, the path around the loop. */
export const outside = (node: PlanNode, path: string): string =>
  node.mode === 'turn' && depthOf(path) > node.loops.length ? outerPath(path) : path;
