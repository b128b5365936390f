import type { Power } from '../../flow/document/card.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import type { Reply } from '../../flow/run/events.ts';
import type { AnyCall, AnyNode } from './define-node.ts';
import type { Powers, RolePowers, StopSignal } from './powers.ts';
import type { Params } from './prepare-params.ts';

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
  /** When given, awaited after every 2,000 items, so that a long batch lets others have their turn (E4). */
  readonly pause?: () => Promise<void>;
}

/** How a run was told to end. */
export type Stop = Parameters<RolePowers['stop']>[0];

/** What a respond or stop node said beside its items; the first word holds. */
export interface Said {
  reply?: Reply;
  stop?: Stop;
}

/** Where in its batch a call stands. */
export interface Place {
  readonly index: number | undefined;
  readonly params: () => Params;
  readonly paramsOf: (index: number) => Params;
}

/** Makes the calls of one definition: a class of its own, whose getters are exactly the powers that were granted. */
export function callMaker(
  definition: AnyNode,
): new (batch: Batch, place: Place, powers: PowerSource, said: Said) => AnyCall {
  class Granted extends Call {}
  for (const name of definition.needs ?? []) {
    Object.defineProperty(Granted.prototype, name, {
      get(this: Call) {
        return this.source(name, this.place.index);
      },
    });
  }
  if (definition.role === 'respond') Object.defineProperty(Granted.prototype, 'reply', { get: replyOf });
  if (definition.role === 'stop') Object.defineProperty(Granted.prototype, 'stop', { get: stopOf });
  return Granted;
}

/** One call: whatever costs something (keys, powers, params) is worked out when the node reads it. */
class Call implements AnyCall {
  readonly batch: Batch;
  readonly place: Place;
  readonly source: PowerSource;
  readonly said: Said;

  constructor(batch: Batch, place: Place, source: PowerSource, said: Said) {
    this.batch = batch;
    this.place = place;
    this.source = source;
    this.said = said;
  }

  get params() {
    return this.place.params();
  }
  get paramsOf() {
    return this.place.paramsOf;
  }
  get inputs() {
    return this.batch.inputs;
  }
  get items(): readonly unknown[] {
    return this.batch.inputs[this.batch.first] ?? [];
  }
  get index() {
    return this.place.index ?? 0;
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
  get idempotencyKey() {
    return this.batch.idempotencyKey(this.place.index);
  }
  get log() {
    return this.source('log', this.place.index);
  }
}

function replyOf(this: Call): RolePowers['reply'] {
  return (reply) => {
    this.said.reply ??= { ...reply, node: this.batch.node };
  };
}

function stopOf(this: Call): RolePowers['stop'] {
  return (how) => {
    this.said.stop ??= how;
  };
}
