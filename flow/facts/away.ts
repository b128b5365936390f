import { isObject } from '../document/json.ts';
import { swapPlaces } from './places.ts';
import { swapRecord, within } from './place-rows.ts';
import type { PlaceKind } from './place-rows.ts';

/** What stands on the wire for a value that was not sent along: bytes of its JSON, of a list how many it holds. */
export interface AwayMark {
  readonly $away: number;
  readonly count?: number;
}

/** A value that was left where it is kept: in which fact, at which JSON pointer within its data. */
export class Away {
  readonly seq: number;
  readonly at: string;
  /** Bytes of its JSON. */
  readonly size: number;

  constructor(seq: number, at: string, size: number) {
    this.seq = seq;
    this.at = at;
    this.size = size;
  }
}

/** An item of a list that was left where it is kept. It goes through joins and selections like any item: how many there are is always known. */
export class AwayItem {
  readonly list: Away;
  readonly index: number;

  constructor(list: Away, index: number) {
    this.list = list;
    this.index = index;
  }
}

/** The lists that items come from which are not here, each once; none when all of them are here. */
export function awayLists(items: readonly unknown[]): readonly Away[] {
  const lists = new Set<Away>();
  for (const item of items) if (item instanceof AwayItem) lists.add(item.list);
  return [...lists];
}

/** Whether some of the items are not here. */
export const hasAway = (items: readonly unknown[]): boolean => items.some((item) => item instanceof AwayItem);

/** The items, with those that were left taken from their lists. */
export const brought = (items: readonly unknown[], listOf: (list: Away) => readonly unknown[]): readonly unknown[] =>
  items.map((item) => (item instanceof AwayItem ? listOf(item.list)[item.index] : item));

/** The data of a fact as it came over the wire, with what was left told apart from what a person's data may look like. */
export function unmark(seq: number, type: string, data: unknown): unknown {
  const swap = (kind: PlaceKind, value: unknown, at: string): unknown => {
    // Records come whole, with what they delivered left out one by one.
    if (kind === 'records' && Array.isArray(value))
      return value.map((record, index) => swapRecord(record, within(at, index), swap));
    if (!isMark(value)) return value;
    const { $away, count = 0, ...rest } = value;
    const away = new Away(seq, at, $away);
    if (kind === 'value') return away;
    const items = Array.from({ length: count }, (_, index) => new AwayItem(away, index));
    return kind === 'port' ? { items, ...rest } : items;
  };
  return swapPlaces(type, data, swap);
}

/** A list is never an object, what a port delivered never holds this, and a value that looks like it is sent as one that was left. */
export const isMark = (value: unknown): value is AwayMark & Readonly<Record<string, unknown>> =>
  isObject(value) && typeof value['$away'] === 'number';
