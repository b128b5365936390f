import type { Work } from '../../text/turns.ts';
import type { Spans, View } from './view.ts';

/** So many states are linked between two looks at the clock: a millisecond or two. */
const linkedAtOnce = 16_384;

/**
 * Finds many words at once, in time that grows with the text alone, whatever words and text are: repetitions too, where a search that begins
 * again at each letter takes the product of both lengths. Source: Aho and Corasick, Efficient string matching, CACM 18 (1975).
 *
 * States are numbers; the children of a state are a list, `child` its head and `sibling` its links, because all but a few states have one. Those
 * of the root, where most of a text is read, are a table.
 */
export class Automaton {
  readonly longest: number;
  private readonly root = new Int32Array(256);
  private readonly byte: Uint8Array;
  private readonly child: Int32Array;
  private readonly sibling: Int32Array;
  private readonly fail: Int32Array;
  /** How long the longest word is that ends in a state; 0 where none does. */
  private readonly ends: Int32Array;
  private states = 1;

  private constructor(words: readonly Uint8Array[]) {
    this.longest = Math.max(0, ...words.map(({ length }) => length));
    const most = words.reduce((sum, { length }) => sum + length, 1);
    this.byte = new Uint8Array(most);
    this.child = new Int32Array(most);
    this.sibling = new Int32Array(most);
    this.fail = new Int32Array(most);
    this.ends = new Int32Array(most);
  }

  /** One of some words, made in turns: each of their bytes takes a tenth of a microsecond. */
  static *of(words: readonly Uint8Array[]): Work<Automaton> {
    const made = new Automaton(words);
    for (const word of words) {
      made.add(word);
      yield;
    }
    yield* made.link();
    return made;
  }

  /** Adds where words stand in the view, overlapping ones too: two secrets that share letters must not save each other. */
  scan({ bytes, from, to, length }: View, spans: Spans): void {
    if (this.states === 1) return;
    const { root, ends } = this;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at]!;
      state = state === 0 ? root[byte]! : this.step(state, byte);
      const size = ends[state]!;
      if (size > 0) spans.add(from[at - size + 1]!, to[at]!);
    }
  }

  private step(begun: number, byte: number): number {
    for (let state = begun; state !== 0; state = this.fail[state]!) {
      const next = this.childOf(state, byte);
      if (next !== 0) return next;
    }
    return this.root[byte]!;
  }

  private childOf(state: number, byte: number): number {
    let next = this.child[state]!;
    while (next !== 0 && this.byte[next] !== byte) next = this.sibling[next]!;
    return next;
  }

  private add(word: Uint8Array): void {
    let state = 0;
    for (const byte of word)
      state = (state === 0 ? this.root[byte]! : this.childOf(state, byte)) || this.grow(state, byte);
    this.ends[state] = word.length;
  }

  private grow(parent: number, byte: number): number {
    const made = this.states++;
    this.byte[made] = byte;
    if (parent === 0) this.root[byte] = made;
    else {
      this.sibling[made] = this.child[parent]!;
      this.child[parent] = made;
    }
    return made;
  }

  /** Where to go on when a word breaks off: the longest beginning of another one that has been read by then. States in order of their depth. */
  private *link(): Work<void> {
    const queue = new Int32Array(this.states);
    let last = 0;
    for (const state of this.root) if (state !== 0) queue[last++] = state;
    for (let first = 0; first < last; first++) {
      const state = queue[first]!;
      for (let next = this.child[state]!; next !== 0; next = this.sibling[next]!) {
        const fallback = this.step(this.fail[state]!, this.byte[next]!);
        this.fail[next] = fallback;
        if (this.ends[next] === 0) this.ends[next] = this.ends[fallback]!;
        queue[last++] = next;
      }
      if (first % linkedAtOnce === 0) yield;
    }
  }
}
