import { isQuote } from './escapes.ts';
import { Spans } from './view.ts';
import type { Held, Span } from './view.ts';

/** What was found, and what was found only with quotation marks read as doubled ones. */
export interface Found {
  readonly spans: Spans;
  readonly loose: Spans;
}

/**
 * Takes out of what was found all that ends before a place behind which alone something may still be found: nothing of that is touched by it. What touches
 * that place stays together, and so does what it is touched by; `from` says where that begins.
 */
export function takeReady(found: Found, frontier: number): { readonly ready: Found; readonly from: number } {
  const all = new Spans([...found.spans.ends, ...found.loose.ends]).joined();
  const from = all.find(({ to }) => to >= frontier)?.from ?? frontier;
  const cut = Math.min(from, frontier);
  return { ready: { spans: found.spans.takeBefore(cut), loose: found.loose.takeBefore(cut) }, from: cut };
}

/** Of `"\"…` in JSON the first one is no part of a secret that begins with two: where one was found surely, quotation marks beside it are left. */
export function settled({ bytes, at }: Held, { spans, loose }: Found): Span[] {
  const sure = spans.joined();
  if (loose.ends.length === 0) return sure;
  let nth = 0;
  for (let { from, to } of loose.joined()) {
    while (nth < sure.length && sure[nth]!.to < from) nth++;
    if (nth < sure.length && sure[nth]!.from <= to) {
      while (from < to && isQuote(bytes[from - at])) from++;
      while (from < to && isQuote(bytes[to - 1 - at])) to--;
    }
    if (from < to) spans.add(from, to);
  }
  return spans.joined();
}
