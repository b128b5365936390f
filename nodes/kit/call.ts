import { currentEngine } from '../../flow/compile/plan.ts';
import type { Power } from '../../flow/document/powers.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { Reply } from '../../flow/facts/fact.ts';
import { computedHereMost } from './computation.ts';
import type { Compute, ComputeElsewhere } from './computation.ts';
import type { AnyCall, AnyNode } from './define-node.ts';
import type { Powers, RolePowers, StopSignal } from './powers.ts';
import type { Params } from './prepare-params.ts';
import { isRestDue, rest } from './rest.ts';

/** Gives a granted power, asked for only when the node reads it; `item` is undefined for a whole batch. */
export type PowerSource = <Name extends Power>(name: Name, item: number | undefined) => Powers[Name];

/** What one carrying-out of a node gets: its items by port and the world it may see. */
export interface Batch {
  /** The node's key, for the faults that it leaves. */
  readonly node: string;
  readonly attempt: number;
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  /** The name of the first input port. */
  readonly first: string;
  /** Built once a batch; `json`, `itemIndex` and `items` are set here for each item. */
  readonly scope: Scope;
  readonly onError: 'stop' | 'port' | 'ignore';
  readonly turn?: number;
  readonly back?: readonly (readonly unknown[])[];
  readonly idempotencyKey: (index: number | undefined) => string;
  readonly signal: StopSignal;
  readonly now: number;
  readonly zone: string;
  /** When given, awaited between items once the batch has computed for a while, so that others have their turn (E4). */
  readonly pause?: () => Promise<void>;
  /** When given, carries out elsewhere what would hold this process (E4). */
  readonly compute?: ComputeElsewhere | undefined;
  /** When given, writes a value of any size as JSON text so that others have their turn. */
  readonly jsonText?: (value: unknown) => Promise<string>;
  /** When given, works out elsewhere params that would hold this process: those of a node that may not leave it (E4). */
  readonly paramsElsewhere?: ParamsElsewhere | undefined;
  /** What the stage may use (E4), which the scope has too; without one only the limits of single expressions hold. */
  readonly budget?: Budget | undefined;
}

/** Works out params of one batch in another process, one item after the other as they are asked for. */
export interface ParamsElsewhere {
  /** Whether to ask without trying here: what an item before took too long for is too long for most, and random numbers come in their order. */
  readonly isPreferred: boolean;
  /** What the expressions come to for an item; rejects with what they throw. Those of the items after it will be asked for next, unless it is alone. */
  of(index: number, isAlone: boolean): Promise<Params>;
}

/** How a run was told to end. */
export type Stop = Parameters<RolePowers['stop']>[0];

/** What a respond or stop node said beside its items; the first word holds. */
export interface Said {
  reply?: Reply;
  stop?: Stop;
}

/** Everything that the calls of one batch share. */
export interface Shared {
  readonly batch: Batch;
  readonly powers: PowerSource;
  readonly said: Said;
  /** The params resolved for one item; a promise where they are worked out elsewhere. */
  readonly paramsOf: (index: number) => Params | Promise<Params>;
  /** Those of the first item, for a call without an item; worked out here. */
  readonly params: () => Params;
}

/** Makes one call: of an item with its params, or (both undefined) of the whole batch. */
export type CallClass = new (shared: Shared, index: number | undefined, params: Params | undefined) => AnyCall;

/** Makes the calls of one definition: a class of its own, whose getters are exactly the powers that were granted. */
export function callMaker(definition: AnyNode, engine: number): CallClass {
  class Granted extends Call {
    override get engine() {
      return engine;
    }
  }
  for (const name of definition.needs ?? []) {
    Object.defineProperty(Granted.prototype, name, {
      get(this: Call) {
        return this.shared.powers(name, this.at);
      },
    });
  }
  if (definition.role === 'respond') Object.defineProperty(Granted.prototype, 'reply', { get: replyOf });
  if (definition.role === 'stop') Object.defineProperty(Granted.prototype, 'stop', { get: stopOf });
  return Granted;
}

/** One call: whatever costs something (keys, powers, params) is worked out when the node reads it. */
class Call implements AnyCall {
  readonly shared: Shared;
  readonly at: number | undefined;
  readonly own: Params | undefined;
  private key: string | undefined;

  constructor(shared: Shared, index: number | undefined, params: Params | undefined) {
    this.shared = shared;
    this.at = index;
    this.own = params;
  }

  get batch() {
    return this.shared.batch;
  }
  get params() {
    return this.own ?? this.shared.params();
  }
  get paramsOf() {
    return this.shared.paramsOf;
  }
  get inputs() {
    return this.batch.inputs;
  }
  get items(): readonly unknown[] {
    return this.batch.inputs[this.batch.first] ?? [];
  }
  get index() {
    return this.at ?? 0;
  }
  get item() {
    return this.items[this.index];
  }
  get turn() {
    return this.batch.turn ?? 0;
  }
  get back() {
    return this.batch.back ?? [];
  }
  get signal() {
    return this.batch.signal;
  }
  get now() {
    return this.batch.now;
  }
  get zone() {
    return this.batch.zone;
  }
  get budget() {
    return this.batch.budget;
  }
  get engine() {
    return currentEngine;
  }
  get idempotencyKey() {
    return (this.key ??= this.batch.idempotencyKey(this.at));
  }
  get log() {
    return this.shared.powers('log', this.at);
  }
  get rest(): () => Promise<void> | undefined {
    const { batch } = this;
    return () => (isRestDue(batch) ? rest(batch) : undefined);
  }
  get jsonText(): (value: unknown) => Promise<string> {
    const { jsonText, budget } = this.batch;
    return async (value) => (jsonText ? jsonText(value).finally(() => budget?.rested()) : JSON.stringify(value));
  }
  get compute(): Compute {
    const { compute, signal, budget } = this.batch;
    return async (computation, given) =>
      compute && given.text.length > computedHereMost
        ? compute(computation, given, signal, budget).finally(() => budget?.rested())
        : computation.work(given);
  }
}

function replyOf(this: Call): RolePowers['reply'] {
  return (reply) => {
    this.shared.said.reply ??= { ...reply, node: this.batch.node };
  };
}

function stopOf(this: Call): RolePowers['stop'] {
  return (how) => {
    this.shared.said.stop ??= how;
  };
}
