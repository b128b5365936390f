import * as z from 'zod';
import type { Fact } from '../api/facts.ts';

/** A stretch of time in which a step did nothing but wait; without an end it still does. */
export interface Wait {
  readonly from: number;
  readonly to: number | undefined;
  readonly why: 'person' | 'time' | 'run' | 'retry' | 'doubt' | 'outside';
}

const placed = z.looseObject({ node: z.string(), path: z.string(), call: z.string().optional() });
const suspended = z.object({ waiting: z.object({ kind: z.string() }) });
const retried = z.object({ retryAt: z.number() });
const ofItem = z.object({ item: z.number() });

const kinds: Readonly<Record<string, Wait['why']>> = { review: 'person', timer: 'time', run: 'run', token: 'outside' };

/** When each step waited and for what, from the facts; by node and path, as steps name them. */
export function waitsOf(facts: readonly Fact[]): ReadonlyMap<string, readonly Wait[]> {
  const waits = new Map<string, Wait[]>();
  const open = new Map<string, Wait>();
  const begin = (place: string, id: string, wait: Wait) => {
    open.set(id, wait);
    waits.set(place, [...(waits.get(place) ?? []), wait]);
  };
  const end = (place: string, id: string, at: number) => {
    const wait = open.get(id);
    if (!wait) return;
    open.delete(id);
    waits.set(
      place,
      (waits.get(place) ?? []).map((one) => (one === wait ? { ...one, to: at } : one)),
    );
  };
  const items = new ItemRetries();
  for (const { type, data, at } of facts) {
    const read = placed.safeParse(data);
    if (!read.success) continue;
    const time = Date.parse(at);
    const place = `${read.data.node}${read.data.path}`;
    const id = `${place} ${read.data.call ?? ''}`;
    if (type === 'call.suspended') {
      const { data: why } = suspended.safeParse(data);
      begin(place, id, { from: time, to: undefined, why: kinds[why?.waiting.kind ?? ''] ?? 'outside' });
    } else if (type === 'step.in-doubt') begin(place, id, { from: time, to: undefined, why: 'doubt' });
    else if (type === 'call.answered' || type === 'timer.due' || type === 'doubt.answered') end(place, id, time);
    else if (type === 'step.failed') {
      const { data: again } = retried.safeParse(data);
      if (again) begin(place, `${id} ${time}`, { from: time, to: Math.max(time, again.retryAt), why: 'retry' });
    }
    const { data: one } = ofItem.safeParse(data);
    if (one && (type === 'item.failed' || type === 'step.answered'))
      waits.set(place, [
        ...items.after(place, waits.get(place) ?? [], { ...one, time, to: retried.safeParse(data).data?.retryAt }),
      ]);
  }
  return waits;
}

interface ItemWord {
  readonly item: number;
  readonly time: number;
  /** When it is tried again; without, it is done. */
  readonly to: number | undefined;
}

/**
 * A step tries its items again one by one, and waits only when no other is on its way: which it was is known once the next one ends. So a wait
 * stands from the last word of an item to the first time that one is due, and is taken back when an item ends that was not waiting.
 */
class ItemRetries {
  private readonly due = new Map<string, Map<number, number>>();
  private readonly last = new Map<string, Wait>();

  after(place: string, waits: readonly Wait[], { item, time, to }: ItemWord): readonly Wait[] {
    const due = this.due.get(place) ?? new Map<number, number>();
    this.due.set(place, due);
    const last = this.last.get(place);
    const wasWaiting = (due.get(item) ?? Infinity) <= time;
    const left = last && !wasWaiting ? waits.filter((wait) => wait !== last) : waits;
    due.delete(item);
    if (to !== undefined) due.set(item, to);
    const first = Math.min(...due.values());
    this.last.delete(place);
    if (due.size === 0 || first <= time) return left;
    const wait: Wait = { from: time, to: first, why: 'retry' };
    this.last.set(place, wait);
    return [...left, wait];
  }
}

/** When a step that waits now goes again by itself; undefined when it does not. */
export const triesAgainAt = (waits: readonly Wait[] | undefined, now: number): number | undefined =>
  waits?.find(({ why, to }) => why === 'retry' && to !== undefined && to > now)?.to;
