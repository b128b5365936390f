import { textPieces } from '../../flow/values/text-pieces.ts';
import { pieceSize } from './turns.ts';
import type { Turns } from './turns.ts';

/** A long text in pieces, never cut between the two halves of a character. */
export const piecesOf = (text: string): Generator<string> => textPieces(text, pieceSize);

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
