import { isObject } from '../../flow/document/json.ts';
import { outputPorts } from '../../flow/document/ports.ts';
import type { FaultRecord, Reply } from '../../flow/run/events.ts';
import { Fault } from '../../flow/run/faults.ts';
import { callMaker } from './call.ts';
import type { Batch, Place, PowerSource, Said, Stop } from './call.ts';
import { cardOf } from './card.ts';
import { delivery } from './define-node.ts';
import type { AnyCall, AnyNode, Delivery } from './define-node.ts';
import { Failed, faultRecordOf } from './fault-record.ts';
import { toJson } from './json-edge.ts';
import { EachPort, traceItems } from './port-items.ts';
import type { PortItems } from './port-items.ts';
import { prepareParams } from './prepare-params.ts';
import type { Params } from './prepare-params.ts';
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
  readonly out: Readonly<Record<string, readonly unknown[]>>;
  readonly fault?: FaultRecord;
  readonly reply?: Reply;
  readonly stop?: Stop;
}

/** A node made ready to be carried out any number of times. Both throw `Failed` when a fault stops the node, and let `Suspended` through. */
export interface Prepared {
  /** The whole node; synchronous when its definition is. */
  batch(batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome>;
  /** One item of an `each` node, for item-by-item journalling (E8). */
  item(batch: Batch, index: number, powers: PowerSource): ItemOutcome | Promise<ItemOutcome>;
}

type Values = Readonly<Record<string, readonly unknown[]>>;

/** Compiles a node's stored params and returns how to carry it out. Never throws: wrong params fail when the node runs. */
export function prepare(definition: AnyNode, params: Params): Prepared {
  const node = { key: 'prepared', type: definition.type, params: { ...params } };
  const ports = outputPorts(cardOf(definition), node).map((port) => port.name);
  const kit: Kit = { definition, ports, params: prepareParams(definition, params), Call: callMaker(definition) };
  return {
    batch: (batch, powers) => {
      if (definition.each) return eachItem(kit, batch, powers);
      return definition.turn ? oneTurn(kit, batch, powers) : allItems(kit, batch, powers);
    },
    item: (batch, index, powers) => {
      const said: Said = {};
      const outcome = performItem(kit, batch, index, powers, said);
      return outcome instanceof Promise ? outcome.then((later) => ({ ...later, ...said })) : { ...outcome, ...said };
    },
  };
}

interface Kit {
  readonly definition: AnyNode;
  readonly ports: readonly string[];
  readonly params: ReturnType<typeof prepareParams>;
  readonly Call: ReturnType<typeof callMaker>;
}

const pauseEvery = 2_000;

function eachItem(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const items = itemsOf(batch);
  const gathered = new Gathered(kit, batch);
  const said: Said = {};
  for (let index = 0; index < items.length; index += 1) {
    const due = batch.pause !== undefined && index > 0 && index % pauseEvery === 0;
    const outcome = due ? undefined : performItem(kit, batch, index, powers, said);
    if (outcome === undefined || outcome instanceof Promise)
      return eachLater(kit, batch, powers, { gathered, said, index, outcome });
    gathered.add(outcome, index, items[index]);
  }
  return gathered.done(said);
}

type Later = { gathered: Gathered; said: Said; index: number; outcome: Promise<ItemOutcome> | undefined };

/** Goes on from the first item that had to be awaited. */
async function eachLater(kit: Kit, batch: Batch, powers: PowerSource, later: Later): Promise<NodeOutcome> {
  const items = itemsOf(batch);
  const { gathered, said } = later;
  if (later.outcome) gathered.add(await later.outcome, later.index, items[later.index]);
  for (let index = later.outcome ? later.index + 1 : later.index; index < items.length; index += 1) {
    if (index > 0 && index % pauseEvery === 0) await batch.pause?.();
    batch.signal.throwIfAborted();
    gathered.add(await performItem(kit, batch, index, powers, said), index, items[index]);
  }
  return gathered.done(said);
}

function performItem(
  kit: Kit,
  batch: Batch,
  index: number,
  powers: PowerSource,
  said: Said,
): ItemOutcome | Promise<ItemOutcome> {
  const item = itemsOf(batch)[index];
  const failed = (error: unknown): ItemOutcome => itemFailed(kit, batch, index, error);
  const finished = (returned: unknown): ItemOutcome => ({ out: valuesOf(kit, returned, item) });
  try {
    const params = paramsAt(kit, batch, index);
    const place: Place = { index, params: () => params, paramsOf: (other) => paramsAt(kit, batch, other) };
    const returned = kit.definition.each?.(new kit.Call(batch, place, powers, said));
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

function paramsAt(kit: Kit, batch: Batch, index: number, items = itemsOf(batch)): Params {
  if (kit.params.fixed) return kit.params.resolve(batch.scope);
  const { scope } = batch;
  scope.items = items;
  scope.json = scope.items[index];
  scope.itemIndex = index;
  return kit.params.resolve(scope);
}

const itemsOf = (batch: Batch): readonly unknown[] => batch.inputs[batch.first] ?? [];

/** E9: what becomes of the item that failed. Waiting and cancelling are not failures. */
function itemFailed(kit: Kit, batch: Batch, index: number, error: unknown): ItemOutcome {
  if (mayNotCatch(batch, error)) throw stopping(batch, error, index);
  const fault = faultRecordOf(error, { node: batch.node, item: index });
  const item = itemsOf(batch)[index];
  return {
    out: batch.onError === 'port' ? { error: [errorItem(batch, fault, item)] } : byFirst(kit, [item]),
    fault,
  };
}

const mayNotCatch = (batch: Batch, error: unknown): boolean =>
  error instanceof Suspended || batch.signal.aborted || batch.onError === 'stop';

const stopping = (batch: Batch, error: unknown, item?: number): unknown =>
  error instanceof Suspended || batch.signal.aborted ? error : new Failed(error, { node: batch.node, item });

const errorItem = (batch: Batch, fault: FaultRecord, item: unknown): unknown => ({
  error: { code: fault.code, message: fault.message, node: batch.node, attempt: batch.attempt },
  item,
});

/** What leaves by the first port. A node without outputs lets nothing go on. */
const byFirst = <Leaving>(kit: Kit, leaving: Leaving): Record<string, Leaving> =>
  kit.ports[0] === undefined ? {} : { [kit.ports[0]]: leaving };

/** E26: a value, a list, nothing, or what leaves by which port; as JSON. */
function valuesOf(kit: Kit, returned: unknown, item: unknown): Values {
  if (!isDelivery(returned)) return byFirst(kit, listOf(returned, item));
  const out: Record<string, readonly unknown[]> = {};
  for (const [port, values] of Object.entries(returned[delivery])) {
    if (values === undefined) continue;
    mustExist(kit, port);
    out[port] = listOf(values, item);
  }
  return out;
}

function listOf(returned: unknown, item: unknown): readonly unknown[] {
  if (returned === undefined) return [];
  if (!Array.isArray(returned) || returned === item) return [toJson(returned, item)];
  return returned.filter((value) => value !== undefined).map((value) => toJson(value, item));
}

const isDelivery = (value: unknown): value is Delivery => isObject(value) && delivery in value;

function mustExist(kit: Kit, port: string): void {
  if (!kit.ports.includes(port))
    throw new Fault('node.failed', `The node delivered to ${port}, which is not one of its ports.`);
}

/** The outcome of an `each` node, port by port. */
class Gathered {
  readonly kit: Kit;
  readonly batch: Batch;
  readonly ports = new Map<string, EachPort>();
  readonly faults: FaultRecord[] = [];

  constructor(kit: Kit, batch: Batch) {
    this.kit = kit;
    this.batch = batch;
    for (const port of kit.ports) this.ports.set(port, new EachPort());
    if (batch.onError === 'port') this.ports.set('error', new EachPort());
  }

  add(outcome: ItemOutcome, index: number, item: unknown): void {
    if (outcome.fault) this.faults.push(outcome.fault);
    for (const port in outcome.out)
      for (const value of outcome.out[port] ?? []) this.ports.get(port)?.add(value, index, item);
  }

  done(said: Said): NodeOutcome {
    const count = itemsOf(this.batch).length;
    const out: Record<string, PortItems> = {};
    for (const [name, port] of this.ports) out[name] = port.done(count);
    return { out, faults: this.faults, ...said };
  }
}

function allItems(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const said: Said = {};
  const finished = (returned: unknown): NodeOutcome => ({ out: portsOf(kit, batch, returned), faults: [], ...said });
  const failed = (error: unknown): NodeOutcome => batchFailed(kit, batch, error);
  try {
    const returned = kit.definition.all?.(callForAll(kit, batch, powers, said));
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

function callForAll(kit: Kit, batch: Batch, powers: PowerSource, said: Said, items = itemsOf(batch)): AnyCall {
  const paramsOf = (index: number): Params => paramsAt(kit, batch, index, items);
  return new kit.Call(batch, { index: undefined, params: () => paramsOf(0), paramsOf }, powers, said);
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
    [...names].map((name) => [name, jsonItems(traceItems(present(values[name]), lists), lists)]),
  );
}

const present = (values: readonly unknown[] | undefined): readonly unknown[] =>
  values === undefined ? [] : values.includes(undefined) ? values.filter((value) => value !== undefined) : values;

function jsonItems(port: PortItems, lists: readonly (readonly [string, readonly unknown[]])[]): PortItems {
  if (port.pick !== undefined) return port;
  const known = lists.flatMap(([, items]) => items);
  const parentAt = (index: number): unknown => {
    const parent = port.from === undefined ? index : port.from[index];
    return typeof parent === 'number' ? known[parent] : undefined;
  };
  return { ...port, items: port.items.map((value, index) => toJson(value, parentAt(index))) };
}

/** E9 for a whole batch: every item leaves by `error` with the same error, or unchanged. */
function batchFailed(kit: Kit, batch: Batch, error: unknown): NodeOutcome {
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

function oneTurn(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const finished = (returned: unknown): NodeOutcome => ({ out: {}, faults: [], turn: turnOf(returned) });
  const failed = (error: unknown): never => {
    throw stopping(batch, error);
  };
  try {
    // After the first turn a loop's expressions look at what came back: `until` asks about that.
    const items = batch.turn ? (batch.back?.at(-1) ?? []) : itemsOf(batch);
    const returned = kit.definition.turn?.(callForAll(kit, batch, powers, {}, items));
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

function turnOf(returned: unknown): NonNullable<NodeOutcome['turn']> {
  if (isObject(returned) && Array.isArray(returned['done'])) return { done: listOf(returned['done'], undefined) };
  if (!isObject(returned) || !Array.isArray(returned['body']))
    throw new Fault('node.failed', 'A loop node said neither body nor done.');
  const waitMs = returned['waitMs'];
  return { body: listOf(returned['body'], undefined), ...(typeof waitMs === 'number' ? { waitMs } : {}) };
}
