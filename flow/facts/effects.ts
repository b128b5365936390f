import type { FactOf, StoredFact } from './fact.ts';

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

/** What one step did outside, from the facts: its items in order, none where it does nothing item by item. */
export function effectsOf(facts: readonly StoredFact[], place: { readonly key: string; readonly path: string }) {
  const effects = new Effects();
  for (const fact of facts)
    if ('node' in fact.data && fact.data.node === place.key && fact.data.path === place.path) effects.take(fact);
  return effects.list();
}

class Effects {
  private readonly items = new Map<number, ItemEffect>();

  list(): readonly ItemEffect[] {
    return [...this.items.values()].toSorted((a, b) => a.item - b.item);
  }

  take({ type, data, at }: StoredFact): void {
    switch (type) {
      case 'step.intended':
        for (const item of data.items)
          this.note(item, { state: 'sending', at, says: undefined, attempts: data.attempt });
        return;
      case 'step.in-doubt':
        for (const item of data.items) this.note(item, { state: 'doubt', at, says: undefined });
        return;
      case 'step.answered': {
        const { item, fault, attempt: attempts } = data;
        return this.note(item, { state: fault ? 'failed' : 'done', at, says: fault?.message, attempts });
      }
      case 'item.failed': {
        const { item, fault, attempt: attempts, retryAt } = data;
        const state = retryAt === undefined ? 'failed' : 'retrying';
        return this.note(item, { state, at, says: fault.message, attempts });
      }
      case 'doubt.answered':
        if (data.item !== undefined) this.note(data.item, { at, ...answered[data.answer] });
        return;
      default: // Tells nothing of an item that goes out.
    }
  }

  private note(item: number, { attempts, ...next }: Word): void {
    this.items.set(item, { item, attempts: attempts ?? this.items.get(item)?.attempts ?? 1, ...next });
  }
}

const answered: Readonly<Record<FactOf<'doubt.answered'>['data']['answer'], Pick<ItemEffect, 'state' | 'says'>>> = {
  sent: { state: 'done', says: 'Counted as sent by a person' },
  again: { state: 'sending', says: 'Sent again by a person' },
  fail: { state: 'failed', says: 'Counted as failed by a person' },
};
