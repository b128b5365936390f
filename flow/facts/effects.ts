import type { EventOf, StoredEvent } from './events.ts';

/** What became of one item that a node sent out by itself. */
export interface ItemEffect {
  readonly item: number;
  readonly state: 'sending' | 'done' | 'failed' | 'doubt' | 'retrying';
  readonly attempts: number;
  /** When it was last heard of, in epoch milliseconds. */
  readonly at: number;
  readonly says: string | undefined;
}

type Word = Omit<ItemEffect, 'item' | 'attempts'> & { readonly attempts?: number | undefined };

const none: readonly ItemEffect[] = [];

/** Item by item what each node did outside, fact by fact. */
export class Effects {
  private readonly places = new Map<string, Map<number, ItemEffect>>();
  private readonly listed = new Map<string, readonly ItemEffect[]>();

  /** What a step did, by its node's key and path: its items in order, none where it does nothing item by item. The same list until one moves. */
  of(place: string): readonly ItemEffect[] {
    const items = this.places.get(place);
    if (!items) return none;
    const list = this.listed.get(place) ?? [...items.values()].toSorted((a, b) => a.item - b.item);
    this.listed.set(place, list);
    return list;
  }

  take({ type, data, at }: StoredEvent): void {
    switch (type) {
      case 'step.intended':
        for (const item of data.items)
          this.note(data, item, { state: 'sending', at, says: undefined, attempts: data.attempt });
        return;
      case 'step.in-doubt':
        for (const item of data.items) this.note(data, item, { state: 'doubt', at, says: undefined });
        return;
      case 'step.answered': {
        const { item, fault, attempt: attempts } = data;
        return this.note(data, item, { state: fault ? 'failed' : 'done', at, says: fault?.message, attempts });
      }
      case 'item.failed': {
        const { item, fault, attempt: attempts, retryAt } = data;
        const state = retryAt === undefined ? 'failed' : 'retrying';
        return this.note(data, item, { state, at, says: fault.message, attempts });
      }
      case 'doubt.answered':
        if (data.item !== undefined) this.note(data, data.item, { at, ...answered[data.answer] });
    }
  }

  private note({ node, path }: { node: string; path: string }, item: number, { attempts, ...next }: Word): void {
    const place = `${node}${path}`;
    const known = this.places.get(place) ?? new Map<number, ItemEffect>();
    this.places.set(place, known.set(item, { item, attempts: attempts ?? known.get(item)?.attempts ?? 1, ...next }));
    this.listed.delete(place);
  }
}

const answered: Readonly<Record<EventOf<'doubt.answered'>['data']['answer'], Pick<ItemEffect, 'state' | 'says'>>> = {
  sent: { state: 'done', says: 'Counted as sent by a person' },
  again: { state: 'sending', says: 'Sent again by a person' },
  fail: { state: 'failed', says: 'Counted as failed by a person' },
};
