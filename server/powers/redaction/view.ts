/** Bytes as somebody may read them, each with the stretch of the original that it was read from. */
export interface View {
  bytes: Uint8Array;
  from: Int32Array;
  to: Int32Array;
  length: number;
}

/** An empty view with room for so many bytes. */
export const emptyView = (size: number): View => ({
  bytes: new Uint8Array(size),
  from: new Int32Array(size),
  to: new Int32Array(size),
  length: 0,
});

/** Shows bytes in a view, as they are; the first of them stands at that place of the original. */
export function showIn(view: View, bytes: Uint8Array, start: number): void {
  view.bytes.set(bytes);
  view.length = bytes.length;
  for (let at = 0; at < view.length; at++) {
    view.from[at] = start + at;
    view.to[at] = start + at + 1;
  }
}

/** Bytes of a whole, and at which place of it they begin. */
export interface Held {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** A stretch of the original. */
export interface Span {
  from: number;
  to: number;
}

/** Stretches of the original: `from`, `to`, `from`, `to`, … */
export class Spans {
  private list: number[];

  constructor(ends: number[] = []) {
    this.list = ends;
  }

  get ends(): readonly number[] {
    return this.list;
  }

  /** Stretches that follow each other closely become one at once, so that a long repetition is one and not one for each of its letters. */
  add(from: number, to: number): void {
    const ends = this.list;
    const last = ends.length - 1;
    if (last > 0 && from <= ends[last]! && to >= ends[last - 1]!) {
      ends[last - 1] = Math.min(ends[last - 1]!, from);
      ends[last] = Math.max(ends[last]!, to);
    } else ends.push(from, to);
  }

  /** In order, those that overlap or touch as one. */
  joined(): Span[] {
    const all: Span[] = [];
    for (let at = 0; at < this.ends.length; at += 2) all.push({ from: this.ends[at]!, to: this.ends[at + 1]! });
    const joined: Span[] = [];
    for (const span of all.toSorted((a, b) => a.from - b.from)) {
      const last = joined.at(-1);
      if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
      else joined.push(span);
    }
    return joined;
  }

  /** Takes those out that begin before a place; those that are left are joined. */
  takeBefore(place: number): Spans {
    const all = this.joined();
    this.list = endsOf(all.filter(({ from }) => from >= place));
    return new Spans(endsOf(all.filter(({ from }) => from < place)));
  }

  /** The same, and of those that go on behind it what is before it. */
  cutAt(place: number): Spans {
    const before = this.takeBefore(place).joined();
    const rest = before.filter(({ to }) => to > place).map(({ to }) => ({ from: place, to }));
    this.list = endsOf([...rest, ...this.joined()]);
    return new Spans(endsOf(before.map(({ from, to }) => ({ from, to: Math.min(to, place) }))));
  }
}

const endsOf = (spans: readonly Span[]): number[] => spans.flatMap(({ from, to }) => [from, to]);
