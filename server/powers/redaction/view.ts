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

/** Shows a part of bytes in a view, as they are. */
export function showIn(view: View, bytes: Uint8Array, start: number, end: number): void {
  view.bytes.set(bytes.subarray(start, end));
  view.length = end - start;
  for (let at = 0; at < view.length; at++) {
    view.from[at] = start + at;
    view.to[at] = start + at + 1;
  }
}

/** A stretch of the original. */
export interface Span {
  from: number;
  to: number;
}

/** Stretches of the original: `from`, `to`, `from`, `to`, … */
export class Spans {
  readonly ends: number[] = [];

  /** Stretches that follow each other closely become one at once, so that a long repetition is one and not one for each of its letters. */
  add(from: number, to: number): void {
    const { ends } = this;
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
}
