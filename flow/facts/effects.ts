import type { FactOf, FaultRecord, StoredFact } from './fact.ts';

/** What became of one item that a node sent out by itself, or of one call of a node that sends for all of its items. */
export interface ItemEffect {
  /** The item, or the ordinal of the call. */
  readonly item: number;
  /** True when it is a call for the whole batch, which belongs to no item. */
  readonly isCall?: true;
  readonly state: 'sending' | 'done' | 'failed' | 'doubt' | 'retrying';
  /** How often it was sent: what failed before a byte had left was not. */
  readonly attempts: number;
  /** When it was last heard of, in epoch milliseconds. */
  readonly at: number;
  readonly says: string | undefined;
}

type Word = Omit<ItemEffect, 'item' | 'isCall' | 'attempts'> & { readonly attempts?: number | undefined };

/** What one step did outside, from the facts: its items in order, then its calls; none where it does nothing that is journalled one by one. */
export function effectsOf(facts: readonly StoredFact[], place: { readonly key: string; readonly path: string }) {
  const effects = new Effects();
  for (const fact of facts)
    if ('node' in fact.data && fact.data.node === place.key && fact.data.path === place.path) effects.take(fact);
  return effects.list();
}

/** How often something was sent, each try counted. */
export const sentIn = (effects: readonly ItemEffect[]): number =>
  effects.reduce((sum, { attempts }) => sum + attempts, 0);

class Effects {
  private readonly items = new Map<number, ItemEffect>();
  private readonly calls = new Map<number, ItemEffect>();
  /** Attempts that never left, by item. */
  private readonly unsent = new Map<number, Set<number>>();

  list(): readonly ItemEffect[] {
    return [this.items, this.calls].flatMap((known) => [...known.values()].toSorted((a, b) => a.item - b.item));
  }

  take({ type, data, at }: StoredFact): void {
    switch (type) {
      case 'step.intended':
        for (const item of data.items)
          this.note(item, { state: 'sending', at, says: undefined, attempts: this.sentOf(item, data.attempt) });
        return;
      case 'step.in-doubt':
        for (const item of data.items) this.note(item, { state: 'doubt', at, says: undefined });
        if (data.call !== undefined) this.doubtCall(data.call, { state: 'doubt', at, says: undefined });
        return;
      case 'step.answered': {
        const { item, fault } = data;
        const attempts = this.sentOf(item, data.attempt, fault);
        return this.note(item, { state: fault ? 'failed' : 'done', at, says: fault?.message, attempts });
      }
      case 'item.failed': {
        const { item, fault, retryAt } = data;
        const attempts = this.sentOf(item, data.attempt, fault);
        const state = retryAt === undefined ? 'failed' : 'retrying';
        return this.note(item, { state, at, says: fault.message, attempts });
      }
      case 'call.intended':
        return this.noteCall(data, { state: 'sending', at, says: undefined, attempts: this.triesOf(data.call) + 1 });
      case 'call.answered': {
        const { fault } = data;
        const word: Word = { state: fault ? 'failed' : 'done', at, says: fault?.message };
        // What may be repeated freely has no intent: that it was sent is known by its answer.
        const isKnown = this.calls.get(Number(data.call))?.state === 'sending';
        const own = neverLeft(fault) ? 0 : 1;
        return this.noteCall(data, { ...word, attempts: this.triesOf(data.call) - (isKnown ? 1 : 0) + own });
      }
      case 'doubt.answered':
        if (data.item !== undefined) this.note(data.item, { at, ...answered[data.answer] });
        if (data.call !== undefined) this.doubtCall(data.call, { at, ...answered[data.answer] });
        return;
      default: // Tells nothing of what goes out.
    }
  }

  private note(item: number, { attempts, ...next }: Word): void {
    this.items.set(item, { item, attempts: attempts ?? this.items.get(item)?.attempts ?? 1, ...next });
  }

  /** How often an item was sent, with this attempt at it. */
  private sentOf(item: number, attempt: number, fault?: FaultRecord): number {
    const unsent = this.unsent.get(item) ?? new Set<number>();
    if (neverLeft(fault)) this.unsent.set(item, unsent.add(attempt));
    return attempt - unsent.size;
  }

  /** Waiting, asking a person and starting runs are calls too, and send nothing. */
  private noteCall({ call, op }: { call: string; op: string }, word: Word): void {
    if (op.startsWith('http.')) this.setCall(Number(call), word);
  }

  private doubtCall(call: string, word: Word): void {
    if (this.calls.has(Number(call))) this.setCall(Number(call), word);
  }

  private setCall(call: number, { attempts, ...next }: Word): void {
    this.calls.set(call, { item: call, isCall: true, attempts: attempts ?? this.triesOf(`${call}`), ...next });
  }

  private triesOf = (call: string): number => this.calls.get(Number(call))?.attempts ?? 0;
}

const answered: Readonly<Record<FactOf<'doubt.answered'>['data']['answer'], Pick<ItemEffect, 'state' | 'says'>>> = {
  sent: { state: 'done', says: 'Marked as sent by a person' },
  again: { state: 'sending', says: 'Sent again by a person' },
  fail: { state: 'failed', says: 'Marked as failed by a person' },
};

/** Codes of faults that come before a connection stands. */
const before = new Set(['http.dns', 'http.refused', 'http.tls', 'egress-denied', 'http.bad-url', 'http.bad-request']);
/** Codes of faults that may come before it: what is surely not done broke off there. */
const maybeBefore = new Set(['http.timeout', 'http.reset', 'http.closed', 'http.cancelled', 'params.invalid']);

/** Whether no byte had left when it failed. */
function neverLeft(fault: FaultRecord | undefined): boolean {
  if (!fault) return false;
  const { code, done } = fault;
  if (before.has(code) || code.startsWith('credential.')) return (done ?? 'no') === 'no';
  return maybeBefore.has(code) && done === 'no';
}
