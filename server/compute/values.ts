/** Where the values of a list stand in a table: a run of places, or each of them. */
export type Places = { readonly from: number; readonly count: number } | { readonly at: readonly number[] };

/**
 * The values that travel between two processes, each once: what is one object here is one object there, so that nodes which tell items by identity
 * find them again. `known` are those that both sides have already; only what is added is sent.
 */
export class ValueTable {
  /** What was added, in the order of its places. */
  readonly added: unknown[] = [];
  private readonly known: readonly unknown[];
  private readonly places = new Map<object, number>();

  constructor(known: readonly unknown[] = []) {
    this.known = known;
    known.forEach((value, place) => {
      if (typeof value === 'object' && value !== null && !this.places.has(value)) this.places.set(value, place);
    });
  }

  /** The places of a list; what is not in the table yet is added. */
  put(list: readonly unknown[]): Places {
    const first = list.length === 0 ? 0 : this.place(list[0]);
    const at = [first];
    let isRun = true;
    for (let index = 1; index < list.length; index++) {
      const place = this.place(list[index]);
      isRun &&= place === first + index;
      at.push(place);
    }
    return isRun ? { from: first, count: list.length } : { at };
  }

  private place(value: unknown): number {
    const isObject = typeof value === 'object' && value !== null;
    const place = isObject ? this.places.get(value) : undefined;
    if (place !== undefined) return place;
    const next = this.known.length + this.added.length;
    if (isObject) this.places.set(value, next);
    this.added.push(value);
    return next;
  }
}

/** The list that stands at places of a table. */
export function listAt(values: readonly unknown[], places: Places): unknown[] {
  return 'at' in places
    ? places.at.map((place) => values[place])
    : values.slice(places.from, places.from + places.count);
}
