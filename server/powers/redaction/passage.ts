import type { Cover } from './cover.ts';
import type { Finder } from './finder.ts';
import { settled, takeReady } from './found.ts';
import type { Found } from './found.ts';
import { Spans } from './view.ts';
import type { Held, Span } from './view.ts';

/** What nothing but a secret after the other is made of is covered in stretches of so many pieces: it is not held until it ends. */
const piecesMost = 8;

/**
 * Bytes on their way from outside, whose secrets are covered as they pass. They are looked through in pieces that lie at the same places however they come,
 * so that it is the same whether they come one by one or as a whole; what may still turn out to be part of a secret is held.
 *
 *     given on          held: a secret may begin here | looked through | not yet
 *     ─────────────────|──────────────────────────────|────────────────|─────────
 */
export class Passage {
  /** Whether anything was covered. */
  hasFound = false;
  private readonly finder: Finder;
  private readonly coverOf: (held: Held, span: Span) => Cover;
  private readonly found: Found = { spans: new Spans(), loose: new Spans() };
  private held: Uint8Array = new Uint8Array();
  /** The place in the whole at which what is held begins, and at which what comes will. */
  private at = 0;
  private length = 0;
  /** Where the next piece begins. */
  private next = 0;
  private fresh: Uint8Array[] = [];

  constructor(finder: Finder, coverOf: (held: Held, span: Span) => Cover) {
    this.finder = finder;
    this.coverOf = coverOf;
  }

  /** What can be given on when this has come, a list for each piece that was looked through. */
  *take(chunk: Uint8Array): Generator<Uint8Array[], void> {
    if (chunk.length === 0) return;
    this.fresh.push(chunk);
    this.length += chunk.length;
    const { piece, overlap } = this.finder;
    while (this.length >= this.next + piece + overlap) yield this.look(this.next + piece + overlap, false);
  }

  /** What is left, when nothing more comes. */
  *end(): Generator<Uint8Array[], void> {
    const { piece, overlap } = this.finder;
    while (this.next < this.length) {
      const isLast = this.next + piece >= this.length;
      yield this.look(Math.min(this.length, this.next + piece + overlap), isLast);
    }
  }

  private look(end: number, isLast: boolean): Uint8Array[] {
    this.gather();
    this.finder.look({ bytes: this.held, at: this.at }, this.next, end, this.found);
    this.next += this.finder.piece;
    return this.pass(isLast ? Number.POSITIVE_INFINITY : this.next);
  }

  private gather(): void {
    if (this.fresh.length === 0) return;
    const parts = this.held.length === 0 ? this.fresh : [this.held, ...this.fresh];
    this.held = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.fresh = [];
  }

  /** Gives on what lies before a place behind which alone something may still be found. */
  private pass(frontier: number): Uint8Array[] {
    const held = { bytes: this.held, at: this.at };
    const most = piecesMost * this.finder.piece;
    let { ready, from } = takeReady(this.found, frontier);
    if (frontier - from > most && Number.isFinite(frontier)) {
      ready = { spans: this.found.spans.cutAt(frontier), loose: this.found.loose.cutAt(frontier) };
      from = frontier;
    }
    const parts: Uint8Array[] = [];
    let given = this.at;
    const giveTo = (place: number) => {
      if (place > given) parts.push(this.held.subarray(given - this.at, place - this.at));
      given = Math.max(given, place);
    };
    for (const span of settled(held, ready)) {
      const cover = this.coverOf(held, span);
      giveTo(cover.from);
      parts.push(cover.instead);
      given = Math.max(given, cover.to);
      this.hasFound = true;
    }
    // What begins there in UTF-32 may take three bytes before it along.
    giveTo(Math.min(from - 3, this.length));
    this.held = this.held.subarray(given - this.at);
    this.at = given;
    return parts;
  }
}
