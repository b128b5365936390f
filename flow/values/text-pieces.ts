import { isHigh, isLow } from './code-points.ts';

/** A long text in pieces of about so many characters, never cut between the two halves of one. */
export function* textPieces(text: string, size: number): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = from + size;
    const isCut = isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end));
    const to = isCut ? end + 1 : end;
    yield text.slice(from, to);
    from = to;
  }
}
