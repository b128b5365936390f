import { isHigh, isLow } from '../../flow/values/code-points.ts';
import { pieceSize } from './turns.ts';
import type { Turns } from './turns.ts';

/** A long text in pieces, never cut between the two halves of a character. */
export function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = from + pieceSize;
    const isCut = isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end));
    const to = isCut ? end + 1 : end;
    yield text.slice(from, to);
    from = to;
  }
}

/** The bytes of a text that is there in parts, as UTF-8, in turns: put together and written in one go, 96 MB take an eighth of a second. */
export async function bytesOf(parts: readonly string[], turns: Turns): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of parts)
    for (const piece of piecesOf(part)) {
      at += bytes.write(piece, at);
      await turns.taken();
    }
  return bytes;
}
