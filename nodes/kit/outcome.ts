import { isObject } from '../../flow/document/json.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import type { FaultRecord, Reply } from '../../flow/facts/fact.ts';
import { TooLong } from '../../flow/facts/budget.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Batch, CallClass, Stop } from './call.ts';
import { delivery } from './define-node.ts';
import type { AnyNode, Delivery } from './define-node.ts';
import { Failed, faultRecordOf } from './fault-record.ts';
import { toJson } from './json-edge.ts';
import type { PortItems } from './port-items.ts';
import type { Params, PreparedParams } from './prepare-params.ts';
import { Suspended } from './suspended.ts';

/** What a node did with its whole batch. `faults` are those that left by `error` or were ignored (E9). */
export interface NodeOutcome {
  readonly out: Readonly<Record<string, PortItems>>;
  readonly faults: readonly FaultRecord[];
  readonly reply?: Reply;
  readonly stop?: Stop;
  /** What a loop node wants next: another turn with these items, after `waitMs`; or to leave. */
  readonly turn?: { readonly body?: readonly unknown[]; readonly done?: readonly unknown[]; readonly waitMs?: number };
}

/** What an `each` node did with one item. */
export interface ItemOutcome {
  readonly out: Values;
  readonly fault?: FaultRecord;
  readonly reply?: Reply;
  readonly stop?: Stop;
}

/** Values by port. */
export type Values = Readonly<Record<string, readonly unknown[]>>;

/** A definition with its params compiled, its ports known and its calls made ready. */
export interface Kit {
  readonly definition: AnyNode;
  readonly ports: readonly string[];
  readonly params: PreparedParams;
  readonly Call: CallClass;
}

/** The items of the first input port. */
export const itemsOf = (batch: Batch): readonly unknown[] => batch.inputs[batch.first] ?? [];

/** The params for one of the items, with the scope set to it. */
export function paramsAt(kit: Kit, { scope }: Batch, index: number, items: readonly unknown[]): Params {
  return kit.params.resolve(kit.params.fixed ? scope : standingAt(scope, index, items));
}

/** The scope, set to one of the items. */
export function standingAt(scope: Scope, index: number, items: readonly unknown[]): Scope {
  scope.items = items;
  scope.json = items[index];
  scope.itemIndex = index;
  return scope;
}

/** Of which item params are asked for, and whether those of others will be asked for after it. */
interface Wanted {
  readonly index: number;
  readonly isAlone?: boolean;
}

/** The same; a promise where they take longer than they may here and somebody else works them out. */
export function paramsFor(
  kit: Kit,
  batch: Batch,
  { index, isAlone = false }: Wanted,
  items: readonly unknown[],
): Params | Promise<Params> {
  const { paramsElsewhere: elsewhere, budget, scope } = batch;
  if (kit.params.fixed || !elsewhere || !budget) return paramsAt(kit, batch, index, items);
  const asked = async () => {
    const filled = await elsewhere.of(index, isAlone);
    batch.signal.throwIfAborted();
    return kit.params.with(filled);
  };
  if (elsewhere.isPreferred) return asked();
  const { drawn } = scope;
  try {
    return budget.orElsewhere(() => paramsAt(kit, batch, index, items));
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    // What was drawn is drawn again there.
    if (drawn !== undefined) scope.drawn = drawn;
    return asked();
  }
}

/** What leaves by the first port. A node without outputs lets nothing go on. */
export const byFirst = <Leaving>(kit: Kit, leaving: Leaving): Record<string, Leaving> =>
  kit.ports[0] === undefined ? {} : { [kit.ports[0]]: leaving };

/** E26: what one call returned, by port and as JSON: a value, a list, nothing, or a delivery. */
export function valuesOf(kit: Kit, returned: unknown, item: unknown, budget?: Budget): Values {
  if (!isDelivery(returned)) return byFirst(kit, listOf(returned, item, budget));
  const out: Record<string, readonly unknown[]> = {};
  for (const [port, values] of Object.entries(returned[delivery])) {
    if (values === undefined) continue;
    mustExist(kit, port);
    out[port] = listOf(values, item, budget);
  }
  return out;
}

/** No run may hold more items than this on one port (SAFETY 4.3, resource limits). */
const itemLimit = 100_000;

/** Throws `items.limit` when a node made more items than a port may hold: before any of them is looked at. */
export function assertItems(count: number): void {
  if (count <= itemLimit) return;
  throw new Fault('items.limit', `This node made ${count} items; ${itemLimit} is the most.`, {
    mend: 'Work in smaller batches, or aggregate earlier.',
  });
}

/** A returned value as the list of items that it stands for. */
export function listOf(returned: unknown, item: unknown, budget?: Budget): readonly unknown[] {
  if (returned === undefined) return [];
  if (!Array.isArray(returned) || returned === item) {
    if (returned !== item) budget?.items(1);
    return [toJson(returned, item, budget)];
  }
  assertItems(returned.length);
  if (budget) budget.items(returned.filter((value) => value !== item).length);
  return returned.filter((value) => value !== undefined).map((value) => toJson(value, item, budget));
}

/** Tells what `deliver` made from any other value. */
export const isDelivery = (value: unknown): value is Delivery => isObject(value) && delivery in value;

/** A port that the node does not have is a bug of the node. */
export function mustExist(kit: Kit, port: string): void {
  if (kit.ports.includes(port)) return;
  throw new Fault('node.failed', `The node delivered to ${port}, which is not one of its ports.`);
}

/** What really ended the work: a budget that is over, whatever became of its word on the way. */
export const causeOf = (batch: Batch, error: unknown): unknown => batch.budget?.over ?? error;

/** Waiting, leaving for another process and cancelling are not failures. */
const isNoFailure = (batch: Batch, error: unknown): boolean =>
  error instanceof Suspended || error instanceof TooLong || batch.signal.aborted;

/** Whether onError has no say: there is no failure, or `stop` lets nothing go on. */
export const mayNotCatch = (batch: Batch, error: unknown): boolean =>
  batch.onError === 'stop' || isNoFailure(batch, error);

/** What to throw when a failure ends the node. */
export const stopping = (batch: Batch, error: unknown, item?: number): unknown =>
  isNoFailure(batch, error) ? error : new Failed(error, { node: batch.node, item });

/** E9: what becomes of one item that failed. Throws when that ends the node. */
export function itemFailed(kit: Kit, batch: Batch, index: number, thrown: unknown): ItemOutcome {
  const error = causeOf(batch, thrown);
  if (mayNotCatch(batch, error)) throw stopping(batch, error, index);
  const fault = faultRecordOf(error, { node: batch.node, item: index });
  const item = itemsOf(batch)[index];
  return { out: batch.onError === 'port' ? { error: [errorItem(batch, fault, item)] } : byFirst(kit, [item]), fault };
}

/** An item as it leaves by the port `error`. */
export const errorItem = (batch: Batch, fault: FaultRecord, item: unknown): unknown => ({
  error: { code: fault.code, message: fault.message, node: batch.node, attempt: batch.attempt },
  item,
});
