import type { StoredFact } from './fact.ts';
import { kindOf } from './kinds.ts';
import type { Wait } from './wait.ts';

const none: readonly Wait[] = [];

/** When each step waited and for what, fact by fact; by node and path, as steps name them. */
export class Waits {
  private readonly places = new Map<string, StepWaits>();

  /** The waits of a step, by its node's key and path. */
  of(place: string): readonly Wait[] {
    // Of a run that never waited this is asked for each of 50,000 steps: no name is then put together, let alone looked up.
    return (this.places.size === 0 ? undefined : this.places.get(place)?.list()) ?? none;
  }

  take(fact: StoredFact): void {
    const news = kindOf(fact).waits?.(fact as never);
    if (!news || !('node' in fact.data)) return;
    const { node, path } = fact.data;
    const name = `${node}${path}`;
    if ('begins' in news) this.at(name).begin(news.begins, news.wait);
    // Most steps never wait: nothing is kept of those.
    else if ('ends' in news) this.places.get(name)?.end(news.ends, fact.at);
    else if (news.retryAt === undefined) this.places.get(name)?.item(news.item, fact.at);
    else this.at(name).item(news.item, fact.at, news);
  }

  private at(name: string): StepWaits {
    const known = this.places.get(name) ?? new StepWaits();
    this.places.set(name, known);
    return known;
  }
}

/** When the waits of all steps were, by node and path. */
export function waitsOf(facts: readonly StoredFact[]): Waits {
  const waits = new Waits();
  for (const fact of facts) waits.take(fact);
  return waits;
}

/**
 * What one step waited for. It tries its items again one by one, and waits only when no other is on its way: which it was is known once the next
 * one ends. So a wait stands from the last word of an item to the first time that one is due, and is taken back when an item ends that was not
 * waiting.
 */
class StepWaits {
  private readonly waits: Wait[] = [];
  private readonly open = new Map<string, number>();
  private readonly due = new Map<number, Due>();
  private last: Wait | undefined;
  private listed: readonly Wait[] | undefined;

  /** The same list until something is taken. */
  list(): readonly Wait[] {
    this.listed ??= [...this.waits, ...(this.last ? [this.last] : [])].toSorted((a, b) => a.from - b.from);
    return this.listed;
  }

  begin(id: string, wait: Wait): void {
    this.listed = undefined;
    this.open.set(id, this.waits.push(wait) - 1);
  }

  end(id: string, at: number): void {
    const index = this.open.get(id);
    const wait = index === undefined ? undefined : this.waits[index];
    if (index === undefined || !wait) return;
    this.listed = undefined;
    this.open.delete(id);
    this.waits[index] = { ...wait, to: at };
  }

  item(item: number, at: number, { retryAt, says }: { retryAt?: number | undefined; says?: string } = {}): void {
    if (this.due.size === 0 && retryAt === undefined) return;
    this.listed = undefined;
    const wasWaiting = (this.due.get(item)?.at ?? Infinity) <= at;
    if (this.last && wasWaiting) this.waits.push(this.last);
    this.last = undefined;
    this.due.delete(item);
    if (retryAt !== undefined) this.due.set(item, { at: retryAt, says });
    const first = this.firstDue();
    if (!first || first.at <= at) return;
    const wrong = first.says === undefined ? {} : { says: first.says };
    this.last = { from: at, to: first.at, why: 'retry', ...wrong };
  }

  private firstDue(): Due | undefined {
    let first: Due | undefined;
    for (const due of this.due.values()) if (!first || due.at < first.at) first = due;
    return first;
  }
}

/** When an item is tried again, and what went wrong with it. */
interface Due {
  readonly at: number;
  readonly says: string | undefined;
}

/** When a step that waits now goes again by itself; undefined when it does not. */
export const triesAgainAt = (waits: readonly Wait[], now: number): number | undefined =>
  waits.find(({ why, to }) => why === 'retry' && to !== undefined && to > now)?.to;
