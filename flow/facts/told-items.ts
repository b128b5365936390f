import type { FactOf, FaultRecord, LogLine, NodeRecord, StoredFact } from './fact.ts';
import { outputKey } from './state.ts';

const noLines: readonly LogLine[] = [];

/**
 * What facts told of items that were answered one by one, which the record of the whole has not: their logs, by which faults they went on, how
 * often they were tried. By node and path. Most runs have little of it: no name is then put together, let alone looked up.
 */
export class ToldItems {
  private readonly logs = new Map<string, LogLine[]>();
  private readonly faults = new Map<string, FaultRecord[]>();
  /** The most attempts that an item took, where more than one: the state forgets its items when their stage ends. */
  private readonly tries = new Map<string, number>();

  get anyTries(): boolean {
    return this.tries.size > 0;
  }

  take(fact: StoredFact): void {
    if (fact.type !== 'item.failed' && fact.type !== 'step.answered') return;
    const { node, path, attempt } = fact.data;
    if (attempt > this.triesOf({ key: node, path })) this.tries.set(outputKey(node, path), attempt);
    if (fact.type === 'step.answered') this.answered(fact.data);
  }

  /** The most attempts that one of a step's items took. */
  triesOf({ key, path }: { readonly key: string; readonly path: string }): number {
    return (this.tries.size === 0 ? undefined : this.tries.get(outputKey(key, path))) ?? 1;
  }

  /** A record that has lines of its own was made of one item's. */
  logsOf({ key, path, logs, byItem }: NodeRecord): readonly LogLine[] {
    return logs ?? (byItem && this.logs.size > 0 ? this.logs.get(outputKey(key, path)) : undefined) ?? noLines;
  }

  /** What of a record's items failed and went on. */
  faultsOf({ key, path, byItem, faults }: NodeRecord): readonly FaultRecord[] | undefined {
    if (!byItem) return faults;
    return this.faults.size === 0 ? undefined : this.faults.get(outputKey(key, path));
  }

  private answered({ node, path, item, fault, late, logs = [] }: FactOf<'step.answered'>['data']): void {
    if (fault && !late) push(this.faults, outputKey(node, path), [{ ...fault, item }]);
    if (logs.length > 0) push(this.logs, outputKey(node, path), logs);
  }
}

function push<Thing>(lists: Map<string, Thing[]>, key: string, things: readonly Thing[]): void {
  const known = lists.get(key);
  if (known) known.push(...things);
  else lists.set(key, [...things]);
}
