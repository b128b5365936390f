import { apart, between, layers, quotes, together, unescape } from './escapes.ts';
import type { Scheme } from './escapes.ts';
import { base64Fold, fold, hexFold } from './folds.ts';
import type { Lexicon } from './lexicon.ts';
import type { Found } from './found.ts';
import { emptyView, showIn } from './view.ts';
import type { Held, Spans, View } from './view.ts';

/** How long a secret of so many bytes may be written: each as an entity inside an escape of an escape, of long ones not every one of them. */
const writtenMost = (size: number): number => Math.min(32 * size, 12 * size + 16 * 1024) + 256;
const usualPiece = 64 * 1024;

/**
 * Finds secrets in bytes by reading these towards the secret, and not by a list of ways to write it: the bytes are read as they are, then with one layer of
 * escapes taken off, and so on to the last; each of these readings is looked through as it is, as base64 and as hexadecimal.
 *
 *     a text    "Basic\u0020c2VjcmV0\nIHdvcmRz" ──unescape──> Basic c2VjcmV0⏎IHdvcmRz ──unescape──> (nothing more)
 *                      │ as it is, base64, hex                    │ as it is, base64, hex
 *
 * A long text is read in pieces that overlap by the longest that a secret may be written, each by itself (`Passage`): there can be a turn between them, and
 * what comes piece by piece is read like what is there as a whole.
 */
export class Finder {
  private readonly lexicons: readonly Lexicon[];
  private readonly longest: number;
  /** How far behind its piece a secret that begins in it may end. */
  readonly overlap: number;
  /** Bytes that are looked through in one go, beside the overlap. */
  readonly piece: number;
  private readonly schemes: readonly Scheme[];
  private readonly quotes: readonly Scheme[];

  /** Looks for what each of some lexicons has. */
  constructor(lexicons: readonly Lexicon[]) {
    this.lexicons = lexicons;
    this.schemes = lexicons.some(({ hasEscapes }) => hasEscapes) ? [together, ...apart] : [together];
    this.quotes = lexicons.some((one) => one.hasQuotes) ? quotes : [];
    this.longest = Math.max(0, ...lexicons.map(({ plain }) => plain.longest));
    this.overlap = writtenMost(this.longest);
    this.piece = Math.max(usualPiece, 2 * this.overlap);
  }

  /** Whether there is anything to look for. */
  get isIdle(): boolean {
    return this.longest === 0;
  }

  /** Looks through one piece, from a place in the whole to another, of which at least that much is held, and adds what begins in it. */
  look({ bytes, at }: Held, start: number, end: number, found: Found): void {
    const scratch = scratchFor(this.piece + this.overlap);
    const { whole, narrow } = scratch;
    showIn(whole, bytes.subarray(start - at, end - at), start);
    this.readTwice(whole, scratch, found);
    if (unescape(whole, narrow, between)) this.readTwice(narrow, scratch, found);
  }

  /** As it is, and as CSV and SQL write quotation marks, where there are any in a secret. */
  private readTwice(view: View, scratch: Scratch, { spans, loose }: Found): void {
    this.readAll(view, scratch, { spans, loose });
    for (const quote of this.quotes) {
      if (!unescape(view, scratch.unquoted, quote)) continue;
      this.scanPlain(scratch.unquoted, loose);
      for (const read of layers(scratch.unquoted, together, scratch)) this.scanPlain(read, loose);
    }
  }

  /** What is base64 or hexadecimal has no escapes of its own in it: it is found with all escapes read together, or not at all. */
  private readAll(view: View, scratch: Scratch, { spans, loose }: Found): void {
    const { folded, last } = scratch;
    this.scan(view, folded, spans);
    for (const scheme of this.schemes)
      for (const read of layers(view, scheme, scratch)) {
        if (scheme === together) this.scan(read, folded, spans);
        else this.scanPlain(read, spans);
        for (const quote of this.quotes) if (unescape(read, last, quote)) this.scanPlain(last, loose);
      }
  }

  private scan(view: View, folded: View, spans: Spans): void {
    this.scanPlain(view, spans);
    fold(view, base64Fold, folded);
    for (const { base64 } of this.lexicons) base64.scan(folded, spans);
    fold(view, hexFold, folded);
    for (const { hex } of this.lexicons) hex.scan(folded, spans);
  }

  private scanPlain(view: View, spans: Spans): void {
    for (const { plain } of this.lexicons) plain.scan(view, spans);
  }
}

/** Where pieces are read: as they are, without zeros, without double marks, two layers in turn, and what one is folded to. */
type Scratch = Readonly<Record<'whole' | 'narrow' | 'unquoted' | 'first' | 'second' | 'last' | 'folded', View>>;

const scratchOf = (size: number): Scratch => ({
  whole: emptyView(size),
  narrow: emptyView(size),
  unquoted: emptyView(size),
  first: emptyView(size),
  second: emptyView(size),
  last: emptyView(size),
  folded: emptyView(size),
});

/** Pieces are read in one go, so that all are read in the same place. */
let shared = scratchOf(0);

function scratchFor(size: number): Scratch {
  if (shared.whole.bytes.length < size) shared = scratchOf(size);
  return shared;
}
