import { currentEngine } from '../../flow/compile/plan.ts';
import { outputPorts } from '../../flow/document/ports.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import { callMaker } from './call.ts';
import type { Batch, PowerSource } from './call.ts';
import { cardOf } from './card.ts';
import type { AnyNode } from './define-node.ts';
import { standingAt } from './outcome.ts';
import type { ItemOutcome, Kit, NodeOutcome } from './outcome.ts';
import { batchFailed, performAll, performTurn } from './perform-all.ts';
import { performEach, performItem, reconcileItem } from './perform-each.ts';
import type { ItemReconciled } from './perform-each.ts';
import { prepareParams } from './prepare-params.ts';
import type { Params } from './prepare-params.ts';

export type { ItemOutcome, NodeOutcome } from './outcome.ts';

/**
 * A node made ready to be carried out any number of times. Both throw `Failed` when a fault stops the node, and let `Suspended`
 * through.
 */
export interface Prepared {
  /** Ports that no item took were not taken (the card's `branches`). */
  readonly branches: boolean;
  /** The whole node; synchronous when its definition is. */
  batch(batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome>;
  /** One item of an `each` node, for item-by-item journalling (E8). */
  item(batch: Batch, index: number, powers: PowerSource): ItemOutcome | Promise<ItemOutcome>;
  /** What the expressions in its params come to for one of its items, for whoever carries it out: all else of them is known there. */
  filled(scope: Scope, index: number, items: readonly unknown[]): Params;
  /** What becomes of the whole batch when something that is no word of the node ends it: as its onError says, or thrown. */
  failed(batch: Batch, error: unknown): NodeOutcome;
  /** Asks whether one item in doubt was done (E11); a failure to ask cannot tell. */
  reconcile(batch: Batch, index: number, powers: PowerSource): Promise<ItemReconciled>;
}

/**
 * Compiles a node's stored params and returns how to carry it out, by the rules of a plan's engine number. Never throws: wrong params
 * fail when the node runs.
 */
export function prepare(definition: AnyNode, params: Params, engine: number = currentEngine): Prepared {
  const node = { key: 'prepared', type: definition.type, params: { ...params } };
  const ports = outputPorts(cardOf(definition), node).map((port) => port.name);
  const kit: Kit = {
    definition,
    ports,
    params: prepareParams(definition, params, engine),
    Call: callMaker(definition, engine),
  };
  const perform = definition.each ? performEach : definition.turn ? performTurn : performAll;
  return {
    branches: definition.branches ?? false,
    batch: (batch, powers) => perform(kit, batch, powers),
    item: (batch, index, powers) => performItem(kit, batch, index, powers),
    filled: (scope, index, items) => kit.params.fill(standingAt(scope, index, items)),
    failed: (batch, error) => batchFailed(kit, batch, error),
    reconcile: (batch, index, powers) => reconcileItem(kit, batch, index, powers),
  };
}
