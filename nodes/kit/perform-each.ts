import type { FaultRecord } from '../../flow/facts/fact.ts';
import type { Batch, PowerSource, Said, Shared } from './call.ts';
import { isDelivery, itemFailed, itemsOf, paramsAt, paramsFor, valuesOf } from './outcome.ts';
import type { ItemOutcome, Kit, NodeOutcome, Values } from './outcome.ts';
import { EachPort } from './port-items.ts';
import type { PortItems } from './port-items.ts';
import { toJson } from './json-edge.ts';
import type { Params } from './prepare-params.ts';
import { isRestDue, rest } from './rest.ts';

/** Carries out an `each` node over all items: without a promise as long as the node gives none, then one after the other. */
export function performEach(kit: Kit, batch: Batch, powers: PowerSource): NodeOutcome | Promise<NodeOutcome> {
  const items = itemsOf(batch);
  const shared = sharedOf(kit, batch, powers, {});
  const gathered = new Gathered(kit, batch);
  for (let index = 0; index < items.length; index += 1) {
    if (isRestDue(batch) && index > 0) return goOn(kit, shared, gathered, { index });
    try {
      const returned = callAt(kit, shared, index);
      if (returned instanceof Promise) return goOn(kit, shared, gathered, { index, returned });
      gathered.take(returned, index, items[index]);
    } catch (error) {
      gathered.add(itemFailed(kit, batch, index, error), index, items[index]);
    }
  }
  return gathered.done(shared.said);
}

/** Carries out one item. */
export function performItem(
  kit: Kit,
  batch: Batch,
  index: number,
  powers: PowerSource,
): ItemOutcome | Promise<ItemOutcome> {
  const said: Said = {};
  batch.budget?.rested();
  const finished = (outcome: ItemOutcome): ItemOutcome => ({ ...outcome, ...said });
  const outcome = oneItem(kit, sharedOf(kit, batch, powers, said), index);
  return outcome instanceof Promise ? outcome.then(finished) : finished(outcome);
}

/** What became of an item in doubt, its values by port when it was done. */
export type ItemReconciled =
  | { readonly did: 'done'; readonly out: Values }
  | { readonly did: 'not-done' }
  | { readonly did: 'unknown'; readonly why: string };

/** Asks the service about one item; a node that cannot ask cannot tell. */
export async function reconcileItem(
  kit: Kit,
  batch: Batch,
  index: number,
  powers: PowerSource,
): Promise<ItemReconciled> {
  const params = await paramsFor(kit, batch, { index, isAlone: true }, itemsOf(batch));
  const call = new kit.Call(sharedOf(kit, batch, powers, {}), index, params);
  const said = (await kit.definition.reconcile?.(call)) ?? { did: 'unknown' };
  if (said.did === 'done') return { did: 'done', out: valuesOf(kit, said.gives, itemsOf(batch)[index], batch.budget) };
  return said.did === 'unknown' ? { did: 'unknown', why: said.why ?? 'The service could not tell.' } : said;
}

const sharedOf = (kit: Kit, batch: Batch, powers: PowerSource, said: Said): Shared => ({
  batch,
  powers,
  said,
  paramsOf: (index) => paramsFor(kit, batch, { index }, itemsOf(batch)),
  params: () => paramsAt(kit, batch, 0, itemsOf(batch)),
});

function callAt(kit: Kit, shared: Shared, index: number): unknown {
  const called = (params: Params): unknown => kit.definition.each?.(new kit.Call(shared, index, params));
  const params = shared.paramsOf(index);
  return params instanceof Promise ? params.then(called) : called(params);
}

function oneItem(kit: Kit, shared: Shared, index: number): ItemOutcome | Promise<ItemOutcome> {
  const { batch } = shared;
  const failed = (error: unknown): ItemOutcome => itemFailed(kit, batch, index, error);
  const finished = (returned: unknown): ItemOutcome => {
    const out = valuesOf(kit, returned, itemsOf(batch)[index], batch.budget);
    batch.budget?.verify();
    return { out };
  };
  try {
    const returned = callAt(kit, shared, index);
    return returned instanceof Promise ? returned.then(finished).catch(failed) : finished(returned);
  } catch (error) {
    return failed(error);
  }
}

/** Goes on from the first item that had to be awaited, or after a pause. */
async function goOn(
  kit: Kit,
  shared: Shared,
  gathered: Gathered,
  from: { index: number; returned?: Promise<unknown> },
): Promise<NodeOutcome> {
  const { batch } = shared;
  const items = itemsOf(batch);
  for (let { index, returned } = from; index < items.length; index += 1, returned = undefined) {
    if (!returned && (index === from.index || isRestDue(batch))) await rest(batch);
    if (!returned) batch.signal.throwIfAborted();
    try {
      const made = returned ?? callAt(kit, shared, index);
      gathered.take(made instanceof Promise ? await whenThere(batch, made) : made, index, items[index]);
    } catch (error) {
      gathered.add(itemFailed(kit, batch, index, error), index, items[index]);
    }
  }
  return gathered.done(shared.said);
}

/** What others did with the processor meanwhile is not this batch's. */
const whenThere = ({ budget }: Batch, made: Promise<unknown>): Promise<unknown> => made.finally(() => budget?.rested());

/** What the items came to, port by port. */
class Gathered {
  readonly kit: Kit;
  readonly batch: Batch;
  readonly ports = new Map<string, EachPort>();
  readonly first: EachPort | undefined;
  readonly faults: FaultRecord[] = [];

  constructor(kit: Kit, batch: Batch) {
    this.kit = kit;
    this.batch = batch;
    for (const port of kit.ports) this.ports.set(port, new EachPort());
    if (batch.onError === 'port' && !this.ports.has('error')) this.ports.set('error', new EachPort());
    this.first = this.ports.get(kit.ports[0] ?? '');
  }

  /** What a call returned. One value for the first port, the commonest case, is taken without making anything. */
  take(returned: unknown, index: number, item: unknown): void {
    const { budget } = this.batch;
    budget?.verify();
    if (returned === undefined) return;
    if (Array.isArray(returned) || isDelivery(returned))
      this.add({ out: valuesOf(this.kit, returned, item, budget) }, index, item);
    else {
      if (returned !== item) budget?.items(1);
      this.first?.add(toJson(returned, item, budget), index, item);
    }
  }

  add(outcome: ItemOutcome, index: number, item: unknown): void {
    if (outcome.fault) this.faults.push(outcome.fault);
    for (const port of Object.keys(outcome.out)) {
      for (const value of outcome.out[port] ?? []) this.ports.get(port)?.add(value, index, item);
    }
  }

  done(said: Said): NodeOutcome {
    const count = itemsOf(this.batch).length;
    const out: Record<string, PortItems> = {};
    for (const [name, port] of this.ports) out[name] = port.done(count);
    return { out, faults: this.faults, ...said };
  }
}
