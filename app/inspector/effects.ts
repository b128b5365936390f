import * as z from 'zod';
import type { Fact } from '../api/facts.ts';

/** What became of one item that a node sent out by itself. */
export interface ItemEffect {
  readonly item: number;
  readonly state: 'sending' | 'done' | 'failed' | 'doubt' | 'retrying';
  readonly attempts: number;
  /** When it was last heard of, ISO. */
  readonly at: string;
  readonly says: string | undefined;
}

const many = z.looseObject({
  node: z.string(),
  path: z.string(),
  items: z.array(z.int()),
  attempt: z.int().optional(),
});
const one = z.looseObject({
  node: z.string(),
  path: z.string(),
  item: z.int(),
  attempt: z.int().optional(),
  fault: z.looseObject({ message: z.string() }).optional(),
  retryAt: z.number().optional(),
  answer: z.string().optional(),
});

/** Item by item what each node did outside, from the facts; by node and path. Nodes that do nothing item by item are missing. */
export function effectsOf(facts: readonly Fact[]): ReadonlyMap<string, readonly ItemEffect[]> {
  const places = new Map<string, Map<number, ItemEffect>>();
  const note = (
    place: string,
    item: number,
    next: Omit<ItemEffect, 'item' | 'attempts'> & { attempts?: number | undefined },
  ) => {
    const known = places.get(place) ?? new Map<number, ItemEffect>();
    const attempts = next.attempts ?? known.get(item)?.attempts ?? 1;
    places.set(place, known.set(item, { ...next, item, attempts }));
  };
  for (const { type, data, at } of facts) {
    if (type === 'step.intended' || type === 'step.in-doubt') {
      const { data: read } = many.safeParse(data);
      const state = type === 'step.intended' ? 'sending' : 'doubt';
      for (const item of read?.items ?? [])
        note(placeOf(read), item, { state, at, says: undefined, attempts: read?.attempt });
      continue;
    }
    const { data: read } = one.safeParse(data);
    if (!read) continue;
    const says = read.fault?.message;
    const base = { at, says, attempts: read.attempt };
    if (type === 'step.answered') note(placeOf(read), read.item, { ...base, state: read.fault ? 'failed' : 'done' });
    else if (type === 'item.failed')
      note(placeOf(read), read.item, { ...base, state: read.retryAt === undefined ? 'failed' : 'retrying' });
    else if (type === 'doubt.answered') note(placeOf(read), read.item, { ...base, ...answered(read.answer) });
  }
  return new Map([...places].map(([place, items]) => [place, [...items.values()].toSorted((a, b) => a.item - b.item)]));
}

const placeOf = (read: { node: string; path: string } | undefined) => `${read?.node ?? ''}${read?.path ?? ''}`;

function answered(answer: string | undefined): Pick<ItemEffect, 'state' | 'says'> {
  if (answer === 'sent') return { state: 'done', says: 'Counted as sent by a person' };
  if (answer === 'again') return { state: 'sending', says: 'Sent again by a person' };
  return { state: 'failed', says: 'Counted as failed by a person' };
}
