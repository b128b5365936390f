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
  }
  return waits;
}
