import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Batch, PowerSource, Said } from './call.ts';
import { delivery } from './define-node.ts';
import { faultRecordOf } from './fault-record.ts';
import type { AnyCall } from './define-node.ts';
import { toJson } from './json-edge.ts';
import {
  assertItems,
  byFirst,
  causeOf,
  errorItem,
  isDelivery,
  itemsOf,
  listOf,
  mayNotCatch,
  mustExist,
  paramsAt,
  paramsFor,
  stopping,
} from './outcome.ts';
import type { Kit, NodeOutcome } from './outcome.ts';
import type { Params } from './prepare-params.ts';
import { traceItems } from './port-items.ts';
import type { InputLists, PortItems } from './port-items.ts';

/** Carries out an `all` node; synchronous when the node is. */
export function performAll(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const said: Said = {};
  const finished = (returned: unknown): NodeOutcome => {
    const out = portsOf(kit, batch, returned);
    batch.budget?.verify();
    return { out, faults: [], ...said };
  };
  const failed = (error: unknown): NodeOutcome => batchFailed(kit, batch, error);
  try {
    const called = (params?: Params): unknown =>
      kit.definition.all?.(callOf(kit, batch, { powers, said, params }, itemsOf(batch)));
    // What may be worked out elsewhere must be awaited before the node reads it.
    const params = batch.paramsElsewhere
      ? paramsFor(kit, batch, { index: 0, isAlone: true }, itemsOf(batch))
      : undefined;
    const returned = params instanceof Promise ? params.then(called) : called(params);
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

/** Carries out one turn of a loop node. A fault always ends it: a loop that cannot decide cannot go on. */
export function performTurn(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const finished = (returned: unknown): NodeOutcome => {
    const turn = turnOf(returned, batch.budget);
    batch.budget?.verify();
    return { out: {}, faults: [], turn };
  };
  const failed = (error: unknown): never => {
    throw stopping(batch, causeOf(batch, error));
  };
  // After the first turn a loop's expressions look at what came back: `until` asks about that.
  const items = batch.turn ? (batch.back?.at(-1) ?? []) : itemsOf(batch);
  try {
    const returned = kit.definition.turn?.(callOf(kit, batch, { powers, said: {} }, items));
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

function callOf(
  kit: Kit,
  batch: Batch,
  { params, ...world }: { powers: PowerSource; said: Said; params?: Params | undefined },
  items: readonly unknown[],
): AnyCall {
  const shared = {
    batch,
    ...world,
    paramsOf: (index: number) => paramsFor(kit, batch, { index }, items),
    params: () => paramsAt(kit, batch, 0, items),
  };
  return new kit.Call(shared, undefined, params);
}

/** Every port of the node, those without items too: a branch settles on an empty list (E6). */
function portsOf(kit: Kit, batch: Batch, returned: unknown): Record<string, PortItems> {
  const values = isDelivery(returned)
    ? returned[delivery]
    : byFirst(kit, Array.isArray(returned) ? returned : [returned]);
  for (const port of Object.keys(values)) mustExist(kit, port);
  const names = batch.onError === 'port' ? new Set([...kit.ports, 'error']) : kit.ports;
  const lists = Object.entries(batch.inputs);
  return Object.fromEntries(
    [...names].map((name) => {
      const made = present(values[name]);
      assertItems(made.length);
      return [name, jsonItems(traceItems(made, lists, batch.budget), lists, batch.budget)];
    }),
  );
}

const present = (values: readonly unknown[] | undefined): readonly unknown[] =>
  values === undefined ? [] : values.includes(undefined) ? values.filter((value) => value !== undefined) : values;

function jsonItems(port: PortItems, lists: InputLists, budget: Budget | undefined): PortItems {
  if (port.pick !== undefined) return port;
  budget?.items(port.items.length);
  const known = lists.flatMap(([, items]) => items);
  const parentAt = (index: number): unknown => {
    const parent = port.from === undefined ? index : port.from[index];
    return typeof parent === 'number' ? known[parent] : undefined;
  };
  return { ...port, items: port.items.map((value, index) => toJson(value, parentAt(index), budget)) };
}

/** E9 for a whole batch: every item leaves by `error` with the same error, or unchanged. */
export function batchFailed(kit: Kit, batch: Batch, thrown: unknown): NodeOutcome {
  const error = causeOf(batch, thrown);
  if (mayNotCatch(batch, error)) throw stopping(batch, error);
  const fault = faultRecordOf(error, { node: batch.node });
  const items = itemsOf(batch);
  const empty = Object.fromEntries(kit.ports.map((port) => [port, { items: [] }]));
  const left: Record<string, PortItems> =
    batch.onError === 'port'
      ? { error: { items: items.map((item) => errorItem(batch, fault, item)) } }
      : byFirst(kit, { items, pick: 'all' });
  return { out: { ...empty, ...left }, faults: [fault] };
}

function turnOf(returned: unknown, budget: Budget | undefined): NonNullable<NodeOutcome['turn']> {
  if (isObject(returned) && Array.isArray(returned['done']))
    return { done: listOf(returned['done'], undefined, budget) };
  if (!isObject(returned) || !Array.isArray(returned['body'])) {
    throw new Fault('node.failed', 'A loop node said neither body nor done.');
  }
  const waitMs = returned['waitMs'];
  return { body: listOf(returned['body'], undefined, budget), ...(typeof waitMs === 'number' ? { waitMs } : {}) };
}
